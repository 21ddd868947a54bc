using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Templates;
using OpenLedger.Datanets.Validation;

namespace OpenLedger.Datanets.Tests.Templates;

public class DatanetTemplatesTests
{
    public static TheoryData<string, string> GoodRecords => new()
    {
        {
            "legal-questions",
            """{"question":"How long does a tenant have to give notice?","answer":"Three months to the end of a month, whatever the contract says to the tenant's disadvantage.","jurisdiction":"DE","provisions":["§ 573c BGB"],"asOf":"2030-01-31","area":"civil"}"""
        },
        {
            "medical-advice",
            """{"question":"May I take ibuprofen together with aspirin for the heart?","answer":"Not without asking a doctor: ibuprofen can weaken the protection that low-dose aspirin gives, and together they raise the risk of bleeding.","sources":["package leaflet of ibuprofen 400 mg"],"urgency":"see-a-doctor","audience":"public"}"""
        },
        {
            "support",
            """{"question":"May I bring my dog on board?","answer":"Dogs up to ten kilograms travel in a closed carrier on the lower deck.","product":"luggage","language":"en"}"""
        },
        {
            "code-exercises",
            """{"instruction":"Write a C# method that returns the sum of a list of integers.","output":"static int Sum(IEnumerable<int> numbers)\n{\n    int sum = 0;\n    foreach (int number in numbers)\n    {\n        sum += number;\n    }\n\n    return sum;\n}","programmingLanguage":"C#"}"""
        },
    };

    [Theory]
    [MemberData(nameof(GoodRecords))]
    public void Template_GoodRecord_FitsSchemaAndRules(string name, string json)
    {
        DatanetTemplate template = DatanetTemplates.Find(name)!;
        DatanetRecord record = DatanetRecord.Parse(json);
        Assert.Empty(template.Schema.Validate(record.Element));
        RecordReport report = new RecordValidator(template.Profile).Validate(record);
        Assert.True(report.Verdict == RecordVerdict.Accept, string.Join("; ", report.Findings));
    }

    [Theory]
    [InlineData("legal-questions", "\"asOf\":\"2030-01-31\"", "\"asOf\":\"31.1.2030a\"")]
    [InlineData("medical-advice", "\"urgency\":\"see-a-doctor\"", "\"urgency\":\"maybe\"")]
    [InlineData("support", ",\"product\":\"luggage\"", "")]
    [InlineData("code-exercises", "\"programmingLanguage\":\"C#\"", "\"programmingLanguage\":\"\"")]
    public void Template_FieldMissingOrWrong_IsAFaultOfTheSchema(string name, string find, string replace)
    {
        string json = GoodRecords.Single(row => row.Data.Item1 == name).Data.Item2.Replace(find, replace, StringComparison.Ordinal);
        Assert.NotEmpty(DatanetTemplates.Find(name)!.Schema.Validate(DatanetRecord.Parse(json).Element));
    }

    [Theory]
    [InlineData("legal-questions", RecordVerdict.Reject)]
    [InlineData("medical-advice", RecordVerdict.Reject)]
    [InlineData("support", RecordVerdict.Reject)]
    [InlineData("code-exercises", RecordVerdict.Accept)] // one warning only: code quotes addresses
    public void Template_PersonalData_IsNoticed(string name, RecordVerdict verdict)
    {
        string json = GoodRecords.Single(row => row.Data.Item1 == name).Data.Item2
            .Replace("\"answer\":\"", "\"answer\":\"Write to anna.nguyen@lotusferry.vn. ", StringComparison.Ordinal)
            .Replace("\"output\":\"", "\"output\":\"// written by anna.nguyen@lotusferry.vn\\n", StringComparison.Ordinal);
        RecordReport report = new RecordValidator(DatanetTemplates.Find(name)!.Profile).Validate(DatanetRecord.Parse(json));
        Assert.Contains("pii_email", report.Findings.Select(finding => finding.Code));
        Assert.Equal(verdict, report.Verdict);
    }

    [Fact]
    public void CodeExercises_Secret_IsRejected()
    {
        string json = GoodRecords.Single(row => row.Data.Item1 == "code-exercises").Data.Item2
            .Replace("\"output\":\"", "\"output\":\"// token ghp_0123456789abcdefghijABCDEFGHIJ012345\\n", StringComparison.Ordinal);
        RecordReport report = new RecordValidator(DatanetTemplates.CodeExercises.Profile).Validate(DatanetRecord.Parse(json));
        Assert.Contains(report.Findings, finding => finding.Code.StartsWith("secret_", StringComparison.Ordinal));
        Assert.Equal(RecordVerdict.Reject, report.Verdict);
    }

    [Fact]
    public void All_Templates_AreCompleteAndDistinct()
    {
        Assert.Equal(["code-exercises", "legal-questions", "medical-advice", "support"], DatanetTemplates.All.Select(template => template.Name));
        Assert.Equal(4, DatanetTemplates.All.Select(template => template.Schema.Digest).Distinct().Count());
        Assert.Equal(4, DatanetTemplates.All.Select(template => template.Profile.Digest).Distinct().Count());
        Assert.All(DatanetTemplates.All, template =>
        {
            template.Review.Validate();
            Assert.StartsWith("# Guidelines", template.Guidelines, StringComparison.Ordinal);
            Assert.NotEqual("", template.Summary);
            Assert.Same(template, DatanetTemplates.Find(template.Name));
        });
        Assert.Null(DatanetTemplates.Find("recipes"));
    }
}
