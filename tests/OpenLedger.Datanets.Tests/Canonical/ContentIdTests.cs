using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Tests.Canonical;

public class ContentIdTests
{
    // Computed with Python's hashlib and base64 from the specification; the first two are also known from IPFS.
    [Theory]
    [InlineData(ContentCodec.Raw, "", "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku")]
    [InlineData(ContentCodec.Raw, "hello world", "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e")]
    [InlineData(ContentCodec.Json, "{}", "bagaaieraiqjw7i2vwntyuekgvulpp2det2kpwt6cd7tx5ayqybqpmhfk76fa")]
    [InlineData(ContentCodec.Json, """{"a":1}""", "bagaaieraafnl2724yv5c3wklowipaswybbbhhec64m7mltv6vzrco2ux7bra")]
    public void Of_KnownContent_HasItsIdentifier(ContentCodec codec, string content, string expected)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(content);
        ContentId id = ContentId.Of(codec, bytes);
        Assert.Equal(expected, id.ToString());
        Assert.Equal(id, ContentId.Parse(expected));
        Assert.True(id == ContentId.Parse(expected) && id.GetHashCode() == ContentId.Parse(expected).GetHashCode());
        Assert.Equal(Sha256Digest.Of(bytes), ContentId.Parse(expected).Digest);
        Assert.Equal(codec, ContentId.Parse(expected).Codec);
    }

    [Fact]
    public void ToBytes_BothCodecs_HaveTheDocumentedLayout()
    {
        byte[] digest = Sha256Digest.Of([]).ToArray();
        Assert.Equal([1, 0x55, 0x12, 0x20, .. digest], ContentId.Of(ContentCodec.Raw, []).ToBytes());
        Assert.Equal([1, 0x80, 0x04, 0x12, 0x20, .. digest], ContentId.Of(ContentCodec.Json, []).ToBytes());
        Assert.NotEqual(ContentId.Of(ContentCodec.Raw, []), ContentId.Of(ContentCodec.Json, []));
    }

    [Theory]
    [InlineData("", "begins with 'b'")]
    [InlineData("hello", "begins with 'b'")]
    [InlineData("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnf2rP", "CIDv0")]
    [InlineData("zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA", "multibase")]
    [InlineData("BAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYKU", "multibase")]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykU", "base32")]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku=", "base32")]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykv", "base32")] // left-over bits that are not zero
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykua", "base32")] // one digit more than the bytes need
    [InlineData("bajkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku", "version 1")]
    [InlineData("bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku", "codec")] // dag-pb
    [InlineData("bafkr4ihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku", "hash function")] // blake3
    [InlineData("bafkrefhdwdcefgh4dqkjv67uzcmw7ojee6xedza", "32 bytes")]
    [InlineData("bafkqaaa", "hash function")] // identity
    [InlineData("bahkqaera4oymiquy7qobjgx36tejs35zeqt24qpemsnzgtfeswmrw6csxbkq", "codec")] // 0x55 as a varint of two bytes
    [InlineData("b", "version 1")]
    [InlineData("bae", "codec")]
    public void Parse_OtherIdentifiers_AreRefusedByName(string text, string reason)
    {
        Assert.Contains(reason, Assert.Throws<FormatException>(() => ContentId.Parse(text)).Message, StringComparison.Ordinal);
        Assert.False(ContentId.TryParse(text, null, out ContentId id));
        Assert.Equal(default, id);
    }

    [Fact]
    public void Parse_AnyOtherText_IsRefusedOrWrittenBackAsItWas()
    {
        Random random = new(32);
        const string characters = "abcdefghijklmnopqrstuvwxyz234567ABZ019=z-é\0";
        int accepted = 0;
        for (int i = 0; i < 50_000; i++)
        {
            char[] text = ContentId.Of(i % 2 == 0 ? ContentCodec.Raw : ContentCodec.Json, BitConverter.GetBytes(i)).ToString().ToCharArray();
            for (int changes = random.Next(3); changes > 0; changes--)
            {
                text[random.Next(text.Length)] = characters[random.Next(characters.Length)];
            }

            string changed = new(text, 0, random.Next(4) == 0 ? random.Next(text.Length + 1) : text.Length);
            if (ContentId.TryParse(changed, null, out ContentId id))
            {
                Assert.Equal(changed, id.ToString());
                accepted++;
            }
        }

        Assert.InRange(accepted, 10_000, 45_000);
    }

    [Fact]
    public void Constructor_UnknownCodec_IsRefusedAndTheDefaultNamesNothing()
    {
        Assert.Contains("Raw or Json", Assert.Throws<ArgumentOutOfRangeException>(() => new ContentId((ContentCodec)0x70, default)).Message, StringComparison.Ordinal);
        Assert.Equal("", default(ContentId).ToString());
        Assert.Throws<InvalidOperationException>(() => default(ContentId).ToBytes());
        Assert.Throws<ArgumentNullException>(() => ContentId.Parse((string)null!));
        Assert.False(ContentId.TryParse((string?)null, null, out _));
    }
}
