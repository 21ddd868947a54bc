namespace OpenLedger.Attribution.Spans;

/// <summary>Texts indexed by words, so that an answer's verbatim parts can be traced to them.</summary>
/// <remarks>Case and punctuation do not matter for a match; see <see cref="WordSequence"/>. Immutable and safe for concurrent use.</remarks>
public sealed class TextCorpus
{
    // Words that no document holds map to a token that no document holds.
    private const int UnknownWord = -1;

    private readonly WordSequence[] _documents;
    private readonly Dictionary<string, int> _vocabulary = new(StringComparer.Ordinal);
    private readonly CorpusIndex _index;

    /// <summary>Indexes texts; their order gives them their numbers.</summary>
    /// <param name="documents">The texts, empty ones allowed.</param>
    /// <exception cref="ArgumentException">The corpus is too large for one index.</exception>
    public TextCorpus(IEnumerable<string> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        _documents = [.. documents.Select(static text => new WordSequence(text))];
        foreach (WordSequence document in _documents)
        {
            for (int i = 0; i < document.Count; i++)
            {
                _vocabulary.TryAdd(document[i], _vocabulary.Count);
            }
        }

        _index = CorpusIndex.Build([.. _documents.Select(Tokens)]);
    }

    /// <summary>The index over word numbers.</summary>
    public CorpusIndex Index => _index;

    /// <summary>Finds the maximal spans of an answer, by ascending start.</summary>
    /// <param name="answer">Any text.</param>
    /// <param name="options">Settings, lengths counted in words; the defaults when null.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public IReadOnlyList<TextSpan> Match(string answer, SpanMatchOptions? options = null)
    {
        WordSequence words = new(answer);
        return [.. new SpanMatcher(_index, options).Match(Tokens(words)).Select(span => new TextSpan(
            words.Range(span.Start, span.Length),
            span.Length,
            span.Bits,
            [.. span.Documents.Select(d => new TextSpanSource(d.Document, _documents[d.Document].Range(d.Offset, span.Length)))]))];
    }

    private int[] Tokens(WordSequence words)
    {
        int[] tokens = new int[words.Count];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = _vocabulary.GetValueOrDefault(words[i], UnknownWord);
        }

        return tokens;
    }
}
