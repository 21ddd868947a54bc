using System.Text;
using OpenLedger.Datanets.Reading;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Reading;

public class DatasetStatisticsTests
{
    [Fact]
    public void Of_FourRecords_CountsByHand()
    {
        DatasetStatistics statistics = DatasetStatistics.Of(
        [
            Record("""{"text":"ab","n":1}""", "anna", "train"),
            Record("""{"text":"abcd","n":null}""", "anna", "train"),
            Record("""{"text":7,"tags":["x"]}""", "binh", "test"),
            Record("""{"text":"abc","b":true,"o":{}}""", "binh", "train"),
        ]);
        Assert.Equal(4, statistics.Count);
        Assert.Equal(new LengthSummary(4, 19 + 24 + 23 + 30, 19, 23, 30, 30), statistics.PayloadBytes);
        Assert.Equal(24, statistics.PayloadBytes.Mean);
        Assert.Equal([2L, 2L], statistics.Contributors.Values);
        Assert.Equal(new Dictionary<string, long> { ["test"] = 1, ["train"] = 3 }, statistics.Splits);
        Assert.Equal(["b", "n", "o", "tags", "text"], statistics.Fields.Select(field => field.Name));
        FieldStatistics text = statistics.Fields[4];
        Assert.Equal((4, 0), (text.Count, text.NullCount));
        Assert.Equal(new Dictionary<string, long> { ["number"] = 1, ["string"] = 3 }, text.Kinds);
        Assert.Equal(new LengthSummary(3, 9, 2, 3, 4, 4), text.TextLength);
        Assert.Equal((1, 1), (statistics.Fields[1].Count, statistics.Fields[1].NullCount));
    }

    [Fact]
    public void Of_Nothing_IsAllZero()
    {
        DatasetStatistics statistics = DatasetStatistics.Of([]);
        Assert.Equal(0, statistics.Count);
        Assert.Equal(0, statistics.PayloadBytes.Mean);
        Assert.Empty(statistics.Fields);
    }

    [Fact]
    public void Of_ManyNames_KeepsThemBounded()
    {
        DatasetStatistics statistics = DatasetStatistics.Of(Enumerable.Range(0, 1500).Select(i => Record($$"""{"f{{i:D4}}":1}""", "anna", "")));
        Assert.Equal(1001, statistics.Fields.Count);
        Assert.Equal(500, statistics.Fields[0].Count); // "*" sorts first
    }

    [Fact]
    public void ToJson_SameRecordsInAnotherOrder_IsTheSame()
    {
        TrainingRecord[] records = [.. Enumerable.Range(0, 20).Select(i => Record($$"""{"text":"{{new string('x', i)}}"}""", i % 3 == 0 ? "anna" : "binh", "train"))];
        byte[] json = DatasetStatistics.Of(records).ToJson();
        Assert.Equal(json, DatasetStatistics.Of(records.Reverse()).ToJson());
        Assert.Contains("\"licences\":{\"CC0-1.0\":20}", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
    }

    private static TrainingRecord Record(string json, string contributor, string split)
    {
        DatanetRecord record = DatanetRecord.Parse(json);
        return new TrainingRecord(record, record.Digest, new KeyedSigner(contributor).Contributor, "facts", 0, "CC0-1.0", split);
    }
}
