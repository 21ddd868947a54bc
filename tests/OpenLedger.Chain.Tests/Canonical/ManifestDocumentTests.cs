using OpenLedger.Chain.Canonical;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Evm.Eip712;
using OpenLedger.Chain.Tests.Receipts;

namespace OpenLedger.Chain.Tests.Canonical;

public class ManifestDocumentTests
{
    [Fact]
    public void Digest_EqualsTheGeneralEncoder()
    {
        ManifestDocument.Content content = new(
            Samples.Identity, 5, Bytes32.HashOf("head"), [new("a.json", Bytes32.HashOf("1")), new("b.json", Bytes32.HashOf("2"))], default);
        byte[] files =
        [
            .. Bytes32.HashOf("a.json").ToArray(), .. Bytes32.HashOf("1").ToArray(), .. Bytes32.HashOf("b.json").ToArray(), .. Bytes32.HashOf("2").ToArray(),
        ];
        TypedDataEncoder encoder = new(TypeStrings.Parse(ManifestDocument.TypeString));
        Dictionary<string, object> value = new()
        {
            ["operator"] = Samples.Identity.Operator,
            ["token"] = Samples.Identity.Token,
            ["entries"] = 5ul,
            ["ledgerHead"] = Bytes32.HashOf("head"),
            ["filesHash"] = Keccak256.Hash(files),
        };
        Assert.Equal("0x9c73be3430a0c70aa2fd4650cdb0702ef0ebf440b26eaad6b1bfa10079de7588", encoder.TypeHash("Export").ToString());
        Assert.Equal(encoder.Digest(Samples.Identity.Domain, "Export", value), content.Digest());
    }
}
