using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OpenLedger.Lora.Tokenization;

/// <summary>
/// A pattern that cuts text into the words inside which byte pairs may merge: each match is a word, and so is what lies
/// between two matches ("isolated" in Hugging Face terms). Only known patterns are accepted: an arbitrary one from a file
/// could backtrack for ever, and may mean something else to .NET than to its author.
/// </summary>
internal sealed partial class SplitPattern
{
    public const string Gpt2Source = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public const string Llama3Source =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public const string Qwen2Source =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    // The five patterns of DeepSeek Coder as llama.cpp writes them; each cuts the words of the one before.
    private const string LineBreakSource = @"[\r\n]";
    private const string SpacedLettersSource = @"\s?\p{L}+";
    private const string SpacedPunctuationSource = @"\s?\p{P}+";
    private const string EastAsianSource = "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+";
    private const string NumberSource = @"\p{N}";

    private readonly Regex _regex;

    private SplitPattern(Regex regex) => _regex = regex;

    public static SplitPattern Gpt2 { get; } = new(Gpt2Regex());

    public static SplitPattern Llama3 { get; } = new(Llama3Regex());

    public static SplitPattern Qwen2 { get; } = new(Qwen2Regex());

    public static SplitPattern LineBreak { get; } = new(LineBreakRegex());

    public static SplitPattern SpacedLetters { get; } = new(SpacedLettersRegex());

    public static SplitPattern SpacedPunctuation { get; } = new(SpacedPunctuationRegex());

    public static SplitPattern EastAsian { get; } = new(EastAsianRegex());

    public static SplitPattern Number { get; } = new(NumberRegex());

    /// <summary>The known pattern with exactly this source, or null.</summary>
    public static SplitPattern? Find(string source) => source switch
    {
        Gpt2Source => Gpt2,
        Llama3Source => Llama3,
        Qwen2Source => Qwen2,
        LineBreakSource or "[\r\n]" => LineBreak,
        SpacedLettersSource => SpacedLetters,
        SpacedPunctuationSource => SpacedPunctuation,
        EastAsianSource => EastAsian,
        NumberSource => Number,
        _ => null,
    };

    /// <summary>Calls <paramref name="word"/> with (offset, length) of each word, in order; together they cover the text.</summary>
    public void Split(ReadOnlySpan<char> text, Action<int, int> word)
    {
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            int end = 0;
            foreach (ValueMatch match in _regex.EnumerateMatches(text))
            {
                Emit(match, ref end, word);
            }

            EmitGap(end, text.Length, word);
            return;
        }

        // .NET matches UTF-16 units, so \p{L} does not see letters above U+FFFF. The pattern runs on a shadow of the
        // text in which each such character is replaced by one of the same class that fits into a single unit.
        var shadow = new char[text.Length];
        var offsets = new int[text.Length + 1];
        int length = 0;
        int offset = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            offsets[length] = offset;
            shadow[length++] = rune.IsBmp ? (char)rune.Value : StandIn(rune);
            offset += rune.Utf16SequenceLength;
        }

        offsets[length] = offset;
        int shadowEnd = 0;
        foreach (ValueMatch match in _regex.EnumerateMatches(shadow.AsSpan(0, length)))
        {
            Emit(match, ref shadowEnd, (start, count) => word(offsets[start], offsets[start + count] - offsets[start]));
        }

        EmitGap(offsets[shadowEnd], offset, word);
    }

    private static void Emit(ValueMatch match, ref int end, Action<int, int> word)
    {
        EmitGap(end, match.Index, word);
        EmitGap(match.Index, match.Index + match.Length, word);
        end = match.Index + match.Length;
    }

    private static void EmitGap(int start, int end, Action<int, int> word)
    {
        if (end > start)
        {
            word(start, end - start);
        }
    }

    /// <summary>A character of the same class that no known pattern names or lists in a range.</summary>
    private static char StandIn(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => '\u00AA',
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => '\u00BD',
        UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation
            or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation => '\u00BF',
        _ => '\u00A9', // No character above U+FFFF is white space, so the rest is "other" to every known pattern.
    };

    [GeneratedRegex(Gpt2Source, RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2Regex();

    [GeneratedRegex(Llama3Source, RegexOptions.CultureInvariant)]
    private static partial Regex Llama3Regex();

    [GeneratedRegex(Qwen2Source, RegexOptions.CultureInvariant)]
    private static partial Regex Qwen2Regex();

    [GeneratedRegex(LineBreakSource, RegexOptions.CultureInvariant)]
    private static partial Regex LineBreakRegex();

    [GeneratedRegex(SpacedLettersSource, RegexOptions.CultureInvariant)]
    private static partial Regex SpacedLettersRegex();

    [GeneratedRegex(SpacedPunctuationSource, RegexOptions.CultureInvariant)]
    private static partial Regex SpacedPunctuationRegex();

    [GeneratedRegex(EastAsianSource, RegexOptions.CultureInvariant)]
    private static partial Regex EastAsianRegex();

    [GeneratedRegex(NumberSource, RegexOptions.CultureInvariant)]
    private static partial Regex NumberRegex();
}
