using System.Text.RegularExpressions;
using CsCheck;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Tokenization.Splitting;

namespace OpenLedger.Lora.Tests.Tokenization.Splitting;

public sealed class UnicodePatternTests
{
    private static readonly Gen<string> BasicPlane = UnicodeTexts.OneOf(
        " ", "  ", "\n", "\r\n", "\t", "\u00A0", "'", "'s", "'LL", "a", "B", "ß", "Ǆ", "e\u0301", "7", "12", "Ⅷ", "!", "...", "東", "\uAC00", "_", "\u2581", "<", "|")
        .Array[0, 30].Select(string.Concat);

    // Where every character fits one UTF-16 unit, the runtime's engine is the reference.
    [Theory]
    [InlineData(Gpt2Pattern.Source)]
    [InlineData(Cl100kPattern.Llama3Source)]
    [InlineData(Cl100kPattern.Qwen2Source)]
    [InlineData(@"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")]
    [InlineData(@"\s?\p{L}+")]
    [InlineData(@"[\r\n]")]
    [InlineData(@"\p{N}{2,}?|a*?B")]
    [InlineData(@"(a|aB)(!|\.{3})?\d")]
    [InlineData(@"(?>a|aB)7|[^\S\n]+")]
    [InlineData("[\u4E00-\u9FA5\uAC00-\uD7FF]+|\\P{L}+?")]
    [InlineData(@"(?:a?){1,3}!|\x61(?=B)")]
    public void TryFind_BasicPlane_EqualsTheEngineOfTheRuntime(string source)
    {
        var reference = new Regex(source, RegexOptions.CultureInvariant);
        UnicodePattern pattern = UnicodePattern.Parse(source);
        BasicPlane.Sample(text => reference.Matches(text).Where(match => match.Length > 0).Select(match => (match.Index, match.Length)).SequenceEqual(All(pattern, text)), iter: 2000);
    }

    [Theory]
    [InlineData(Gpt2Pattern.Source)]
    [InlineData(Cl100kPattern.Llama3Source)]
    [InlineData(Cl100kPattern.Qwen2Source)]
    public void Create_KnownPattern_IsAScannerThatEqualsTheExpression(string source)
    {
        WordCutter scanner = SplitPattern.Create(source, CutBehavior.Isolated, isInverted: false);
        var expression = new MatchCutter(UnicodePattern.Parse(source), CutBehavior.Isolated);
        Assert.IsType<TilingPattern>(scanner, exactMatch: false);
        UnicodeTexts.Any.Sample(text => Words(scanner, text).SequenceEqual(Words(expression, text)), iter: 5000);
    }

    [Theory]
    [InlineData(@"\p{L}+", "\U00010400\U00020000a", 5)]
    [InlineData(@"\p{N}{1,3}", "\U0001D7D8\U0001D7D9\U0001D7DA\U0001D7DB", 6)]
    [InlineData("[\U00010400-\U0001044F]", "\U00010428", 2)]
    [InlineData("[^\U00020000]", "\U00020001", 2)]
    [InlineData("(?i:\U00010400)", "\U00010428", 2)]
    [InlineData("(?i:'S)", "'\u017F", 2)]
    public void TryFind_AboveTheBasicPlane_TakesWholeCharacters(string source, string text, int length)
    {
        Assert.True(UnicodePattern.Parse(source).TryFind(text, 0, out int start, out int end));
        Assert.Equal((0, length), (start, end));
    }

    [Theory]
    [InlineData("(?<=a)b")]
    [InlineData("^a")]
    [InlineData("a$")]
    [InlineData(@"\bword")]
    [InlineData(@"\p{Han}")]
    [InlineData("[[:alpha:]]")]
    [InlineData("[a&&b]")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("a{2")]
    [InlineData("a{3,2}")]
    [InlineData("(a{9999}){9999}")]
    [InlineData("*a")]
    [InlineData(@"a\")]
    [InlineData(@"(\1)")]
    public void Parse_WhatIsNotImplementedOrBroken_IsRefused(string source) => Assert.Throws<FormatException>(() => UnicodePattern.Parse(source));

    [Fact]
    public void Parse_DeepNesting_IsRefused() => Assert.Throws<FormatException>(() => UnicodePattern.Parse(new string('(', 2000) + new string(')', 2000)));

    [Theory]
    [InlineData(7, "(a+)+b")]
    [InlineData(0, "(a|a)*b")]
    [InlineData(0, "(a*)*b")]
    public void TryFind_ExpressionMadeToExplode_Ends(int from, string source) =>
        Assert.False(UnicodePattern.Parse(source).TryFind(new string('a', 300), from, out _, out _));

    private static List<(int, int)> All(UnicodePattern pattern, string text)
    {
        var found = new List<(int, int)>();
        for (int from = 0; pattern.TryFind(text, from, out int start, out int end); from = end)
        {
            found.Add((start, end - start));
        }

        return found;
    }

    private static List<WordSpan> Words(WordCutter cutter, string text)
    {
        var words = new List<WordSpan>();
        cutter.Cut(text, 0, words);
        return words;
    }
}
