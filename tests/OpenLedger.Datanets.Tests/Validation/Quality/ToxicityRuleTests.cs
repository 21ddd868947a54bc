using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Tests.Validation.Quality;

public class ToxicityRuleTests
{
    [Theory]
    [InlineData("a nasty word", false)] // exactly the limit
    [InlineData("a nasty nasty word", true)]
    [InlineData(" ", false)]
    public void Examine_Scores_AreHeldAgainstTheLimit(string text, bool isFound)
    {
        RecordReport report = RuleTesting.Validate(new ToxicityRule(new CountingScorer(), 0.25), text);
        Assert.Equal(isFound, report.Findings.Any(f => f.Code == "toxicity" && f.Measured == 0.5 && f.Threshold == 0.25));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void Examine_IllegalScore_NamesTheScorer(double score)
    {
        InvalidOperationException exception =
            Assert.Throws<InvalidOperationException>(() => RuleTesting.Validate(new ToxicityRule(new FixedScorer(score)), "x"));
        Assert.Contains("'fixed/1'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Profile_OfAnotherScorerOrLimit_HasAnotherDigest()
    {
        ToxicityRule[] rules = [new(new CountingScorer()), new(new FixedScorer(0)), new(new CountingScorer(), 0.4)];
        Assert.Equal(3, rules.Select(rule => ValidationProfile.Custom("t").Add(rule).Build().Digest).Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => new ToxicityRule(new CountingScorer(), double.NaN));
    }

    private sealed class CountingScorer : IToxicityScorer
    {
        public string Name => "counting/1";

        public double Score(string text)
        {
            Assert.False(string.IsNullOrWhiteSpace(text));
            return Math.Min(1, 0.25 * text.Split("nasty").Skip(1).Count());
        }
    }

    private sealed class FixedScorer(double score) : IToxicityScorer
    {
        public string Name => "fixed/1";

        public double Score(string text) => score;
    }
}
