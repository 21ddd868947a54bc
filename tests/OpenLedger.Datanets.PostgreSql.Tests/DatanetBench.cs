using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.PostgreSql.Tests;

/// <summary>A datanet of one text per record over any store, with signatures that follow from the name.</summary>
internal static class DatanetBench
{
    public const string Id = "facts";

    public static KeyedSigner Alice { get; } = new("alice");

    private static DatanetSchema Schema { get; } = new SchemaBuilder("facts").Variant("prose", variant => variant.Required("text", new TextField(1, 5_000))).Build();

    public static Datanet Open(IDatanetStore store, TimeProvider? clock = null) => Datanet.OpenOrCreate(
        Id, Alice.Contributor, Schema,
        new DatanetOptions { Store = store, Verifier = KeyedSigner.Verifier, TimeProvider = clock ?? new SteppingClock() });

    public static DatanetRecord Record(string text) => DatanetRecord.Parse($$"""{"text":"{{text}}"}""");

    public static Contribution Give(params IEnumerable<string> texts) => Contribution.Sign(
        new ContributionDraft
        {
            DatanetId = Id,
            Records = [.. texts.Select(Record)],
            Licence = "CC-BY-4.0",
            Consent = ConsentTerms.Training | ConsentTerms.Inference,
            Provenance = "test",
        },
        Alice);

    public static string[] Texts(Datanet datanet, DatanetVersion version) =>
        [.. datanet.Records(version).Select(record => record.Record.TryGetText("text", out string? text) ? text! : "")];
}
