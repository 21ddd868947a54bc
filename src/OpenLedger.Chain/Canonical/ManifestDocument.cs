using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;

namespace OpenLedger.Chain.Canonical;

// The anchor of an export: the SHA-256 of every other file and the ledger's head, signed by the operator as the EIP-712 struct Export. The
// identity is in the signed domain and struct, so no byte of the manifest is outside the signature or its canonical form.
internal static class ManifestDocument
{
    public const string Format = "openledger-export-v1";

    public const string TypeString = "Export(address operator,address token,uint64 entries,bytes32 ledgerHead,bytes32 filesHash)";

    private static readonly Bytes32 TypeHash = Bytes32.HashOf(TypeString);

    public sealed record ExportedFile(string Name, Bytes32 Sha256);

    public sealed record Content(LedgerIdentity Identity, ulong Entries, Bytes32 LedgerHead, IReadOnlyList<ExportedFile> Files, EthereumSignature Signature)
    {
        public Bytes32 Digest()
        {
            byte[] files = new byte[2 * Bytes32.Length * Files.Count];
            for (int i = 0; i < Files.Count; i++)
            {
                Bytes32.HashOf(Files[i].Name).CopyTo(files.AsSpan(2 * Bytes32.Length * i));
                Files[i].Sha256.CopyTo(files.AsSpan((2 * Bytes32.Length * i) + Bytes32.Length));
            }

            AbiWords words = new(stackalloc byte[6 * Bytes32.Length]);
            words.Add(TypeHash);
            words.Add(Identity.Operator);
            words.Add(Identity.Token);
            words.Add((UInt128)Entries);
            words.Add(LedgerHead);
            words.Add(Keccak256.Hash(files));
            return Identity.Domain.Digest(words.Hash());
        }
    }

    public static byte[] Write(Content content) => CanonicalWriter.Write(json =>
    {
        json.Member("chainId", (UInt128)content.Identity.ChainId);
        json.Member("entries", (UInt128)content.Entries);
        json.Array("files", content.Files, (json, file) => json.Object(json =>
        {
            json.Member("name", file.Name);
            json.Member("sha256", file.Sha256);
        }));
        json.Member("format", Format);
        json.Member("ledger", content.Identity.Ledger);
        json.Member("ledgerHead", content.LedgerHead);
        json.Member("operator", content.Identity.Operator);
        json.Member("signature", content.Signature);
        json.Member("token", content.Identity.Token);
    });

    public static Content Read(ReadOnlyMemory<byte> document, string name) => CanonicalObject.Read(
        document,
        name,
        json =>
        {
            json.Format(Format);
            LedgerIdentity identity = new()
            {
                ChainId = json.UInt64("chainId"),
                Ledger = json.Address("ledger"),
                Operator = json.Address("operator"),
                Token = json.Address("token"),
            };
            return new Content(
                identity,
                json.UInt64("entries"),
                json.Word("ledgerHead"),
                json.Array("files", file => new ExportedFile(file.Text("name"), file.Word("sha256"))),
                json.Signature("signature"));
        },
        content => Write(content));
}
