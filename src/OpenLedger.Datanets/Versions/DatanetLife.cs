using System.Text.Json;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Journal;

namespace OpenLedger.Datanets.Versions;

/// <summary>Tags and trained models, as the journal tells them.</summary>
internal sealed class DatanetLife : JournalProjection
{
    public const string RecordsRemoved = "records.removed";
    public const string VersionTagged = "version.tagged";
    public const string RecordErased = "record.erased";
    public const string ModelTrained = "model.trained";

    public Dictionary<string, (int Number, string Id)> Tags { get; } = new(StringComparer.Ordinal);

    public List<TrainedModel> Models { get; } = [];

    protected override void Apply(JournalEvent journalEvent)
    {
        if (journalEvent.Kind == VersionTagged)
        {
            DocumentObject body = new(journalEvent.Body, "$.body", DatanetError.StoreCorrupt);
            Tags[body.Text("tag")] = (body.Int32("version"), body.Text("versionId"));
        }
        else if (journalEvent.Kind == ModelTrained)
        {
            DocumentObject body = new(journalEvent.Body, "$.body", DatanetError.StoreCorrupt);
            Sha256Digest? adapter = journalEvent.Body.TryGetProperty("adapter", out JsonElement _) ? body.Digest("adapter") : null;
            Models.Add(new TrainedModel(
                body.Text("model"), body.Int32("version"), body.Digest("versionId"), adapter, journalEvent.Actor, journalEvent.Time));
        }
    }
}
