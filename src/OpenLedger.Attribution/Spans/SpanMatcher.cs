namespace OpenLedger.Attribution.Spans;

/// <summary>Finds the runs of an answer that stand verbatim in the corpus.</summary>
/// <remarks>
/// A span is maximal: it cannot be longer at its start or its end and still occur. Spans may overlap, none holds another.
/// Time is O(L log N) plus the occurrences of the spans found. It says where text stands, not that the model learnt it there:
/// paraphrase leaves no trace. Immutable and safe for concurrent use.
/// </remarks>
public sealed class SpanMatcher
{
    private readonly CorpusIndex _index;
    private readonly SpanMatchOptions _options;

    /// <summary>Creates a matcher.</summary>
    /// <param name="index">The corpus.</param>
    /// <param name="options">Settings; the defaults when null.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public SpanMatcher(CorpusIndex index, SpanMatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(index);
        _index = index;
        _options = options ?? new SpanMatchOptions();
        _options.Validate();
    }

    /// <summary>Finds the maximal spans of an answer, by ascending start.</summary>
    /// <param name="answer">Tokens of the answer.</param>
    public IReadOnlyList<SpanMatch> Match(ReadOnlySpan<int> answer)
    {
        CorpusIndex.Interval[] matches = _index.LongestMatches(answer);
        List<SpanMatch> spans = [];
        int previousEnd = 0;
        for (int i = 0; i < matches.Length; i++)
        {
            int length = matches[i].Depth;
            bool isMaximal = i + length > previousEnd; // else the previous start's match covers it
            previousEnd = i + length;
            if (!isMaximal || length < _options.MinimumLength)
            {
                continue;
            }

            double bits = -Math.Log2(answer.Length) - Math.Log2(_index.TokenCount);
            foreach (int token in answer.Slice(i, length))
            {
                bits += _index.Surprisal(token);
            }

            if (bits > _options.MinimumBits)
            {
                spans.Add(new SpanMatch(i, length, bits, matches[i].Count, _index.Occurrences(matches[i])));
            }
        }

        return spans;
    }
}
