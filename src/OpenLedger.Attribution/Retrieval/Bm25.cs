using OpenLedger.Attribution.Spans;

namespace OpenLedger.Attribution.Retrieval;

/// <summary>Ranks documents for a query by the words they share: the baseline every attribution method has to beat.</summary>
/// <remarks>
/// <para><c>score(d) = Σ_{t in query} idf(t) · tf / (tf + k1 (1 - b + b · |d| / avgdl))</c>,
/// <c>idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5))</c>; a word that the query repeats counts each time. That is Lucene's form since
/// version 8, which leaves out the constant factor k1 + 1. Words are those of <see cref="WordSequence"/>: lower case, no stemming,
/// no stop words. Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.</para>
/// <para>Immutable and safe for concurrent use.</para>
/// </remarks>
public sealed class Bm25
{
    private readonly Dictionary<string, List<(int Document, int Frequency)>> _postings = new(StringComparer.Ordinal);
    private readonly double[] _lengthNorms; // k1 (1 - b + b |d| / avgdl)

    /// <summary>Indexes texts; their order gives them their numbers.</summary>
    /// <param name="documents">The texts, empty ones allowed.</param>
    /// <param name="options">Settings; the defaults when null.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public Bm25(IEnumerable<string> documents, Bm25Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(documents);
        options ??= new Bm25Options();
        options.Validate();
        List<int> lengths = [];
        foreach (string text in documents)
        {
            WordSequence words = new(text);
            Add(words, lengths.Count);
            lengths.Add(words.Count);
        }

        double average = lengths.Count == 0 ? 0 : lengths.Average();
        _lengthNorms = [.. lengths.Select(length => options.K1 * (1 - options.B + (average > 0 ? options.B * length / average : 0)))];
    }

    /// <summary>Number of documents.</summary>
    public int DocumentCount => _lengthNorms.Length;

    /// <summary>Scores every document; 0 where no word is shared.</summary>
    /// <param name="query">Any text.</param>
    /// <returns><c>[documents]</c>, each 0 or more.</returns>
    public double[] Score(string query)
    {
        double[] scores = new double[DocumentCount];
        WordSequence words = new(query);
        for (int i = 0; i < words.Count; i++)
        {
            if (!_postings.TryGetValue(words[i], out List<(int Document, int Frequency)>? postings))
            {
                continue;
            }

            double idf = Math.Log(1 + ((DocumentCount - postings.Count + 0.5) / (postings.Count + 0.5)));
            foreach ((int document, int frequency) in postings)
            {
                scores[document] += idf * frequency / (frequency + _lengthNorms[document]);
            }
        }

        return scores;
    }

    /// <summary>The best documents, best first, equal scores by ascending number; documents that share no word are left out.</summary>
    /// <param name="query">Any text.</param>
    /// <param name="count">How many; fewer where fewer share a word.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public IReadOnlyList<RankedDocument> Rank(string query, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return [.. Score(query)
            .Select(static (score, document) => new RankedDocument(document, score))
            .Where(static ranked => ranked.Score > 0)
            .OrderByDescending(static ranked => ranked.Score)
            .ThenBy(static ranked => ranked.Document)
            .Take(count)];
    }

    private void Add(WordSequence words, int document)
    {
        Dictionary<string, int> frequencies = new(StringComparer.Ordinal);
        for (int i = 0; i < words.Count; i++)
        {
            frequencies[words[i]] = frequencies.GetValueOrDefault(words[i]) + 1;
        }

        foreach ((string word, int frequency) in frequencies)
        {
            if (!_postings.TryGetValue(word, out List<(int Document, int Frequency)>? postings))
            {
                _postings.Add(word, postings = []);
            }

            postings.Add((document, frequency));
        }
    }
}
