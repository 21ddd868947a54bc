using OpenLedger.Chain.Evm;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Chain.Tests.Evm;

public class EthereumAddressTests
{
    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void Parse_Eip55Examples_RoundTrip(string text)
    {
        Assert.Equal(text, EthereumAddress.Parse(text).ToString());
        Assert.Equal(text, EthereumAddress.Parse("0x" + text[2..].ToLowerInvariant()).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg")]
    public void Parse_OtherText_Throws(string text) => Assert.Throws<FormatException>(() => EthereumAddress.Parse(text));

    [Fact]
    public void FromContributor_RoundTripsAndRefusesNobody()
    {
        EthereumAddress address = EthereumAddress.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        ContributorId contributor = address.ToContributorId();
        Assert.Equal("secp256k1:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", contributor.ToString());
        Assert.Equal(address, EthereumAddress.FromContributor(contributor));
        Assert.Throws<ArgumentException>("contributor", () => EthereumAddress.FromContributor(default));
    }

    [Fact]
    public void CompareTo_OrdersLikeBytes()
    {
        Random random = new(5);
        byte[] left = new byte[20];
        byte[] right = new byte[20];
        for (int i = 0; i < 300; i++)
        {
            random.NextBytes(left);
            left.CopyTo(right, 0);
            right[random.Next(20)] ^= (byte)random.Next(256);
            Assert.Equal(Math.Sign(left.AsSpan().SequenceCompareTo(right)), Math.Sign(new EthereumAddress(left).CompareTo(new EthereumAddress(right))));
        }
    }
}
