namespace OpenLedger.Datanets.Validation.Contamination;

/// <summary>Gathers evaluation sets into an index. Used once; not safe for concurrent use.</summary>
public sealed class ContaminationIndexBuilder
{
    private readonly ContaminationOptions _options;
    private readonly Dictionary<(string Suite, string Task), int> _numbers = [];
    private readonly List<(int Items, int Covered)> _counts = [];
    private readonly HashSet<(ulong Hash, int Task)> _entries = [];
    private bool _isBuilt;

    /// <summary>Starts an empty index.</summary>
    /// <param name="options">What to look for, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public ContaminationIndexBuilder(ContaminationOptions? options = null)
    {
        _options = options ?? new ContaminationOptions();
        _options.Validate();
    }

    /// <summary>Adds one item of an evaluation set.</summary>
    /// <param name="suite">The suite, 1 to 100 characters.</param>
    /// <param name="task">The task, 1 to 100 characters.</param>
    /// <param name="query">The question or prompt, or <see langword="null"/>.</param>
    /// <param name="label">The answer, or the whole text where there is no question.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A name is empty or too long.</exception>
    /// <exception cref="InvalidOperationException">The index was built already.</exception>
    public ContaminationIndexBuilder Add(string suite, string task, string? query, string label)
    {
        ContaminationIndex.ThrowIfNotAName(suite, nameof(suite));
        ContaminationIndex.ThrowIfNotAName(task, nameof(task));
        ArgumentNullException.ThrowIfNull(label);
        ThrowIfBuilt();
        if (!_numbers.TryGetValue((suite, task), out int number))
        {
            number = _counts.Count;
            _numbers.Add((suite, task), number);
            _counts.Add((0, 0));
        }

        bool isCovered = false;
        foreach (ulong? hash in Hashes(query, label))
        {
            if (hash is ulong known)
            {
                _entries.Add((known, number));
                isCovered = true;
            }
        }

        (int items, int covered) = _counts[number];
        _counts[number] = (items + 1, covered + (isCovered ? 1 : 0));
        return this;
    }

    /// <summary>Makes the index.</summary>
    /// <exception cref="InvalidOperationException">The index was built already.</exception>
    public ContaminationIndex Build()
    {
        ThrowIfBuilt();
        _isBuilt = true;
        (ulong Hash, int Task)[] entries = [.. _entries];
        Array.Sort(entries);
        return new ContaminationIndex(
            _options,
            [.. _numbers.OrderBy(pair => pair.Value).Select(pair => new EvaluationTask(
                pair.Key.Suite, pair.Key.Task, _counts[pair.Value].Items, _counts[pair.Value].Covered))],
            [.. entries.Select(entry => entry.Hash)],
            [.. entries.Select(entry => entry.Task)]);
    }

    private IEnumerable<ulong?> Hashes(string? query, string label)
    {
        int n = _options.NGramLength;
        int distinct = _options.MinDistinctWords;
        ulong[] labels = ContaminationText.Words(label).Hashes;
        ulong[] queries = query is null ? [] : ContaminationText.Words(query).Hashes;
        IEnumerable<ulong?> hashes = _options.SearchLabels ? NGramHashes.Of(labels, n, distinct) : [];
        if (_options.SearchQueries)
        {
            hashes = hashes.Concat(NGramHashes.Of(queries, n, distinct));
        }

        if (_options.SearchOverlap && query is not null)
        {
            // The last n-1 words of the question and the first n-1 of the answer: every n-gram of these crosses the border.
            ulong[] border = [.. queries.TakeLast(n - 1), .. labels.Take(n - 1)];
            hashes = hashes.Concat(NGramHashes.Of(border, n, distinct));
        }

        return hashes;
    }

    private void ThrowIfBuilt()
    {
        if (_isBuilt)
        {
            throw new InvalidOperationException("This builder has built its index; start another one.");
        }
    }
}
