using System.Diagnostics;
using System.Text;
using CsCheck;
using OpenLedger.Datanets.Deduplication;
using OpenLedger.Datanets.Validation.Text;
using OpenLedger.Unicode;

namespace OpenLedger.Datanets.Tests.Validation.Text;

public class TextSegmenterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \n\t ", "")]
    [InlineData("Don't stop, Mr. O’Neil!", "Don't|stop|Mr|O’Neil")]
    [InlineData("well-known 3.14 and 1,000.5.", "well|known|3.14|and|1,000.5")]
    [InlineData("snake_case __init__ x2", "snake_case|init|x2")]
    [InlineData("'quoted' l'eau rock'n'roll", "quoted|l'eau|rock'n'roll")]
    [InlineData("Tiếng Việt rất đẹp.", "Tiếng|Việt|rất|đẹp")]
    [InlineData("中文，是語言。", "中|文|是|語|言")]
    [InlineData("私はPC-98を使う", "私|は|PC|98|を|使|う")]
    [InlineData("ภาษาไทย", "ภ|า|ษ|า|ไ|ท|ย")]
    [InlineData("ที่นี่", "ที่|นี่")]
    [InlineData("한국어를 배워요", "한국어를|배워요")]
    [InlineData("हिन्दी भाषा", "हिन्दी|भाषा")]
    [InlineData("русский язык: да", "русский|язык|да")]
    [InlineData("GPT4模型v2", "GPT4|模|型|v2")]
    [InlineData("a\u200Bb می\u200Cخواهم", "a|b|می\u200Cخواهم")]
    [InlineData("😀 ok 👍🏽", "ok")]
    public void Words_Languages_AreCutWhereReadersCut(string text, string expected) =>
        Assert.Equal(expected.Length == 0 ? [] : expected.Split('|'), TextSegmenter.Words(text));

    [Fact]
    public void Words_VietnameseDecomposed_HaveTheSameBordersAndLetters()
    {
        const string Composed = "Chúng tôi không thể trở về Đà Nẵng vì đường ngập nước";
        string decomposed = Decompose(Composed);
        Assert.NotEqual(Composed, decomposed);
        Assert.Equal(TextSegmenter.Words(Composed), TextSegmenter.Words(decomposed).Select(CanonicalForms.ToFormC));
        Assert.Equal(TextSegmenter.Tokens(Composed).Select(t => t.Letters), TextSegmenter.Tokens(decomposed).Select(t => t.Letters));
    }

    [Fact]
    public void Tokens_Symbols_AreRunsOfOneSign()
    {
        const string Text = "Wow!!! ... a->b 😀😀";
        IReadOnlyList<TextToken> tokens = TextSegmenter.Tokens(Text);
        Assert.Equal(["Wow", "!!!", "...", "a", "-", ">", "b", "😀😀"], tokens.Select(t => t.Of(Text).ToString()));
        Assert.Equal(
            [TokenKind.Word, TokenKind.Symbol, TokenKind.Symbol, TokenKind.Word, TokenKind.Symbol, TokenKind.Symbol, TokenKind.Word, TokenKind.Symbol],
            tokens.Select(t => t.Kind));
        Assert.Equal(2, tokens[^1].Letters);
    }

    [Fact]
    public void Tokens_AnyText_CoverAllButWhiteSpaceInOrder() => Gen.String.Array[0, 5].Sample(parts =>
    {
        string text = string.Join(" ", parts);
        int end = 0;
        foreach (TextToken token in TextSegmenter.Tokens(text))
        {
            Assert.True(token.Start >= end && token.Length > 0 && token.Letters <= token.Length);
            Assert.DoesNotContain(text[end..token.Start], c => char.IsAsciiLetterOrDigit(c) || c is '.' or '#');
            end = token.Start + token.Length;
        }

        Assert.True(end <= text.Length);
        Assert.DoesNotContain(text[end..], c => char.IsLetterOrDigit(c));
    });

    [Theory]
    [InlineData("One. Two? Three!", "One.|Two?|Three!")]
    [InlineData("Dr. Smith met J. Doe at 3.30 p.m. today. He left.", "Dr. Smith met J. Doe at 3.30 p.m. today.|He left.")]
    [InlineData("we met. it rained . we left.", "we met. it rained .|we left.")] // "met." might be an abbreviation
    [InlineData("it costs 3.50 dollars. nobody paid. approx. ten came", "it costs 3.50 dollars.|nobody paid.|approx.|ten came")]
    [InlineData("Wir kamen ca. zehn Mal bzw. nie. Gut.", "Wir kamen ca. zehn Mal bzw. nie.|Gut.")]
    [InlineData("He said \"Stop!\" Then he ran.", "He said \"Stop!\"|Then he ran.")]
    [InlineData("你好。你去哪裡？我回家！", "你好。|你去哪裡？|我回家！")]
    [InlineData("「はい。」と言った。そう。", "「はい。」|と言った。|そう。")]
    [InlineData("Title\n\nFirst line\nsecond line.", "Title|First line\nsecond line.")]
    [InlineData("Wait... What?! No", "Wait...|What?!|No")]
    [InlineData("यह एक है। वह दो है।", "यह एक है।|वह दो है।")]
    [InlineData(" \n \n ", "")]
    [InlineData("www.example.com/a.b is up.", "www.example.com/a.b is up.")]
    public void Sentences_Texts_AreCutAtTheirEnds(string text, string expected) =>
        Assert.Equal(expected.Length == 0 ? [] : expected.Split('|'), TextSegmenter.Sentences(text));

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\r\nb\rc\n\nd", "a|b|c||d")]
    [InlineData("a\u2028b\u0085c\vd\fe", "a|b|c|d|e")]
    public void Lines_Breaks_AreThoseOfSplitlines(string text, string expected) =>
        Assert.Equal(text.Length == 0 ? [] : expected.Split('|'), TextSegmenter.Lines(text));

    [Fact]
    public void Paragraphs_BlankLines_Separate() =>
        Assert.Equal(["a\nb", "c", "d\n \ne"], TextSegmenter.Paragraphs("\n\na\nb\n\nc\r\n\r\n\r\nd\n \ne\n\n"));

    [Fact]
    public void NGrams_MixedScripts_JoinAsTheyAreWritten()
    {
        Assert.Equal(["a b", "b 中", "中文"], TextSegmenter.NGrams("a b. 中文", 2));
        Assert.Equal(["你好世", "好世界"], TextSegmenter.NGrams("你好，世界", 3));
        Assert.Empty(TextSegmenter.NGrams("a b", 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => TextSegmenter.NGrams("a", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TextSegmenter.NGrams("a", 65));
    }

    public static TheoryData<string> HostileUnits =>
        ["a", ".", "\u0301", " ", "\n", "\n ", "a.", "A.B", "\"", "'", "a'", "1,", "中", "。", "!?", "[", "a_", "\u200D", "😀", ". ", ".  a", "\ud800"];

    [Theory]
    [MemberData(nameof(HostileUnits))]
    public void AllMembers_AMegabyteOfOneThing_TakeLinearTime(string unit)
    {
        string text = string.Concat(Enumerable.Repeat(unit, (1 << 20) / unit.Length));
        Stopwatch clock = Stopwatch.StartNew();
        _ = TextSegmenter.Words(text);
        _ = TextSegmenter.Sentences(text);
        _ = TextSegmenter.Lines(text);
        _ = TextSegmenter.Paragraphs(text);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed} for a megabyte of '{unit}'"); // quadratic work takes minutes
    }

    // Enough of canonical decomposition for Vietnamese, from the tables that the product composes with.
    internal static string Decompose(string text)
    {
        Dictionary<string, string> table = [];
        foreach (string entry in UnicodeTables.Decompositions.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] sides = entry.Replace("!", "", StringComparison.Ordinal).Split('=');
            table[Character(sides[0])] = string.Concat(sides[1].Split(' ').Select(Character));
        }

        StringBuilder result = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            result.Append(Expand(rune.ToString()));
        }

        return result.ToString();

        string Expand(string one) => table.TryGetValue(one, out string? parts) ? string.Concat(parts.EnumerateRunes().Select(r => Expand(r.ToString()))) : one;
        static string Character(string hex) => char.ConvertFromUtf32(Convert.ToInt32(hex, 16));
    }
}
