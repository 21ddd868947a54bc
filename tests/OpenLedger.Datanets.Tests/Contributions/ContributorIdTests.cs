using CsCheck;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Tests.Contributions;

public class ContributorIdTests
{
    private const string Text = "secp256k1:0x000102030405060708090a0b0c0d0e0f10111213";

    [Fact]
    public void ToString_KnownAccount_IsTheDocumentedForm()
    {
        ContributorId id = new(AccountScheme.Secp256k1, [.. Enumerable.Range(0, 20).Select(i => (byte)i)]);
        Assert.Equal(Text, id.ToString());
        Assert.Equal(id, ContributorId.Parse(Text));
        Assert.Equal(AccountScheme.Secp256k1, ContributorId.Parse(Text).Scheme);
    }

    [Fact]
    public void Parse_AnyAccount_RoundTrips() => Gen.Byte.Array[20].Sample(account =>
    {
        ContributorId id = new(AccountScheme.Secp256k1, account);
        Assert.Equal(account, id.ToAccountBytes());
        Assert.Equal(id, ContributorId.Parse(id.ToString()));
        Assert.Equal(id.GetHashCode(), ContributorId.Parse(id.ToString()).GetHashCode());
    });

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("secp256k1:0x")]
    [InlineData("secp256k1:000102030405060708090a0b0c0d0e0f10111213")]
    [InlineData("secp256k1:0x000102030405060708090A0B0C0D0E0F10111213")]
    [InlineData("SECP256K1:0x000102030405060708090a0b0c0d0e0f10111213")]
    [InlineData("secp256k1:0x000102030405060708090a0b0c0d0e0f1011121")]
    [InlineData("secp256k1:0x000102030405060708090a0b0c0d0e0f101112130")]
    [InlineData("secp256k1:0x000102030405060708090a0b0c0d0e0f1011121g")]
    [InlineData(" secp256k1:0x000102030405060708090a0b0c0d0e0f10111213")]
    public void TryParse_AnotherForm_IsRefused(string? text)
    {
        Assert.False(ContributorId.TryParse(text, null, out ContributorId id));
        Assert.Equal(default, id);
        if (text is not null)
        {
            Assert.Throws<FormatException>(() => ContributorId.Parse(text));
        }
    }

    [Fact]
    public void CompareTo_AnyTwo_OrdersAsTheirTexts() => Gen.Select(Gen.Byte.Array[20], Gen.Byte.Array[20]).Sample((first, second) =>
    {
        ContributorId left = new(AccountScheme.Secp256k1, first);
        ContributorId right = new(AccountScheme.Secp256k1, second);
        int expected = Math.Sign(string.CompareOrdinal(left.ToString(), right.ToString()));
        Assert.Equal(expected, Math.Sign(left.CompareTo(right)));
        Assert.Equal(expected < 0, left < right);
        Assert.Equal(expected >= 0, left >= right);
        Assert.Equal(expected == 0, left == right);
    });

    [Fact]
    public void CompareTo_OnlyTheLastByteDiffers_SeesIt()
    {
        byte[] account = new byte[20];
        ContributorId low = new(AccountScheme.Secp256k1, account);
        account[19] = 1;
        ContributorId high = new(AccountScheme.Secp256k1, account);
        Assert.True(low < high);
        Assert.NotEqual(low, high);
        Assert.True(default(ContributorId) < low); // scheme 0 comes before every scheme
    }

    [Fact]
    public void Constructor_IllegalParts_AreNamed()
    {
        Assert.Contains("not 19", Assert.Throws<ArgumentException>(() => new ContributorId(AccountScheme.Secp256k1, new byte[19])).Message, StringComparison.Ordinal);
        Assert.Contains("scheme 9", Assert.Throws<ArgumentException>(() => new ContributorId((AccountScheme)9, new byte[20])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => default(ContributorId).CopyAccountTo(new byte[19]));
    }
}
