using System.Text;
using System.Text.Json;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Tests.Reference;
using Org.BouncyCastle.Crypto.Digests;

namespace OpenLedger.Chain.Tests.Evm;

public class Keccak256Tests
{
    [Fact]
    public void Hash_PublishedVectors_Equal()
    {
        JsonElement vectors = JsonVectors.Read("chain/ethers_hashes.json.gz");
        Assert.Equal(257, vectors.GetArrayLength());
        foreach (JsonElement vector in vectors.EnumerateArray())
        {
            Assert.Equal(vector.Text("keccak256"), Keccak256.Hash(vector.GetProperty("data").Bytes()).ToString());
        }
    }

    [Theory]
    [InlineData("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    public void Hash_KnownTexts_Equal(string text, string hash) => Assert.Equal(hash, Keccak256.Hash(Encoding.ASCII.GetBytes(text)).ToString());

    [Fact]
    public void Hash_EveryLengthAroundTheRate_EqualsBouncyCastle()
    {
        Random random = new(1);
        for (int length = 0; length <= 600; length++)
        {
            byte[] data = new byte[length];
            random.NextBytes(data);
            Assert.Equal(BouncyCastle(data), Keccak256.Hash(data).ToArray());
        }
    }

    [Fact]
    public void Hash_DestinationOverlapsData_ReadsDataFirst()
    {
        byte[] data = new byte[300];
        new Random(2).NextBytes(data);
        byte[] expected = BouncyCastle(data);
        Keccak256.Hash(data, data.AsSpan(0, 32));
        Assert.Equal(expected, data[..32]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Hash_DestinationOfWrongLength_Throws(int length) =>
        Assert.Throws<ArgumentException>("destination", () => Keccak256.Hash([], new byte[length]));

    private static byte[] BouncyCastle(byte[] data)
    {
        KeccakDigest digest = new(256);
        digest.BlockUpdate(data, 0, data.Length);
        byte[] hash = new byte[32];
        digest.DoFinal(hash, 0);
        return hash;
    }
}
