using System.Text;
using OpenLedger.Chain.Evm;
using OpenLedger.Hosting.ChatClients;

namespace OpenLedger.Hosting.Tests.ChatClients;

public sealed class InferenceIdentityTests
{
    [Fact]
    public void CreateId_FollowsTheDocumentedFormula()
    {
        Bytes32 nonce = InferenceIdentity.NonceAt(3, 4);
        Assert.Equal(Slow(Hex("OpenLedger nonce: ledger position v1"), Number(3), Number(4)), nonce.ToString());
        Assert.Equal(Slow(Hex("OpenLedger nonce: caller v1"), Hex("order 7")), InferenceIdentity.NonceOf("order 7").ToString());
        Bytes32 id = InferenceIdentity.CreateId(
            Bytes32.HashOf("m"), Bytes32.HashOf("a"), Bytes32.HashOf("p"), Bytes32.HashOf("o"), 5, uint.MaxValue, nonce);
        Assert.Equal(
            Slow(Hex("OpenLedger inference v1"), Hex("m"), Hex("a"), Hex("p"), Hex("o"), Number(5), Number(uint.MaxValue), nonce.ToString()[2..]),
            id.ToString());
    }

    [Fact]
    public void CreateId_EveryPart_Matters()
    {
        Bytes32 x = Bytes32.HashOf("x");
        Bytes32 y = Bytes32.HashOf("y");
        Bytes32[] ids =
        [
            InferenceIdentity.CreateId(x, x, x, x, 1, 1, x),
            InferenceIdentity.CreateId(y, x, x, x, 1, 1, x),
            InferenceIdentity.CreateId(x, y, x, x, 1, 1, x),
            InferenceIdentity.CreateId(x, x, y, x, 1, 1, x),
            InferenceIdentity.CreateId(x, x, x, y, 1, 1, x),
            InferenceIdentity.CreateId(x, x, x, x, 2, 1, x),
            InferenceIdentity.CreateId(x, x, x, x, 1, 2, x),
            InferenceIdentity.CreateId(x, x, x, x, 1, 1, y),
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    private static string Slow(params string[] words) => Keccak256.Hash(Convert.FromHexString(string.Concat(words))).ToString();

    private static string Hex(string text) => Keccak256.Hash(Encoding.UTF8.GetBytes(text)).ToString()[2..];

    private static string Number(ulong value) => value.ToString("x64");
}
