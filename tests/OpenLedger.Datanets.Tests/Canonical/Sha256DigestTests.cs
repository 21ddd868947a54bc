using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Tests.Canonical;

public class Sha256DigestTests
{
    private const string OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void Of_Nothing_IsThePublishedValue()
    {
        Sha256Digest digest = Sha256Digest.Of([]);
        Assert.Equal(OfNothing, digest.ToString());
        Assert.Equal(Convert.FromHexString(OfNothing), digest.ToArray());
        Assert.Equal(digest, Sha256Digest.Parse(OfNothing));
        Assert.Equal(new RecordDigest(digest), RecordDigest.Parse(OfNothing));
        Assert.Equal(OfNothing, RecordDigest.Parse(OfNothing).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555")]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void Parse_AnotherForm_IsRefused(string text)
    {
        Assert.False(Sha256Digest.TryParse(text, null, out Sha256Digest digest));
        Assert.Equal(default, digest);
        Assert.Throws<FormatException>(() => Sha256Digest.Parse(text));
        Assert.False(RecordDigest.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => RecordDigest.Parse(text));
    }

    [Fact]
    public void CompareTo_AnyTwo_OrdersAsTheirTexts()
    {
        Sha256Digest[] digests = [.. Enumerable.Range(0, 200).Select(i => Sha256Digest.Of([(byte)i]))];
        Assert.Equal(
            digests.Select(d => d.ToString()).Order(StringComparer.Ordinal),
            digests.Order().Select(d => d.ToString()));
        Assert.Equal(
            digests.Select(d => d.ToString()).Order(StringComparer.Ordinal),
            digests.Select(d => new RecordDigest(d)).Order().Select(d => d.ToString()));
        byte[] low = new byte[32];
        low[31] = 1; // the halves are compared in this order
        byte[] high = new byte[32];
        high[0] = 1;
        Assert.True(new Sha256Digest(low) < new Sha256Digest(high));
        Assert.True(new Sha256Digest(low) > default(Sha256Digest));
        Assert.True(new Sha256Digest(low) != default);
    }

    [Fact]
    public void Constructor_AnotherLength_NamesTheLength()
    {
        Assert.Contains("not 31", Assert.Throws<ArgumentException>(() => new Sha256Digest(new byte[31])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => default(Sha256Digest).CopyTo(new byte[31]));
    }
}
