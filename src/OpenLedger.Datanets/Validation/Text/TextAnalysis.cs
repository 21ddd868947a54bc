using OpenLedger.Datanets.Validation.Language;

namespace OpenLedger.Datanets.Validation.Text;

/// <summary>What several rules ask of one text, computed when first asked for. Not safe for concurrent use.</summary>
internal sealed class TextAnalysis(string text)
{
    private IReadOnlyList<TextToken>? _tokens;
    private int[]? _words;
    private IReadOnlyList<string>? _lines;
    private int[]? _identities;
    private ILanguageIdentifier? _identifier;
    private LanguageGuess _language;

    /// <summary>All tokens, symbols included.</summary>
    public IReadOnlyList<TextToken> Tokens => _tokens ??= TextSegmenter.Tokens(text);

    /// <summary>Indices in <see cref="Tokens"/> of words and characters.</summary>
    public ReadOnlySpan<int> Words => _words ??= [.. Enumerable.Range(0, Tokens.Count).Where(i => Tokens[i].IsWord)];

    public IReadOnlyList<string> Lines => _lines ??= TextSegmenter.Lines(text);

    /// <summary>For each token, a number that two tokens share exactly when they are spelled the same.</summary>
    public int[] Identities => _identities ??= Identify();

    /// <summary>What an identifier says of the text; asked once while the rules share one.</summary>
    public LanguageGuess LanguageBy(ILanguageIdentifier identifier)
    {
        if (!ReferenceEquals(_identifier, identifier))
        {
            _language = identifier.Identify(text);
            _identifier = identifier;
        }

        return _language;
    }

    private int[] Identify()
    {
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        int[] identities = new int[Tokens.Count];
        for (int i = 0; i < identities.Length; i++)
        {
            ReadOnlySpan<char> token = Tokens[i].Of(text);
            if (!lookup.TryGetValue(token, out identities[i]))
            {
                identities[i] = known.Count;
                lookup[token] = known.Count;
            }
        }

        return identities;
    }
}
