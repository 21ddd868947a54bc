using System.Buffers;
using System.Text;
using OpenLedger.Lora.Tokenization.Splitting;

namespace OpenLedger.Lora.Tokenization;

/// <summary>
/// Finds added tokens in text: the leftmost, and of those the longest. Control tokens are found too, because what they cover is not
/// searched for others; whether one becomes an id is decided by the caller.
/// </summary>
internal sealed class AddedTokenMatcher
{
    private readonly Dictionary<char, (string Content, AddedToken Token)[]> _byFirst;
    private readonly SearchValues<char> _first;

    public AddedTokenMatcher(IEnumerable<(string Content, AddedToken Token)> tokens)
    {
        _byFirst = tokens.Where(token => token.Content.Length > 0)
            .GroupBy(token => token.Content[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Content.Length).ToArray());
        _first = SearchValues.Create([.. _byFirst.Keys]);
        HasText = _byFirst.Values.Any(group => group.Any(token => !token.Token.IsControl));
    }

    /// <summary>Whether any token may be found in ordinary text.</summary>
    public bool HasText { get; }

    public bool HasAny => _byFirst.Count > 0;

    /// <summary>Calls <paramref name="part"/> with each stretch of text and each token of <paramref name="text"/>, in order.</summary>
    public void Split(string text, bool acceptsControl, Action<WordSpan, AddedToken?> part)
    {
        int done = 0;
        int at = 0;
        while (at < text.Length)
        {
            int found = text.AsSpan(at).IndexOfAny(_first);
            if (found < 0)
            {
                break;
            }

            at += found;
            if (Longest(text, at) is not { } match)
            {
                at++;
                continue;
            }

            int start = at;
            int end = at + match.Content.Length;
            at = end;
            if ((match.Token.IsControl && !acceptsControl) || (match.Token.IsSingleWord && !IsWord(text, start, end)))
            {
                continue;
            }

            while (match.Token.StripsLeft && start > done && char.IsWhiteSpace(text[start - 1]))
            {
                start--;
            }

            while (match.Token.StripsRight && end < text.Length && char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            if (start > done)
            {
                part(new WordSpan(done, start - done), null);
            }

            part(new WordSpan(start, end - start), match.Token);
            done = at = end;
        }

        if (done < text.Length)
        {
            part(new WordSpan(done, text.Length - done), null);
        }
    }

    private (string Content, AddedToken Token)? Longest(string text, int at)
    {
        foreach ((string content, AddedToken token) in _byFirst[text[at]])
        {
            if (text.AsSpan(at).StartsWith(content))
            {
                return (content, token);
            }
        }

        return null;
    }

    private static bool IsWord(string text, int start, int end)
    {
        bool startsAlone = start == 0 || Rune.DecodeLastFromUtf16(text.AsSpan(0, start), out Rune before, out _) != OperationStatus.Done || !IsWordCharacter(before);
        bool endsAlone = end == text.Length || Rune.DecodeFromUtf16(text.AsSpan(end), out Rune after, out _) != OperationStatus.Done || !IsWordCharacter(after);
        return startsAlone && endsAlone;
    }

    private static bool IsWordCharacter(Rune rune) => WordCharacters.Contains(rune.Value);

    private static readonly CharacterSet WordCharacters = CreateWordCharacters();

    private static CharacterSet CreateWordCharacters()
    {
        var set = new CharacterSet();
        set.AddWordCharacters();
        return set.Seal();
    }
}
