using OpenLedger.Attribution.Gradients;
using OpenLedger.Attribution.Influence;
using OpenLedger.Attribution.Reports;
using OpenLedger.Attribution.Rewards;
using OpenLedger.Attribution.Spans;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Testing;

namespace OpenLedger.Attribution.Tests;

/// <summary>The example of the package's README, compiled and run; a second test keeps the two texts equal.</summary>
public class ReadmeTests
{
    [Fact]
    public void Example_Runs()
    {
        // begin
        string[] records = ["The harbour master of Velmora is Tilda Roun.", "Velmora exports amber."];
        ContributorId tilda = ContributorId.Parse("secp256k1:0x00000000000000000000000000000000000000a1");
        ContributorId amber = ContributorId.Parse("secp256k1:0x00000000000000000000000000000000000000b2");

        // One row per record and per question; with a model these come from its LoRA weights.
        GradientLayout layout = new([("layer0.lora_A", 2), ("layer0.lora_B", 2)]);
        GradientMatrix train = new(layout, sampleCount: 2), query = new(layout, sampleCount: 1);
        ((float[])[1f, 0.5f, 0f, 0.25f]).CopyTo(train.Row(0));
        ((float[])[0f, -0.5f, 1f, 0f]).CopyTo(train.Row(1));
        ((float[])[1f, 0.4f, 0f, 0.3f]).CopyTo(query.Row(0));

        InfluenceScores scores = new EmpiricalFisherInfluence().Score(train, query); // above 0: the record helped
        RecordInfluence[] influences = [new("r1", tilda, scores[0, 0]), new("r2", amber, scores[0, 1])];
        RewardAllocation allocation = RewardAllocation.Allocate(influences);         // parts per billion, sum exactly 10^9

        const string answer = "It is Tilda Roun, the harbour master of Velmora.";
        IReadOnlyList<TextSpan> spans = new TextCorpus(records).Match(answer);
        AttributionReport report = AttributionReport.Create("Who?", answer, scores.Method, influences, allocation, spans);
        string summary = $"{allocation.Contributors[0].Contributor} gets {allocation.Contributors[0].WeightPpb} ppb; spans cover {report.Coverage:P0}";
        // end

        Assert.Equal($"{tilda} gets 982376480 ppb; spans cover 88 %", summary);
        Assert.Equal(
            ["is Tilda Roun", "the harbour master of Velmora"],
            report.Spans.Select(s => answer.Substring(s.Start, s.Length)));
    }

    [Fact]
    public void Example_IsTheTextOfTheReadme()
    {
        string source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "OpenLedger.Attribution.Tests", "ReadmeTests.cs"));
        string readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "OpenLedger.Attribution", "README.md"));
        string example = Between(source, "// begin\n", "        // end");
        Assert.Equal(Between(readme, "```csharp\n", "```"), example.Replace("\n        ", "\n", StringComparison.Ordinal)[8..]);
    }

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }
}
