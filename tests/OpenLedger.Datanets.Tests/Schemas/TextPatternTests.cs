using System.Diagnostics;
using System.Text.RegularExpressions;
using CsCheck;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Schemas;

public class TextPatternTests
{
    [Theory]
    [InlineData("a|bc", "a", true)]
    [InlineData("a|bc", "bc", true)]
    [InlineData("a|bc", "abc", false)] // the whole text, on both sides of the alternative
    [InlineData("a|bc", "a\n", false)] // no end before a final line feed
    [InlineData("[a-c]{2,3}", "abc", true)]
    [InlineData("[a-c]{2,3}", "a", false)]
    [InlineData("[a-c]{2,3}", "abca", false)]
    [InlineData("[a-c]{2,}", "abcabc", true)]
    [InlineData("[^a]", "b", true)]
    [InlineData("[^a]", "😀", true)] // one character, though two units
    [InlineData(".", "😀", true)]
    [InlineData(".", "\n", false)]
    [InlineData("..", "😀", false)]
    [InlineData("😀{2}", "😀😀", true)]
    [InlineData("😀?a", "a", true)]
    [InlineData("\\p{Lu}\\p{Nd}+", "Ä12", true)]
    [InlineData("\\P{Lu}", "Ä", false)]
    [InlineData("[\\p{L} ]+", "xin chào", true)]
    [InlineData("[$]\\^\\.", "$^.", true)]
    [InlineData("[-a]+[b-]", "-a-", true)]
    [InlineData("(ab)*", "", true)]
    [InlineData("(ab|c)+d?", "abcab", true)]
    [InlineData("a-b", "a-b", true)]
    [InlineData("[\\]\\[]", "]", true)]
    [InlineData("x{0}", "", true)]
    public void IsMatch_CoversTheWholeText(string pattern, string text, bool expected) =>
        Assert.Equal(expected, TextPattern.Parse(pattern).IsMatch(text));

    [Theory]
    [InlineData("^a")]
    [InlineData("a$")]
    [InlineData("\\d")]
    [InlineData("\\1")]
    [InlineData("\\b")]
    [InlineData("(?=a)")]
    [InlineData("(?:a)")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("[]")]
    [InlineData("[^]")]
    [InlineData("[b-a]")]
    [InlineData("[a-b-c]")]
    [InlineData("[a-z-[aeiou]]")] // a subtraction in .NET, something else elsewhere
    [InlineData("[😀]")]
    [InlineData("a{2,1}")]
    [InlineData("a{,2}")]
    [InlineData("a{")]
    [InlineData("a{1001}")]
    [InlineData("a**")]
    [InlineData("a+?")]
    [InlineData("*")]
    [InlineData("\\p{Xx}")]
    [InlineData("\\p{IsGreek}")]
    [InlineData("\\")]
    [InlineData("((a{100}){100}){100}")]
    [InlineData("(a{32}){32}")]
    public void Parse_WhatIsNotIRegexp_NamesThePlace(string pattern)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new TextField(0, 10, pattern));
        Assert.Contains("at character", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_HalfASurrogatePair_IsRefused() => Assert.Throws<ArgumentException>(() => TextPattern.Parse("a\ud800b"));

    [Fact]
    public void Parse_SpellingsOfOnePattern_GiveOneText()
    {
        Assert.Equal("a.-\\.", TextPattern.Parse("a[^\\n\\r]\\-\\.").Text);
        Assert.Equal("^(?:a[^\\n\\r]-\\.)$", TextPattern.Parse("a.\\-\\.").EcmaScript);
    }

    [Fact]
    public void IsMatch_RandomPatterns_AgreesWithTheBacktrackingEngine() => Patterns(2).Select(Gen.String[Gen.Char["abc\n"], 0, 6]).Sample(
        (pattern, text) => Assert.Equal(
            Regex.IsMatch(text, $"\\A(?:{pattern.Replace(".", "[^\\n\\r]", StringComparison.Ordinal)})\\z"),
            TextPattern.Parse(pattern).IsMatch(text)),
        iter: 2_000);

    [Fact]
    public void Parse_RandomText_IsAPatternOrAnArgumentException() => Gen.String[Gen.Char["ab()[]{}|*+?.\\^$-,12pPLu\ud83d\ude00 "], 0, 14].Sample(
        text =>
        {
            try
            {
                TextPattern pattern = TextPattern.Parse(text);
                Assert.Equal(pattern.Text, TextPattern.Parse(pattern.Text).Text);
                _ = pattern.IsMatch("ab");
            }
            catch (ArgumentException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        },
        iter: 20_000);

    [Theory]
    [InlineData("(a|b)*a(a|b){150}", 60_000)] // 2^150 states as a deterministic automaton
    [InlineData("(a*)*b", 1_000_000)]
    [InlineData("(a|a)*b", 1_000_000)]
    [InlineData("(.*a){20}", 300_000)]
    public void IsMatch_PatternsThatHangBacktrackers_TakesLinearTime(string pattern, int length)
    {
        TextField field = new(0, length, pattern);
        Assert.NotNull(field.Pattern);
        Random random = new(1);
        string text = string.Create(length, random, static (span, draw) =>
        {
            foreach (ref char character in span)
            {
                character = draw.Next(8) == 0 ? 'b' : 'a'; // both letters, so that states multiply
            }
        });
        Stopwatch watch = Stopwatch.StartNew();
        TextPattern.Parse(pattern).IsMatch(text);
        TestContext.Current.TestOutputHelper?.WriteLine($"{pattern}: {watch.ElapsedMilliseconds} ms");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public void TextField_MoreWorkThanAllowed_IsRefused() =>
        Assert.Contains("too much work", Assert.Throws<ArgumentException>(() => new TextField(0, 1_000_000, "(a|b){20}")).Message, StringComparison.Ordinal);

    private static Gen<string> Patterns(int depth)
    {
        Gen<string> atom = Pick.Of("a", "b", "c", ".", "[ab]", "[^b]", "[a-c]");
        Gen<string> inner = depth == 0 ? atom : Gen.OneOf(atom, Patterns(depth - 1).Select(pattern => $"({pattern})"));
        Gen<string> piece = Gen.Select(inner, Pick.Of("", "", "*", "+", "?", "{2}", "{1,2}", "{2,}"), (part, quantifier) => part + quantifier);
        return Gen.Select(piece.Array[1, 3], piece.Array[0, 2], (left, right) =>
            string.Concat(left) + (right.Length == 0 ? "" : "|" + string.Concat(right)));
    }
}
