using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Reading;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Reading;

/// <summary>Training records made up for tests.</summary>
internal static class Samples
{
    public static TrainingRecord Record(string datanet, int number, string contributor = "anna", string split = "train")
    {
        DatanetRecord record = DatanetRecord.Parse($$"""{"text":"{{datanet}} {{number}}"}""");
        return new TrainingRecord(record, record.Digest, new KeyedSigner(contributor).Contributor, datanet, number, "CC0-1.0", split);
    }

    public static Func<int, IEnumerable<TrainingRecord>> Source(string datanet, int count) =>
        epoch => Enumerable.Range(epoch * 1000, count).Select(i => Record(datanet, i));
}
