namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>Finds user-defined symbols, which a SentencePiece model neither normalises nor cuts.</summary>
internal sealed class SymbolMatcher
{
    private readonly Dictionary<char, string[]> _byFirst;

    public SymbolMatcher(IEnumerable<string> symbols)
    {
        _byFirst = symbols.GroupBy(symbol => symbol[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(symbol => symbol.Length).ToArray());
    }

    public bool IsEmpty => _byFirst.Count == 0;

    /// <summary>The length of the longest symbol that begins at <paramref name="at"/>, or 0.</summary>
    public int LongestAt(ReadOnlySpan<char> text, int at)
    {
        if (_byFirst.Count == 0 || !_byFirst.TryGetValue(text[at], out string[]? symbols))
        {
            return 0;
        }

        foreach (string symbol in symbols)
        {
            if (text[at..].StartsWith(symbol))
            {
                return symbol.Length;
            }
        }

        return 0;
    }
}
