using System.Text.RegularExpressions;
using OpenLedger.Datanets.Privacy;
using OpenLedger.Datanets.Records;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Docs;

public class PrivacyGuideTests
{
    [Fact]
    public void I_can_take_personal_data_out_of_a_record()
    {
        DatanetRecord record = DatanetRecord.Parse(
            """{"phone":"0912 345 678","text":"Ask EMP-00042 or ann@acme.io, not press@acme.io. Card 4111 1111 1111 1111."}""");
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        AnonymizedRecord clean = Example(record, key);
        Assert.True(clean.Record.TryGetText("text", out string? text));
        Assert.Matches(
            new Regex(@"^Ask \[EMPLOYEE\] or \[EMAIL:[0-9a-f]{16}\], not press@acme\.io\. Card \*{4} \*{4} \*{4} 1111\.$", RegexOptions.NonBacktracking), text);
        Assert.True(clean.Record.TryGetText("phone", out string? phone));
        Assert.Equal("[PHONE]", phone);
    }

    [Fact]
    public void Guide_Example_IsTheOneThatRuns()
    {
        string source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "OpenLedger.Datanets.Tests", "Docs", "PrivacyGuideTests.cs"));
        string guide = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "datanets", "privacy.md"));
        Assert.Equal(Lines(source, "// begin" + " example", "// end" + " example"), Lines(guide, "```csharp", "```"));
    }

    private static AnonymizedRecord Example(DatanetRecord record, byte[] key)
    {
        // begin example
        PersonalDataScanner scanner = new(new PersonalDataScannerOptions
        {
            Recognizers =
            [
                .. PersonalDataRecognizers.Default,
                new PatternRecognizer(
                    "Employee", PersonalDataEntity.Create("EMPLOYEE"), new Regex(@"\bEMP-\d{5}\b", RegexOptions.NonBacktracking)),
            ],
            AllowList = ["press@acme.io"],
        });
        PersonalDataAnonymizer anonymizer = new(scanner, new AnonymizerOptions
        {
            Default = PersonalDataOperator.Redact,
            Operators = new Dictionary<PersonalDataEntity, PersonalDataOperator>
            {
                [PersonalDataEntity.CreditCard] = PersonalDataOperator.Mask(keepLast: 4),
                [PersonalDataEntity.Email] = PersonalDataOperator.Hash(key),
            },
        });
        AnonymizedRecord clean = anonymizer.Apply(record);
        foreach (PersonalDataFinding finding in clean.Findings)
        {
            Console.WriteLine($"{finding.Path} {finding.Span.Entity.Code} {finding.Span.Score} {finding.Span.Why}");
        }

        // end example
        return clean;
    }

    private static string[] Lines(string text, string begin, string end)
    {
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int to = text.IndexOf(end, from, StringComparison.Ordinal);
        return [.. text[from..to].Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
    }
}
