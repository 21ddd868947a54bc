using OpenLedger.Chain.Evm;

namespace OpenLedger.Chain.Tests.Evm;

public class Bytes32Tests
{
    [Fact]
    public void Parse_RandomWords_RoundTripAndOrderLikeBytes()
    {
        Random random = new(6);
        byte[] left = new byte[32];
        byte[] right = new byte[32];
        for (int i = 0; i < 300; i++)
        {
            random.NextBytes(left);
            left.CopyTo(right, 0);
            right[random.Next(32)] ^= (byte)random.Next(256);
            Bytes32 a = new(left);
            Bytes32 b = new(right);
            Assert.Equal(a, Bytes32.Parse(a.ToString()));
            Assert.Equal("0x" + Convert.ToHexStringLower(left), a.ToString());
            Assert.Equal(left, a.ToArray());
            Assert.Equal(Math.Sign(left.AsSpan().SequenceCompareTo(right)), Math.Sign(a.CompareTo(b)));
            Assert.Equal(left.AsSpan().SequenceEqual(right), a == b);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x00")]
    [InlineData("0xA000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0xg000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000000")]
    public void Parse_OtherText_Throws(string text) => Assert.Throws<FormatException>(() => Bytes32.Parse(text));
}
