namespace OpenLedger.Attribution.Spans;

/// <summary>All substrings of a set of token documents, ready to be looked up: suffix array, its inverse and common prefixes.</summary>
/// <remarks>
/// <para>Building takes linear time; memory is about 16 bytes per token. Every document ends with a separator of its own, so that no
/// match crosses documents. Tokens may be any integers; only equality matters.</para>
/// <para>Immutable and safe for concurrent use.</para>
/// </remarks>
public sealed class CorpusIndex
{
    private readonly int[] _text; // separators are 0 .. documents-1, tokens follow
    private readonly int[] _suffixes;
    private readonly int[] _ranks;
    private readonly MinimumTree _commonPrefixes;
    private readonly int[] _documentStarts;
    private readonly Dictionary<int, int> _symbols;
    private readonly int[] _symbolCounts;

    private CorpusIndex(int[] text, int[] documentStarts, Dictionary<int, int> symbols)
    {
        _text = text;
        _documentStarts = documentStarts;
        _symbols = symbols;
        _suffixes = SuffixArray.Build(text, documentStarts.Length + symbols.Count);
        _ranks = new int[text.Length];
        for (int rank = 0; rank < text.Length; rank++)
        {
            _ranks[_suffixes[rank]] = rank;
        }

        _commonPrefixes = new MinimumTree(SuffixArray.LongestCommonPrefixes(text, _suffixes, _ranks));
        _symbolCounts = new int[documentStarts.Length + symbols.Count];
        foreach (int symbol in text)
        {
            _symbolCounts[symbol]++;
        }
    }

    /// <summary>Number of documents, empty ones included.</summary>
    public int DocumentCount => _documentStarts.Length;

    /// <summary>Number of tokens over all documents.</summary>
    public int TokenCount => _text.Length - _documentStarts.Length;

    /// <summary>Indexes documents; their order gives them their numbers.</summary>
    /// <param name="documents">Token sequences; any integers, empty documents allowed. They are copied.</param>
    /// <exception cref="ArgumentException">Tokens and documents together exceed the length of an array.</exception>
    public static CorpusIndex Build(IReadOnlyList<int[]> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        long total = documents.Sum(static document => (long)document.Length + 1);
        if (total > Array.MaxLength)
        {
            throw new ArgumentException($"{total} tokens and separators exceed the {Array.MaxLength} of one index; build one index per part of the corpus.", nameof(documents));
        }

        int[] text = new int[total];
        int[] starts = new int[documents.Count];
        Dictionary<int, int> symbols = [];
        int position = 0;
        for (int document = 0; document < documents.Count; document++)
        {
            starts[document] = position;
            foreach (int token in documents[document])
            {
                if (!symbols.TryGetValue(token, out int symbol))
                {
                    symbol = documents.Count + symbols.Count;
                    symbols.Add(token, symbol);
                }

                text[position++] = symbol;
            }

            text[position++] = document;
        }

        return new CorpusIndex(text, starts, symbols);
    }

    /// <summary>How often a sequence of tokens occurs in the documents, overlaps included.</summary>
    /// <param name="tokens">The sequence; the empty one occurs once before every token.</param>
    public int CountOccurrences(ReadOnlySpan<int> tokens)
    {
        Interval interval = Everything;
        while (interval.Depth < tokens.Length)
        {
            if (!TryExtend(interval, tokens[interval.Depth], out interval))
            {
                return 0;
            }
        }

        return tokens.IsEmpty ? TokenCount : interval.Count;
    }

    /// <summary>
    /// The longest match that starts at each token, with the places where it occurs. O(L log N) for L tokens: the match at i + 1
    /// starts from the suffix link of the match at i.
    /// </summary>
    internal Interval[] LongestMatches(ReadOnlySpan<int> tokens)
    {
        Interval[] matches = new Interval[tokens.Length];
        Interval current = Everything;
        for (int i = 0; i < tokens.Length; i++)
        {
            while (i + current.Depth < tokens.Length && TryExtend(current, tokens[i + current.Depth], out Interval longer))
            {
                current = longer;
            }

            matches[i] = current;
            current = current.Depth <= 1 ? Everything : WithoutFirstToken(current);
        }

        return matches;
    }

    /// <summary>The first occurrence of a match in every document that holds it, by ascending document.</summary>
    internal SpanOccurrence[] Occurrences(Interval interval)
    {
        SortedDictionary<int, int> firstOffsets = [];
        foreach (int position in _suffixes.AsSpan(interval.Start, interval.Count))
        {
            int document = Array.BinarySearch(_documentStarts, position);
            document = document >= 0 ? document : ~document - 1;
            int offset = position - _documentStarts[document];
            if (!firstOffsets.TryGetValue(document, out int known) || offset < known)
            {
                firstOffsets[document] = offset;
            }
        }

        return [.. firstOffsets.Select(static pair => new SpanOccurrence(pair.Key, pair.Value))];
    }

    /// <summary>-log2 of the token's share of the corpus; the token must occur.</summary>
    internal double Surprisal(int token) => Math.Log2(TokenCount) - Math.Log2(_symbolCounts[_symbols[token]]);

    private Interval Everything => new(0, _text.Length, 0);

    // A matched prefix holds no separator, so the symbol after it exists in every suffix of the interval.
    private bool TryExtend(Interval interval, int token, out Interval longer)
    {
        longer = interval;
        if (!_symbols.TryGetValue(token, out int symbol))
        {
            return false;
        }

        int start = LowerBound(interval, symbol);
        int end = LowerBound(interval, symbol + 1);
        if (start == end)
        {
            return false;
        }

        longer = new Interval(start, end - start, interval.Depth + 1);
        return true;
    }

    private int LowerBound(Interval interval, int symbol)
    {
        int low = interval.Start;
        int high = interval.Start + interval.Count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (_text[_suffixes[middle] + interval.Depth] < symbol)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private Interval WithoutFirstToken(Interval interval)
    {
        int depth = interval.Depth - 1;
        int rank = _ranks[_suffixes[interval.Start] + 1];
        int start = Math.Max(0, _commonPrefixes.PreviousBelow(rank, depth));
        int end = _commonPrefixes.NextBelow(rank + 1, depth);
        return new Interval(start, end - start, depth);
    }

    /// <summary>A range of the suffix array whose suffixes share their first <c>Depth</c> tokens.</summary>
    internal readonly record struct Interval(int Start, int Count, int Depth);
}
