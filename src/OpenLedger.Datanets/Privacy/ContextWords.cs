using System.Buffers;

namespace OpenLedger.Datanets.Privacy;

/// <summary>Words and phrases that speak for or against an entity when they stand near it.</summary>
/// <remarks>
/// Case and accents do not count, so <c>số điện thoại</c> also matches <c>so dien thoai</c>. A word matches whole, with an optional
/// plural <c>s</c>; <c>_</c> bounds words. The nearest word before the place decides, if it is within <see cref="Reach"/>; where there is
/// none, a word that follows the place at once: <c>021 234 567 (office)</c>. Immutable and safe for concurrent use.
/// </remarks>
public sealed class ContextWords
{
    /// <summary>Greatest <see cref="Reach"/> in UTF-16 code units.</summary>
    public const int MaxReach = 64;

    private const int Before = MaxReach;
    private const int After = MaxPhraseLength + MaxGap;
    private const int MaxGap = 3;
    private const int MaxPhraseLength = 40;

    private readonly HashSet<string> _negative;
    private readonly string[] _words;
    private readonly SearchValues<string>? _any;

    /// <summary>Makes a set of words.</summary>
    /// <param name="supporting">Words that speak for the entity.</param>
    /// <param name="contradicting">Words that speak against it; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">A word is empty or longer than 40 characters.</exception>
    public ContextWords(IEnumerable<string> supporting, IEnumerable<string>? contradicting = null)
    {
        ArgumentNullException.ThrowIfNull(supporting);
        string[] positive = [.. supporting.Select(Check)];
        string[] negative = [.. (contradicting ?? []).Select(Check).Except(positive)];
        Supporting = positive;
        Contradicting = negative;
        _negative = [.. negative];

        _words = [.. positive, .. negative];
        _any = _words.Length == 0 ? null : SearchValues.Create(_words, StringComparison.Ordinal);
    }

    /// <summary>How far before the place words are read.</summary>
    /// <value>48 UTF-16 code units; 1 to 64.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public int Reach
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxReach);
            field = value;
        }
    } = 48;

    /// <summary>Whether a word right after the place counts.</summary>
    /// <value><see langword="true"/>.</value>
    public bool ReadsAfter { get; init; } = true;

    /// <summary>The words that speak for the entity, folded.</summary>
    public IReadOnlyList<string> Supporting { get; }

    /// <summary>The words that speak against the entity, folded.</summary>
    public IReadOnlyList<string> Contradicting { get; }

    internal ContextMatch Match(string text, string label, int start, int length)
    {
        if (_any is null)
        {
            return default;
        }

        Span<char> folded = stackalloc char[(3 * Before) + 1];
        int from = Math.Max(0, start - Reach);
        int count = 0;
        if (from == 0 && label.Length > 0)
        {
            count = FoldLabel(label.AsSpan(Math.Max(0, label.Length - Before)), folded);
        }

        count += TextFolding.Fold(text.AsSpan(from, start - from), folded[count..]);
        ContextMatch before = Nearest(folded[..count], last: true);
        if (before.Kind != ContextKind.Silent || !ReadsAfter)
        {
            return before;
        }

        int end = start + length;
        ReadOnlySpan<char> tail = text.AsSpan(end, Math.Min(After, text.Length - end));
        int line = tail.IndexOfAny('\n', '\r', '\t');
        count = TextFolding.Fold(line < 0 ? tail : tail[..line], folded);
        return Nearest(folded[..count], last: false);
    }

    // "phoneNumber", "phone_number" and "so_dien_thoai" are read as words. Writes at most twice the length.
    private static int FoldLabel(ReadOnlySpan<char> label, Span<char> destination)
    {
        int written = 0;
        for (int i = 0; i < label.Length; i++)
        {
            if (i > 0 && char.IsUpper(label[i]) && char.IsLower(label[i - 1]))
            {
                destination[written++] = ' ';
            }

            written += label[i] is '_' or '-' ? Put(destination, written, ' ') : TextFolding.Fold(label.Slice(i, 1), destination[written..]);
        }

        return written + Put(destination, written, ' ');
    }

    private static int Put(Span<char> destination, int at, char value)
    {
        destination[at] = value;
        return 1;
    }

    private ContextMatch Nearest(ReadOnlySpan<char> window, bool last)
    {
        ContextMatch nearest = default;
        int nearestEnd = -1;
        int position = 0;
        while (position < window.Length)
        {
            int skip = window[position..].IndexOfAny(_any!);
            if (skip < 0)
            {
                break;
            }

            position += skip;
            if (!last && position > MaxGap)
            {
                break;
            }

            if (position == 0 || !(char.IsLetterOrDigit(window[position - 1]) || IsHyphenated(window, position)))
            {
                string? word = LongestAt(window[position..]);

                // Of two that end together the earlier, longer one is meant: "order number", not "number".
                if (word is not null && position + word.Length > nearestEnd)
                {
                    nearestEnd = position + word.Length;
                    nearest = new ContextMatch(_negative.Contains(word) ? ContextKind.Contradicting : ContextKind.Supporting, word);
                    if (!last)
                    {
                        break;
                    }
                }
            }

            position++;
        }

        return nearest;
    }

    // "Saudi-born" is not "born".
    private static bool IsHyphenated(ReadOnlySpan<char> window, int position) =>
        position > 1 && window[position - 1] == '-' && char.IsLetter(window[position - 2]);

    private string? LongestAt(ReadOnlySpan<char> rest)
    {
        string? longest = null;
        foreach (string word in _words)
        {
            if (word.Length > (longest?.Length ?? 0) && rest.StartsWith(word, StringComparison.Ordinal))
            {
                int end = word.Length;
                if (end < rest.Length && rest[end] == 's')
                {
                    end++;
                }

                if (end == rest.Length || !char.IsLetter(rest[end]))
                {
                    longest = word;
                }
            }
        }

        return longest;
    }

    private static string Check(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        string folded = TextFolding.Fold(word).Trim();
        return folded.Length is > 0 and <= MaxPhraseLength
            ? folded
            : throw new ArgumentException($"'{word}' is not a context word; use 1 to {MaxPhraseLength} characters.", nameof(word));
    }
}
