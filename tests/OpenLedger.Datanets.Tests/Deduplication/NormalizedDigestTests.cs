using System.Security.Cryptography;
using System.Text;
using OpenLedger.Unicode;
using OpenLedger.Datanets.Deduplication;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Tests.Deduplication;

public class NormalizedDigestTests
{
    [Theory]
    [InlineData("Hello  World", " hello\tworld\r\n")]
    [InlineData("Café", "cafe\u0301")]
    [InlineData("CAFÉ", "café")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("Tiếng Việt", "TIE\u0302\u0301NG VIE\u0302\u0323T")]
    [InlineData("Vi\u1EC7t", "Vie\u0323\u0302t")]
    [InlineData("ΌΣΟΣ", "όσος")]
    [InlineData("\u212B", "a\u030A")]
    [InlineData("한글", "\u1112\u1161\u11AB\u1100\u1173\u11AF")]
    [InlineData("a\u00A0b\u2003\u3000c", "a b c")]
    public void NormalizeText_SpellingsOfOneText_AreTheSame(string first, string second) =>
        Assert.Equal(NormalizedDigest.NormalizeText(first), NormalizedDigest.NormalizeText(second));

    [Theory]
    [InlineData("ma", "má")]
    [InlineData("ban", "bàn")]
    [InlineData("1 0", "10")]
    [InlineData("a.", "a")]
    [InlineData("x²", "x2")]
    [InlineData("中国", "中國")]
    public void NormalizeText_DifferentTexts_StayDifferent(string first, string second) =>
        Assert.NotEqual(NormalizedDigest.NormalizeText(first), NormalizedDigest.NormalizeText(second));

    // SHA-256 over every Unicode scalar value c, one line each, as Python's unicodedata 14.0.0 composes "a" + c + dot below + acute.
    [Fact]
    public void ToFormC_AllOfUnicode_EqualsAnIndependentImplementation() =>
        Assert.Equal("42e218c870f9a28bde260a5185e8ba1de4cab693faed0efa365132272c5540e4", DigestOverUnicode(c => CanonicalForms.ToFormC("a" + c + "\u0323\u0301")));

    // The same over NFC(NFD(casefold(NFD(c)))). White space is checked apart, since it collapses to nothing here.
    [Fact]
    public void NormalizeText_AllOfUnicode_EqualsAnIndependentImplementation() =>
        Assert.Equal("c6ff7316e4065ec2c0e84dd01cadb84dfdc01f8a456300e75ae77972b7c045d8", DigestOverUnicode(c => string.IsNullOrWhiteSpace(c) ? CanonicalForms.ToFormC(c) : NormalizedDigest.NormalizeText(c)));

    [Fact]
    public void NormalizeText_Twice_ChangesNothing()
    {
        Random random = new(7);
        int[] interesting = [0x20, 0x41, 0x49, 0x130, 0x301, 0x323, 0x345, 0x1D15E, 0x1F80, 0x3A3, 0xDF, 0x1112, 0x1161, 0x11AB, 0xAC00, 0xFB2C, 0x0F73];
        for (int i = 0; i < 5000; i++)
        {
            StringBuilder text = new();
            for (int length = random.Next(8); length > 0; length--)
            {
                text.Append(new Rune(interesting[random.Next(interesting.Length)]).ToString());
            }

            string once = NormalizedDigest.NormalizeText(text.ToString());
            Assert.Equal(once, NormalizedDigest.NormalizeText(once));
        }
    }

    [Fact]
    public void NormalizeText_HalfASurrogatePair_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => NormalizedDigest.NormalizeText("a\ud800"));
        Assert.Throws<ArgumentException>(() => NormalizedDigest.NormalizeText("\udc00\ud800"));
        Assert.Equal("😀", NormalizedDigest.NormalizeText("😀"));
    }

    [Fact]
    public void Of_NestedText_IsNormalisedButNamesAndNumbersCount()
    {
        DatanetRecord record = DatanetRecord.Parse("""{"a":["X  y",{"b":"É"}],"n":1,"t":true,"z":null}""");
        Assert.Equal(NormalizedDigest.Of(record), NormalizedDigest.Of(DatanetRecord.Parse("""{"z":null,"a":["x y",{"b":"e\u0301"}],"n":1.0,"t":true}""")));
        string[] others =
        [
            """{"a":["X  y",{"b":"É"}],"n":2,"t":true,"z":null}""", """{"A":["X  y",{"b":"É"}],"n":1,"t":true,"z":null}""",
            """{"a":["X  y",{"b":"É"}],"n":1,"t":false,"z":null}""", """{"a":[{"b":"É"},"X  y"],"n":1,"t":true,"z":null}""",
        ];
        Assert.All(others, json => Assert.NotEqual(NormalizedDigest.Of(record), NormalizedDigest.Of(DatanetRecord.Parse(json))));
    }

    private static string DigestOverUnicode(Func<string, string> normalize)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int scalar = 0; scalar < 0x110000; scalar++)
        {
            if (Rune.TryCreate(scalar, out Rune rune))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(normalize(rune.ToString())));
                hash.AppendData("\n"u8);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
