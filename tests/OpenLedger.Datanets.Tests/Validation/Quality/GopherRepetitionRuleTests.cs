using CsCheck;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Validation.Quality;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Tests.Validation.Quality;

public class GopherRepetitionRuleTests
{
    private static readonly GopherRepetitionRule Rule = new();

    [Fact]
    public void Measures_AnyWords_EqualTheReference() =>
        Gen.Int[0, 3].Select(i => ((string[])["a", "b", "cc", "ddd"])[i]).Array[0, 60].Sample(words =>
        {
            string text = string.Join(' ', words);
            TextAnalysis analysis = new(text);
            int[] unigrams = TextRepetition.Unigrams(analysis);
            int[] nGrams = unigrams;
            for (int n = 2; n <= 10; n++)
            {
                nGrams = TextRepetition.Extend(nGrams, unigrams, n - 1);
                Assert.Equal(Math.Max(0, words.Length - n + 1), nGrams.Length);
                Assert.Equal(ReferenceRepetition.TopCharacters(words, n), TextRepetition.TopCharacters(nGrams, analysis.Tokens, n));
                Assert.Equal(ReferenceRepetition.DuplicateCharacters(words, n), TextRepetition.DuplicateCharacters(nGrams, analysis.Tokens, n));
            }
        }, iter: 3000);

    // 10 lines; "x" stands r + 1 times, so r of 10 are repeated. All lines are one character, 10 + 9 line feeds = 19 characters.
    [Theory]
    [InlineData(3, false)] // 0.3 is not above 0.3
    [InlineData(4, true)]
    public void Lines_RepeatedFraction_IsFoundAboveThreeTenths(int repeats, bool isFound)
    {
        string text = string.Join('\n', Enumerable.Repeat("x", repeats + 1).Concat(Enumerable.Range(0, 9 - repeats).Select(i => ((char)('a' + i)).ToString())));
        Assert.Equal(isFound, RuleTesting.Codes(Rule, text).Contains("dup_line_frac"));
        string paragraphs = text.Replace("\n", "\n\n", StringComparison.Ordinal);
        Assert.Equal(isFound, RuleTesting.Codes(Rule, paragraphs).Contains("dup_para_frac"));
        Assert.DoesNotContain("dup_para_frac", RuleTesting.Codes(Rule, text)); // one paragraph
    }

    // Two lines of 20 characters and one of 58: 20 + 1 + 20 + 1 + 58 = 100 characters, of which the second line repeats 20.
    [Theory]
    [InlineData(58, false)]
    [InlineData(57, true)] // 20 of 99
    public void Lines_RepeatedCharacters_AreFoundAboveAFifth(int rest, bool isFound)
    {
        string text = $"{new string('a', 20)}\n{new string('a', 20)}\n{new string('b', rest)}";
        Assert.Equal(isFound, RuleTesting.Codes(Rule, text).Contains("dup_line_char_frac"));
        string paragraphs = $"{new string('a', 20)}\n\n{new string('a', 20)}\n\n{new string('b', rest - 2)}";
        Assert.Equal(isFound, RuleTesting.Codes(Rule, paragraphs).Contains("dup_para_char_frac"));
    }

    // n words of "aa" that stand twice, then one long word: the top n-gram has 2 * (3n - 1) characters.
    [Theory]
    [InlineData(2, 0.20)]
    [InlineData(3, 0.18)]
    [InlineData(4, 0.16)]
    public void TopNGram_BothSidesOfTheThreshold(int n, double threshold)
    {
        string phrase = string.Join(' ', Enumerable.Range(0, n).Select(i => $"a{(char)('a' + i)}"));
        int characters = 2 * phrase.Length;
        int most = (int)Math.Floor(characters / threshold); // the longest text in which the fraction is above or equal
        foreach (int length in (int[])[most, most + 1])
        {
            string text = $"{phrase} . {phrase} {new string('z', length - (2 * phrase.Length) - 4)}";
            Assert.Equal(length, text.Length);
            Assert.Equal(characters > threshold * length, RuleTesting.Codes(Rule, text).Contains($"top_{n}_gram"));
        }
    }

    [Theory]
    [InlineData(5, 0.15)]
    [InlineData(6, 0.14)]
    [InlineData(7, 0.13)]
    [InlineData(8, 0.12)]
    [InlineData(9, 0.11)]
    [InlineData(10, 0.10)]
    public void DuplicateNGrams_BothSidesOfTheThreshold(int n, double threshold)
    {
        string phrase = string.Join(' ', Enumerable.Range(0, n).Select(i => $"a{(char)('a' + i)}"));
        int characters = 2 * n; // the second occurrence, without spaces
        int most = (int)Math.Floor((characters / threshold) - 1e-9); // the fraction is above the threshold up to here
        foreach (int length in (int[])[most, most + 1])
        {
            string text = $"{phrase} . {phrase} {new string('z', length - (2 * phrase.Length) - 4)}";
            Assert.Equal(length, text.Length);
            RecordReport report = RuleTesting.Validate(Rule, text);
            Assert.Equal(length == most, RuleTesting.Codes(report).Contains($"duplicated_{n}_n_grams"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n ")]
    [InlineData("one two three")]
    [InlineData("!!!")]
    [InlineData("中文的一句話沒有重複")]
    public void Examine_NothingThatRepeats_FindsNothing(string text) => Assert.Empty(RuleTesting.Codes(Rule, text));

    [Fact]
    public void Examine_RepeatedChinese_IsFound()
    {
        string sentence = "今天的天氣真的非常好我們一起去公園散步吧。";
        Assert.Contains("duplicated_10_n_grams", RuleTesting.Codes(Rule, string.Concat(Enumerable.Repeat(sentence, 3))));
    }

    [Fact]
    public void Examine_BlankEndsAndCarriageReturns_ChangeNothing()
    {
        const string Text = "a b c\n\na b c\n\nd e f g h";
        Assert.NotEmpty(RuleTesting.Codes(Rule, Text));
        Assert.Equal(RuleTesting.Codes(Rule, Text), RuleTesting.Codes(Rule, "\n\n" + Text.Replace("\n", "\r\n", StringComparison.Ordinal) + "\n \n"));
    }

    [Fact]
    public void Options_IllegalValues_AreAllNamed()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new GopherRepetitionRule(new GopherRepetitionOptions
        {
            MaxDuplicateLines = 1.5,
            MaxDuplicateParagraphs = double.NaN,
            MaxTopNGramCharacters = [0.2],
        }));
        Assert.Contains("MaxDuplicateLines is 1.5", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MaxDuplicateParagraphs is NaN", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MaxTopNGramCharacters must hold 3", exception.Message, StringComparison.Ordinal);
    }
}
