using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Validation.Contamination;
using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Tests.Docs;

/// <summary>The example of docs/datanets/validation.md.</summary>
public class ValidationDocumentTests
{
    [Fact]
    public void I_can_hold_answers_against_a_profile_of_my_own()
    {
        ContaminationIndex exam = new ContaminationIndexBuilder()
            .Add("school", "algebra", "What is x in 2x + 6 = 10, when x counts the apples in the basket?", "Take six from both sides, then halve what is left, so x is two apples.")
            .Build();

        ValidationProfile profile = BuiltInProfiles.Instruction()
            .Extend("tutoring")
            .Add(new ContaminationRule(exam))
            .Add(new GopherRepetitionRule(), new ProfileRuleOptions { Severity = RuleSeverity.Warning, Mostly = 0.95 })
            .Build();
        RecordValidator validator = new(profile);

        RecordReport report = validator.Validate(DatanetRecord.Parse(
            """{"question":"How do I solve 2x + 6 = 10?","answer":"Take six from both sides, then halve what is left, so x is two apples."}"""));

        Assert.Equal(RecordVerdict.Reject, report.Verdict);
        Assert.Equal("contaminated", report.Findings.Single().Code);
        Assert.Equal(0.5, report.Score);

        byte[] stored = report.ToDocument(); // canonical JSON; names the profile by its digest
        Assert.Equal(profile.Digest, RecordReport.Parse(stored).Profile);
    }
}
