using OpenLedger.Datanets.Privacy;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Validation;

namespace OpenLedger.Datanets.Tests.Privacy;

public class PersonalDataRuleTests
{
    private const string Record = """
        {"phone":"0912 345 678","text":"mail ann@acme.io, key password=hunter2x; nothing else","card":4111111111111111}
        """;

    [Fact]
    public void Examine_Record_RaisesOneCodePerEntityAndQuotesNothing()
    {
        RecordValidator validator = new(Profile(new PersonalDataScanner()));
        RecordReport report = validator.Validate(DatanetRecord.Parse(Record));
        Assert.Equal(
            [("pii_credit_card", "$.card"), ("pii_phone", "$.phone"), ("pii_email", "$.text"), ("secret_credential", "$.text")],
            report.Findings.Select(finding => (finding.Code, finding.Path)));
        Assert.All(report.Findings, finding =>
        {
            Assert.Equal(RuleSeverity.Error, finding.Severity);
            Assert.Null(finding.Excerpt);
            Assert.Equal(0.5, finding.Threshold);
            foreach (string value in (string[])["0912", "ann@", "hunter", "4111"])
            {
                Assert.DoesNotContain(value, finding.ToString(), StringComparison.Ordinal);
            }
        });
        Assert.NotEqual(RecordVerdict.Accept, report.Verdict);
        Assert.Empty(validator.Validate(DatanetRecord.Parse("""{"text":"nothing here"}""")).Findings);
    }

    [Fact]
    public void Describe_AnySetting_ChangesTheDigestAndListsStayHidden()
    {
        PersonalDataEntity staff = PersonalDataEntity.Create("STAFF");
        PersonalDataScannerOptions[] all =
        [
            new(),
            new() { Threshold = 0.4 },
            new() { ScanNumbers = false },
            new() { AllowList = ["press@acme.io"] },
            new() { DenyList = new Dictionary<string, PersonalDataEntity> { ["Falcon"] = staff } },
            new() { DenyList = new Dictionary<string, PersonalDataEntity> { ["Falke"] = staff } },
            new() { Entities = new HashSet<PersonalDataEntity> { PersonalDataEntity.Email } },
            new() { Recognizers = PersonalDataRecognizers.Secrets },
        ];
        Assert.Equal(all.Length, all.Select(options => Profile(new PersonalDataScanner(options)).Digest).Distinct().Count());
        Assert.Equal(Profile(new PersonalDataScanner()).Digest, Profile(new PersonalDataScanner()).Digest);
        Assert.DoesNotContain("Falcon", new PersonalDataRule(new PersonalDataScanner(all[4])).Describe().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Codes_Entities_AreTheScanners()
    {
        PersonalDataRule rule = new(new PersonalDataScanner(new PersonalDataScannerOptions
        {
            Entities = new HashSet<PersonalDataEntity> { PersonalDataEntity.Email, PersonalDataEntity.JsonWebToken },
        }));
        Assert.Equal(["pii_email", "secret_jwt"], rule.Codes);
    }

    private static ValidationProfile Profile(PersonalDataScanner scanner) => ValidationProfile.Custom("privacy").Add(new PersonalDataRule(scanner)).Build();
}
