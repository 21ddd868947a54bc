using System.Globalization;
using System.Text;
using OpenLedger.Datanets.Deduplication;
using OpenLedger.Datanets.Deduplication.Near;
using OpenLedger.Unicode;

namespace OpenLedger.Datanets.Tests.Deduplication.Near;

public sealed class ComparableTextTests
{
    private static readonly MinHashOptions Default = new();

    [Theory]
    [InlineData("The  Harbour,\tis OLD.\n", "the harbour is old")]
    [InlineData("Don't e-mail high-tech@example.org", "dont email hightechexampleorg")]
    [InlineData("In 1,250.75 days; room 4b2, x1", "in 0 days room 0b0 x0")]
    [InlineData("Café Zoë ÅNGSTRÖM naïve", "cafe zoe angstrom naive")]
    [InlineData("Cafe\u0301 ЁЖ Ёж Straße", "cafe еж еж strasse")]
    [InlineData("数据 网。価格", "数 据 网 価 格")]
    [InlineData("ｆｕｌｌ １２３", "ｆｕｌｌ 0")]
    [InlineData("٣٤ days", "0 days")]
    [InlineData("zero\u200Bwidth soft\u00ADhyphen", "zerowidth softhyphen")]
    [InlineData("price €5 ≈ $6", "price 0 0")]
    [InlineData("ok 👍 fine", "ok 👍 fine")]
    [InlineData("a\u00A0b\u3000c", "a b c")]
    public void Of_DefaultOptions_DropsWhatDatatroveDrops(string text, string expected)
    {
        Assert.Equal(expected, Compare(text, Default));
    }

    [Fact]
    public void Of_ComposedAndDecomposed_AreEqual()
    {
        const string Text = "Hà Nội là thủ đô. 데이터 ΐ Ǘ Å";
        string decomposed = Decompose(Text);
        Assert.NotEqual(Text, decomposed);
        foreach (ShingleTokens tokens in Enum.GetValues<ShingleTokens>())
        {
            Assert.Equal(Compare(Text, Default with { Tokens = tokens }), Compare(decomposed, Default with { Tokens = tokens }));
        }
    }

    [Fact]
    public void Of_Syllables_KeepsTones()
    {
        MinHashOptions syllables = Default with { Tokens = ShingleTokens.Syllables };
        Assert.Equal("ma má mà mả mã mạ 0", Compare("Ma MÁ mà, mả mã mạ 12", syllables));
        Assert.Equal("ma ma ma ma ma ma 0", Compare("Ma MÁ mà, mả mã mạ 12", Default));
        Assert.Equal("ma má 1 2", Compare("Ma MÁ 1 2", syllables with { IgnoreNumbers = false }));
        Assert.Equal("café", Compare("Cafe\u0301", Default with { IgnoreDiacritics = false }));
    }

    [Fact]
    public void Of_NumbersThatCount_AreKept()
    {
        MinHashOptions options = Default with { IgnoreNumbers = false };
        Assert.Equal("room 4b 125075 and 12", Compare("Room 4b: 1,250.75 and ١٢", options));
    }

    [Fact]
    public void Of_AnyLengthAndMixture_EqualsTheReadableTwin()
    {
        string[] pieces = ["a", "Z", "word", " ", "  ", "\n", ".", "9", "42", "é", "數", "ß", "-", "\u0301", "👍", "ไ", "\u00A0", "longerword", "Ω"];
        Random random = new(17);
        for (int length = 0; length <= 256; length++)
        {
            StringBuilder text = new();
            while (text.Length < length)
            {
                text.Append(random.Next(4) == 0 ? pieces[random.Next(pieces.Length)] : "xyz Q"[random.Next(5)].ToString());
            }

            foreach (bool ignoresNumbers in (bool[])[true, false])
            {
                MinHashOptions options = Default with { IgnoreNumbers = ignoresNumbers };
                Assert.Equal(Twin(text.ToString(), ignoresNumbers), Compare(text.ToString(), options));
            }
        }
    }

    [Fact]
    public void Of_TextThatGrows_IsNotCutOff()
    {
        // 3 bytes become 9, behind a start that fills the buffer.
        string text = string.Concat(Enumerable.Repeat("훑", 5000));
        Assert.Equal(Decompose(text), Compare(text, Default));
        Assert.Equal(20_000 - 1, Compare(string.Concat(Enumerable.Repeat("数", 10_000)), Default).Length);
    }

    private static string Compare(string text, MinHashOptions options)
    {
        using ComparableText comparable = ComparableText.Of(Encoding.UTF8.GetBytes(text), options);
        return string.Join(' ', Encoding.UTF8.GetString(comparable.Content).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    // datatrove's steps, one character at a time.
    private static string Twin(string text, bool ignoresNumbers)
    {
        StringBuilder result = new();
        bool isInNumber = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                result.Append(' ');
            }
            else if (Rune.IsDigit(rune))
            {
                result.Append(!ignoresNumbers ? rune.ToString() : isInNumber ? "" : "0");
                isInNumber = true;
                continue;
            }
            else if (rune.Value is '.' or '-' or 0x301)
            {
                continue; // punctuation and marks vanish before numbers are looked for
            }
            else
            {
                result.Append(rune.Value switch
                {
                    'é' => "e",
                    'ß' => "ss",
                    'Ω' => "ω",
                    '數' => " 數 ",
                    'ไ' => " ไ ",
                    _ => Rune.ToLowerInvariant(rune).ToString(),
                });
            }

            isInNumber = false;
        }

        return string.Join(' ', result.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    // Canonical decomposition from the table, since string.Normalize does nothing without cultures.
    private static string Decompose(string text)
    {
        Dictionary<int, string> table = UnicodeTables.Decompositions
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(entry => entry.Split('='))
            .ToDictionary(
                parts => int.Parse(parts[0].TrimEnd('!'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                parts => string.Concat(parts[1].Split(' ').Select(hex =>
                    char.ConvertFromUtf32(int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)))));
        StringBuilder result = new();
        void Add(string piece)
        {
            foreach (Rune rune in piece.EnumerateRunes())
            {
                int syllable = rune.Value - 0xAC00;
                if (syllable is >= 0 and < 11172)
                {
                    result.Append((char)(0x1100 + (syllable / 588))).Append((char)(0x1161 + (syllable % 588 / 28)));
                    result.Append(syllable % 28 == 0 ? "" : ((char)(0x11A7 + (syllable % 28))).ToString());
                }
                else if (table.TryGetValue(rune.Value, out string? parts))
                {
                    Add(parts);
                }
                else
                {
                    result.Append(rune.ToString());
                }
            }
        }

        Add(text);
        return result.ToString();
    }
}
