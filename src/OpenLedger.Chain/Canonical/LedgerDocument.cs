using OpenLedger.Chain.Ledger;

namespace OpenLedger.Chain.Canonical;

// All ledger entries as one canonical document; payloads are embedded as they were hashed.
internal static class LedgerDocument
{
    public const string Format = "openledger-ledger-v1";

    public static byte[] Write(IReadOnlyList<LedgerEntry> entries) => CanonicalWriter.Write(json =>
    {
        json.Array("entries", entries, (json, entry) => json.Object(json =>
        {
            json.Member("hash", entry.Hash);
            json.Member("kind", LedgerEntry.NameOf(entry.Kind));
            json.Raw("payload", entry.PayloadBytes());
            json.Member("prevHash", entry.PrevHash);
            json.Member("sequence", (UInt128)entry.Sequence);
        }));
        json.Member("format", Format);
    });

    public static IReadOnlyList<LedgerEntry> Read(ReadOnlyMemory<byte> document, string name) => CanonicalObject.Read(document, name, Read, entries => Write(entries));

    private static LedgerEntry[] Read(CanonicalObject json)
    {
        json.Format(Format);
        return json.Array("entries", entry => new LedgerEntry
        {
            Hash = entry.Word("hash"),
            Kind = LedgerEntry.TryParseKind(entry.Text("kind"), out LedgerEntryKind kind) ? kind : throw entry.Invalid("is of unknown kind"),
            Payload = System.Text.Encoding.ASCII.GetString(entry.Object("payload").RawBytes()),
            PrevHash = entry.Word("prevHash"),
            Sequence = entry.UInt64("sequence"),
        });
    }
}
