using System.Buffers;

namespace OpenLedger.Datanets.Privacy;

/// <summary>A text with what all recognisers share: its numbers, its tokens, and the words around a place.</summary>
/// <remarks>Belongs to one scan on one thread. The shared lists are made at first use, each in one pass.</remarks>
public sealed class PersonalDataText
{
    private const int MinNumber = 7;
    private const int MaxGap = 3;

    private static readonly SearchValues<char> VietnameseOnly = SearchValues.Create("ăĂđĐơƠưƯ"
        + string.Concat(Enumerable.Range(0x1EA0, 0x1EFA - 0x1EA0).Select(c => (char)c)));

    private DigitRun[]? _digitRuns;
    private TextToken[]? _tokens;
    private int[]? _numberStarts;
    private bool? _isVietnamese;

    /// <summary>Wraps a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="label">
    /// What the text is called where it stands, for example the member name <c>phone</c> of a record; recognisers read it as if it stood
    /// before the text. Empty when there is none; of a longer one the last 64 UTF-16 code units count.
    /// </param>
    public PersonalDataText(string text, string label = "")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(label);
        Text = text;
        Label = CutLabel(label);
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>What the text is called where it stands; may be empty.</summary>
    public string Label { get; }

    /// <summary>Whether the text holds a letter that only Vietnamese uses.</summary>
    internal bool IsVietnamese => _isVietnamese ??= HoldsVietnamese(Text) || HoldsVietnamese(Label);

    /// <summary>Every longest sequence of ASCII digits, in order.</summary>
    internal ReadOnlySpan<DigitRun> DigitRuns => _digitRuns ??= FindDigitRuns(Text);

    /// <summary>
    /// Indices into <see cref="DigitRuns"/> of those that stand in a chain of at least seven digits: no shorter number is a card, a
    /// telephone number or an id, and in ordinary text nearly all are shorter.
    /// </summary>
    internal ReadOnlySpan<int> NumberStarts => _numberStarts ??= FindNumberStarts(Text, DigitRuns);

    /// <summary>Every longest sequence of ASCII letters and digits that holds both, in order.</summary>
    internal ReadOnlySpan<TextToken> Tokens => _tokens ??= FindTokens(Text, DigitRuns);

    /// <summary>The part of a label that counts: a hostile record can hold a name of a megabyte over a hundred thousand texts.</summary>
    internal static string CutLabel(string label) => label.Length > ContextWords.MaxReach ? label[^ContextWords.MaxReach..] : label;

    /// <summary>Looks for the nearest of some words around a place.</summary>
    /// <param name="start">First UTF-16 code unit of the place.</param>
    /// <param name="length">Length of the place in UTF-16 code units.</param>
    /// <param name="words">The words to look for.</param>
    /// <returns>The context; a word after the place counts only when none stands before it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The place is not inside the text.</exception>
    public ContextMatch FindContext(int start, int length, ContextWords words)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Text.Length - length);
        return words.Match(Text, Label, start, length);
    }

    private static DigitRun[] FindDigitRuns(ReadOnlySpan<char> text)
    {
        List<DigitRun> runs = [];
        int position = 0;
        while (true)
        {
            int skip = text[position..].IndexOfAnyInRange('0', '9');
            if (skip < 0)
            {
                return [.. runs];
            }

            int start = position + skip;
            int end = start + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            runs.Add(new DigitRun(start, end - start));
            position = end;
        }
    }

    private static int[] FindNumberStarts(ReadOnlySpan<char> text, ReadOnlySpan<DigitRun> runs)
    {
        List<int> starts = [];
        int first = 0;
        while (first < runs.Length)
        {
            long digits = runs[first].Length;
            int next = first + 1;
            while (next < runs.Length && IsGap(text, runs[next - 1].End, runs[next].Start))
            {
                digits += runs[next++].Length;
            }

            for (int i = first; digits >= MinNumber && i < next; i++)
            {
                starts.Add(i);
            }

            first = next;
        }

        return [.. starts];
    }

    // Wider than what any recogniser joins.
    private static bool IsGap(ReadOnlySpan<char> text, int start, int end)
    {
        if (end - start > MaxGap)
        {
            return false;
        }

        for (int i = start; i < end; i++)
        {
            if (char.IsAsciiLetter(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HoldsVietnamese(ReadOnlySpan<char> text) =>
        text.ContainsAnyExceptInRange('\0', '\u00FF') && text.ContainsAny(VietnameseOnly);

    private static TextToken[] FindTokens(ReadOnlySpan<char> text, ReadOnlySpan<DigitRun> runs)
    {
        List<TextToken> tokens = [];
        int done = 0;
        foreach (DigitRun run in runs)
        {
            if (run.Start < done)
            {
                continue;
            }

            int start = run.Start;
            while (start > done && char.IsAsciiLetter(text[start - 1]))
            {
                start--;
            }

            int end = run.End;
            while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
            {
                end++;
            }

            if (end - start > run.Length)
            {
                tokens.Add(new TextToken(start, end - start));
            }

            done = end;
        }

        return [.. tokens];
    }
}
