using System.Text;
using CsCheck;
using OpenLedger.Attribution.Reports;
using OpenLedger.Attribution.Rewards;
using OpenLedger.Attribution.Spans;
using OpenLedger.Attribution.Tests.Reference;

namespace OpenLedger.Attribution.Tests.Reports;

public class AttributionReportTests
{
    private const int FuzzSeed = 20250601;

    [Fact]
    public void Create_Example_IsInCanonicalOrderAndMeasuresCoverage()
    {
        AttributionReport report = Example();
        Assert.Equal(["c", "a", "b"], report.Records.Select(r => r.RecordId));
        Assert.Equal([600_000_000UL, 400_000_000UL, 0UL], report.Records.Select(r => r.WeightPpb));
        Assert.Equal(["a", "c"], Assert.Single(report.Spans).RecordIds);
        Assert.Equal("Tilda Roun keeps the keys", report.Answer.Substring(report.Spans[0].Start, report.Spans[0].Length));
        Assert.Equal(25.0 / report.Answer.Length, report.Coverage);
    }

    [Fact]
    public void FromJson_ToJson_GivesTheSameBytes()
    {
        byte[] json = Example().ToJson();
        Assert.Equal(json, AttributionReport.FromJson(json).ToJson());
    }

    [Fact]
    public void CoverageOf_OverlappingRanges_EqualsMarkingCharacters() =>
        Gen.Select(Gen.Int[0, 30], Gen.Int[1, 15]).Array[0, 8].Sample(ranges =>
        {
            bool[] covered = new bool[50];
            foreach ((int start, int length) in ranges)
            {
                Array.Fill(covered, true, start, length);
            }

            Assert.Equal(covered.Count(c => c) / 50.0, AttributionReport.CoverageOf(50, ranges));
        });

    [Fact]
    public void CoverageOf_EmptyAnswer_IsZero() => Assert.Equal(0, AttributionReport.CoverageOf(0, []));

    [Fact]
    public void Create_AllocationOfOtherRecords_IsRefused() => Assert.Throws<ArgumentException>(() => AttributionReport.Create(
        "q", "a", "m", [new("x", People.Contributor(1), 1)], RewardAllocation.Allocate([new("y", People.Contributor(1), 1)]), []));

    [Fact]
    public void Create_SpanOutsideTheAnswerOrTheRecords_IsRefused()
    {
        RecordInfluence[] influences = [new("x", People.Contributor(1), 1)];
        RewardAllocation allocation = RewardAllocation.Allocate(influences);
        AttributionReport Create(TextSpan span) => AttributionReport.Create("q", "abc", "m", influences, allocation, [span]);
        Assert.Throws<ArgumentException>(() => Create(new(new(1, 3), 1, 1, [new(0, default)])));
        Assert.Throws<ArgumentException>(() => Create(new(new(0, 3), 1, 1, [new(1, default)])));
        Assert.Single(Create(new(new(0, 3), 1, 1, [new(0, default)])).Spans);
    }

    [Theory]
    [InlineData("null", AttributionError.ReportMalformed)]
    [InlineData("", AttributionError.ReportMalformed)]
    [InlineData("{}", AttributionError.ReportMalformed)]
    [InlineData("[]", AttributionError.ReportMalformed)]
    [InlineData("""{"question":null,"answer":"","method":"","records":[],"spans":[],"coverage":0}""", AttributionError.ReportMalformed)]
    [InlineData("""{"question":"","question":"","answer":"","method":"","records":[],"spans":[],"coverage":0}""", AttributionError.ReportMalformed)]
    [InlineData("""{"question":"","answer":"","method":"","records":[],"spans":[],"coverage":0,"more":1}""", AttributionError.ReportMalformed)]
    [InlineData("""{"question":"\ud800","answer":"","method":"","records":[],"spans":[],"coverage":0}""", AttributionError.ReportMalformed)]
    [InlineData("""{"question":"","answer":"","method":"","records":[null],"spans":[],"coverage":0}""", AttributionError.ReportInconsistent)]
    [InlineData("""{"question":"","answer":"","method":"","records":[],"spans":[null],"coverage":0}""", AttributionError.ReportInconsistent)]
    [InlineData("""{"question":"","answer":"","method":"","records":[],"spans":[],"coverage":0.5}""", AttributionError.ReportInconsistent)]
    [InlineData("""{"question":"","answer":"a","method":"","records":[],"spans":[{"start":0,"length":1,"bits":1,"recordIds":["x"]}],"coverage":1}""", AttributionError.ReportInconsistent)]
    [InlineData("""{"question":"","answer":"a","method":"","records":[],"spans":[{"start":2147483647,"length":2147483647,"bits":1,"recordIds":["x"]}],"coverage":1}""", AttributionError.ReportInconsistent)]
    public void FromJson_BadReport_SaysWhichKind(string json, AttributionError expected) =>
        Assert.Equal(expected, Assert.Throws<AttributionException>(() => AttributionReport.FromJson(Encoding.UTF8.GetBytes(json))).Error);

    [Theory]
    [InlineData("\"weightPpb\": 600000000", "\"weightPpb\": 600000001", AttributionError.ReportInconsistent)]
    [InlineData("\"influence\": 3", "\"influence\": 0.5", AttributionError.ReportInconsistent)]
    [InlineData("\"influence\": 3", "\"influence\": 1e999", AttributionError.ReportInconsistent)]
    [InlineData("\"recordId\": \"c\"", "\"recordId\": \"a\"", AttributionError.ReportInconsistent)]
    [InlineData("secp256k1:0x", "secp256k1:0X", AttributionError.ReportMalformed)]
    public void FromJson_OneValueChanged_IsRefused(string from, string to, AttributionError expected)
    {
        string json = Encoding.UTF8.GetString(Example().ToJson());
        Assert.Contains(from, json, StringComparison.Ordinal);
        byte[] changed = Encoding.UTF8.GetBytes(json.Replace(from, to, StringComparison.Ordinal));
        Assert.Equal(expected, Assert.Throws<AttributionException>(() => AttributionReport.FromJson(changed)).Error);
    }

    [Fact]
    public void FromJson_TooLarge_IsRefusedUnread() => Assert.Equal(
        AttributionError.ReportTooLarge,
        Assert.Throws<AttributionException>(() => AttributionReport.FromJson(new byte[AttributionReport.MaximumBytes + 1])).Error);

    [Fact]
    public void FromJson_RandomFlipsAndTruncations_GiveAReportOrTheDocumentedException()
    {
        byte[] valid = Example().ToJson();
        Random random = new(FuzzSeed);
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] hostile = random.Next(4) == 0 ? valid[..random.Next(valid.Length)] : (byte[])valid.Clone();
            for (int flips = random.Next(4); flips > 0 && hostile.Length > 0; flips--)
            {
                hostile[random.Next(hostile.Length)] = (byte)random.Next(256);
            }

            try
            {
                AttributionReport report = AttributionReport.FromJson(hostile);
                Assert.Equal(report.ToJson(), AttributionReport.FromJson(report.ToJson()).ToJson());
            }
            catch (AttributionException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 5_000, 19_999); // the unchanged and the harmlessly changed are read
    }

    private static AttributionReport Example()
    {
        RecordInfluence[] influences = [new("b", People.Contributor(2), -1), new("a", People.Contributor(1), 2), new("c", People.Contributor(2), 3)];
        string[] documents = ["Unrelated words.", "In the town Tilda Roun keeps the keys.", "TILDA ROUN keeps the keys!"];
        const string answer = "Tilda Roun keeps the keys, surely.";
        return AttributionReport.Create(
            "Who keeps the keys?", answer, "empirical-fisher", influences, RewardAllocation.Allocate(influences), new TextCorpus(documents).Match(answer));
    }
}
