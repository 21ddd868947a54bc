using System.Security.Cryptography;
using System.Text;
using OpenLedger.Datanets.Deduplication.Near;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Deduplication.Near.Kernels;

/// <summary>Signatures from text to bytes; in this namespace so that CI repeats them with vector instructions switched off.</summary>
public sealed class MinHasherTests
{
    private static readonly MinHasher Default = new(new MinHashOptions());

    [Fact]
    public void Sign_KnownTexts_GivesThePinnedBytes()
    {
        string[] texts =
        [
            "one",
            "The quick brown fox jumps over the lazy dog; 13 times, on 2 days.",
            "Hà Nội là thủ đô của nước Cộng hòa Xã hội chủ nghĩa Việt Nam, có 8,5 triệu dân.",
            "数据网是由许多人共同拥有的数据集。它有历史、许可和价格。",
            "ข้อมูลเป็นของทุกคน",
            "데이터넷은 여러 사람이 함께 가지는 데이터 집합이다.",
            string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"word{(char)('a' + (i % 26))}{(char)('a' + (i / 26 % 26))} x")),
        ];
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ShingleTokens tokens in Enum.GetValues<ShingleTokens>())
        {
            MinHasher hasher = new(new MinHashOptions { Tokens = tokens });
            foreach (string text in texts)
            {
                hash.AppendData(hasher.Sign(text).Rows.Span);
            }
        }

        // Stored signatures depend on every one of these bytes: a change needs another FormatVersion, and only then another value here.
        Assert.Equal("ff6a577e73b82ff1e273753232769bf85c774c7535f05c943d4c300e6ddd6ba6", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void Sign_WordsOfAllLengths_EqualsTheReadableTwin()
    {
        Random random = new(5);
        for (int words = 1; words < 200; words++)
        {
            StringBuilder text = new();
            for (int word = 0; word < words; word++)
            {
                text.Append(' ', random.Next(1, 4));
                for (int i = random.Next(1, 40); i > 0; i--)
                {
                    text.Append((char)('a' + random.Next(26)));
                }
            }

            int n = random.Next(1, 12);
            MinHasher hasher = new(new MinHashOptions { ShingleLength = n, Bands = random.Next(1, 30), Rows = random.Next(1, 30), Seed = words });
            ulong[] shingles = ReferenceMinHash.Shingles(text.ToString(), n, hasher.TokenSeed);
            Assert.Equal([.. shingles.Distinct().Order()], hasher.ShinglesOf(Encoding.UTF8.GetBytes(text.ToString())));
            Assert.Equal(ReferenceMinHash.Rows(shingles, hasher), hasher.Sign(text.ToString()).Rows.ToArray());
        }
    }

    [Fact]
    public void Sign_Utf8AndUtf16_AreEqual()
    {
        const string Text = "Ünïcödé, 42 words… và tiếng Việt 数据 \uD83D\uDE80 and \uD800 half a pair";
        Assert.Equal(Default.Sign(Text), Default.Sign(Encoding.UTF8.GetBytes(Text)));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" \t\n ", true)]
    [InlineData("?!... — «»", true)]
    [InlineData("\u200B\u00AD", true)]
    [InlineData("one", false)]
    [InlineData("7", false)]
    public void Sign_TextWithoutAWord_IsEmptyAndResemblesNothing(string text, bool isEmpty)
    {
        MinHashSignature signature = Default.Sign(text);
        Assert.Equal(isEmpty, signature.IsEmpty);
        Assert.Equal(isEmpty ? 0 : 1, signature.EstimateSimilarity(signature));
    }

    [Fact]
    public void Sign_ShortTexts_AreOneShingleOfAllTheirWords()
    {
        Assert.Equal(1, Default.Sign("Four words are here").EstimateSimilarity(Default.Sign("four  WORDS are here!")));
        Assert.InRange(Default.Sign("Four words are here").EstimateSimilarity(Default.Sign("Four words are there")), 0, 0.05);
        Assert.Equal(1, Default.Similarity("a b c"u8, "A, b, c"u8));
        Assert.Equal(0, Default.Similarity("a b c"u8, "a b d"u8));
    }

    [Fact]
    public void TrySign_ShortDestination_Throws()
    {
        Assert.Throws<ArgumentException>(() => Default.TrySign("text"u8, new byte[111]));
        byte[] exact = new byte[112];
        byte[] longer = new byte[200];
        Assert.True(Default.TrySign("text"u8, exact));
        Assert.True(Default.TrySign("text"u8, longer));
        Assert.Equal(exact, longer[..112]);
        Assert.All(longer[112..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Sign_RandomBytes_NeverThrows()
    {
        Random random = new(11);
        foreach (ShingleTokens tokens in Enum.GetValues<ShingleTokens>())
        {
            foreach (bool ignores in (bool[])[true, false])
            {
                MinHasher hasher = new(new MinHashOptions { Tokens = tokens, IgnoreDiacritics = ignores, IgnoreNumbers = ignores });
                for (int i = 0; i < 2000; i++)
                {
                    byte[] bytes = new byte[random.Next(300)];
                    random.NextBytes(bytes);
                    byte[] signature = hasher.Sign(bytes).Rows.ToArray();
                    Assert.Equal(signature, hasher.Sign(bytes).Rows.ToArray());
                    if (i % 2 == 0 && bytes.Length > 0)
                    {
                        // Plain text with one strange byte: the fast path has to step aside anywhere in a block.
                        Array.Fill(bytes, (byte)'x');
                        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                        hasher.Sign(bytes);
                    }
                }
            }
        }
    }

    [Fact]
    public void Layout_AnyOptionChanged_IsAnother()
    {
        MinHashOptions options = new();
        MinHashOptions[] all =
        [
            options, options with { Bands = 15 }, options with { Rows = 9 }, options with { ShingleLength = 4 }, options with { Seed = 2 },
            options with { Tokens = ShingleTokens.Syllables }, options with { IgnoreNumbers = false }, options with { IgnoreDiacritics = false },
        ];
        Assert.Equal(all.Length, all.Select(each => new MinHasher(each).Layout).Distinct().Count());
    }
}
