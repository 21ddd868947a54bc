namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>Finds texts that resemble a new one among millions, in microseconds, and keeps signatures in memory only.</summary>
/// <remarks>
/// <para>
/// Locality-sensitive hashing: a text is a candidate when it agrees with the new one in all rows of at least one band, and a match when the
/// estimated similarity of the whole signatures reaches the threshold. About 250 bytes per text with the default options.
/// </para>
/// <para>Deterministic: it depends on what was added and removed, in which order, and on nothing else. Safe for concurrent use.</para>
/// </remarks>
public sealed class NearDuplicateIndex
{
    private readonly Lock _gate = new();
    private readonly NearDuplicateIndexOptions _options;
    private readonly EntryColumn<byte> _signatures;
    private readonly EntryColumn<long> _positions = new(1);
    private readonly BandTable[] _bands;
    private int _entries; // added so far, removed ones included
    private int _removed;

    /// <summary>Makes an empty index.</summary>
    /// <param name="options">What counts as a near-duplicate.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public NearDuplicateIndex(NearDuplicateIndexOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        Hasher = new MinHasher(options.MinHash);
        _signatures = new EntryColumn<byte>(Hasher.SignatureLength);
        int rows = options.MinHash.Rows;
        int bands = options.MinHash.Bands;
        _bands = [.. Enumerable.Range(0, bands).Select(band => new BandTable(_signatures, band * rows, rows, 0.75 + (0.75 * band / bands)))];
    }

    /// <summary>Makes the signatures that fit this index.</summary>
    public MinHasher Hasher { get; }

    /// <summary>How many texts can be found.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries - _removed;
            }
        }
    }

    /// <summary>Bytes of memory that the index holds.</summary>
    public long MemoryBytes
    {
        get
        {
            lock (_gate)
            {
                return _signatures.Bytes + _positions.Bytes + _bands.Sum(band => band.Bytes);
            }
        }
    }

    /// <summary>Adds a text. One without a word is passed over: it resembles nothing.</summary>
    /// <param name="position">Names the text; not negative, and greater than the positions of all texts that are there.</param>
    /// <param name="signature">Made by <see cref="Hasher"/>.</param>
    /// <exception cref="ArgumentException">The position is not greater than the last one, or the signature has another length.</exception>
    public void Add(long position, MinHashSignature signature)
    {
        ThrowIfForeign(signature);
        lock (_gate)
        {
            AddEntry(position, signature);
        }
    }

    /// <summary>Finds the earlier text that resembles this one most, or <see langword="null"/>; of equals the earliest.</summary>
    /// <param name="signature">Made by <see cref="Hasher"/>.</param>
    /// <exception cref="ArgumentException">The signature has another length.</exception>
    public NearDuplicateMatch? FindBest(MinHashSignature signature)
    {
        IReadOnlyList<NearDuplicateMatch> matches = Find(signature);
        return matches.Count == 0 ? null : matches[0];
    }

    /// <summary>Finds the earlier texts that resemble this one: the most similar first, of equals the earliest first.</summary>
    /// <param name="signature">Made by <see cref="Hasher"/>.</param>
    /// <exception cref="ArgumentException">The signature has another length.</exception>
    public IReadOnlyList<NearDuplicateMatch> Find(MinHashSignature signature)
    {
        ThrowIfForeign(signature);
        lock (_gate)
        {
            return FindMatches(signature);
        }
    }

    /// <summary>Finds the earlier text that resembles this one most, and adds this one in the same step when there is none.</summary>
    /// <param name="position">Names the text; not negative, and greater than the positions of all texts that are there.</param>
    /// <param name="signature">Made by <see cref="Hasher"/>.</param>
    /// <returns>The match because of which nothing was added, or <see langword="null"/>.</returns>
    /// <exception cref="ArgumentException">The position is not greater than the last one, or the signature has another length.</exception>
    public NearDuplicateMatch? FindOrAdd(long position, MinHashSignature signature)
    {
        ThrowIfForeign(signature);
        lock (_gate)
        {
            List<NearDuplicateMatch> matches = FindMatches(signature);
            if (matches.Count > 0)
            {
                return matches[0];
            }

            AddEntry(position, signature);
            return null;
        }
    }

    /// <summary>Forgets a text; its signature is overwritten.</summary>
    /// <param name="position">The position under which it was added.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(long position)
    {
        lock (_gate)
        {
            int entry = EntryOf(position);
            if (entry < 0 || _positions[entry][0] != position || IsRemoved(entry))
            {
                return false;
            }

            foreach (BandTable band in _bands)
            {
                band.Remove(entry);
            }

            _signatures[entry].Clear();
            _positions[entry][0] = ~position; // still in its place for the search, and marked
            _removed++;
            while (_entries > 0 && IsRemoved(_entries - 1))
            {
                _entries--;
                _removed--;
            }

            return true;
        }
    }

    /// <summary>Lists the groups of texts that are connected by near-duplicates, by their earliest member.</summary>
    /// <remarks>
    /// Union-find over the candidate pairs that reach the threshold; computed from the signatures on each call, in the time of about one
    /// search per text. The index is locked meanwhile.
    /// </remarks>
    public IReadOnlyList<NearDuplicateCluster> Clusters()
    {
        lock (_gate)
        {
            int[] parents = new int[_entries];
            for (int entry = 0; entry < parents.Length; entry++)
            {
                parents[entry] = entry;
                if (!IsRemoved(entry))
                {
                    Connect(entry, parents);
                }
            }

            SortedDictionary<int, List<long>> members = [];
            for (int entry = 0; entry < parents.Length; entry++)
            {
                int root = Root(parents, entry);
                if (root != entry)
                {
                    if (!members.TryGetValue(root, out List<long>? list))
                    {
                        members.Add(root, list = [_positions[root][0]]);
                    }

                    list.Add(_positions[entry][0]);
                }
            }

            return [.. members.Values.Select(list => new NearDuplicateCluster(list.AsReadOnly()))];
        }
    }

    private static int Root(int[] parents, int entry)
    {
        while (parents[entry] != entry)
        {
            entry = parents[entry] = parents[parents[entry]];
        }

        return entry;
    }

    // The earlier root wins, so that a root is the earliest member of its cluster.
    private void Connect(int entry, int[] parents)
    {
        ReadOnlySpan<byte> signature = _signatures[entry];
        foreach (BandTable band in _bands)
        {
            ulong key = band.KeyOf(signature);
            int left = _options.MaxCandidatesPerBand;
            for (int other = band.Older(entry, key); other != BandTable.End && left > 0; other = band.Older(other, key), left--)
            {
                int own = Root(parents, entry);
                int root = Root(parents, other);
                if (own != root && SimilarityTo(signature, other) >= _options.Threshold)
                {
                    parents[Math.Max(own, root)] = Math.Min(own, root);
                }
            }
        }
    }

    private List<NearDuplicateMatch> FindMatches(MinHashSignature signature)
    {
        List<NearDuplicateMatch> matches = [];
        if (signature.IsEmpty)
        {
            return matches;
        }

        ReadOnlySpan<byte> rows = signature.Rows.Span;
        HashSet<int>? seen = null;
        foreach (BandTable band in _bands)
        {
            ulong key = band.KeyOf(rows);
            int left = _options.MaxCandidatesPerBand;
            for (int entry = band.First(key); entry != BandTable.End && left > 0; entry = band.Older(entry, key), left--)
            {
                if ((seen ??= []).Add(entry) && SimilarityTo(rows, entry) is double similarity && similarity >= _options.Threshold)
                {
                    matches.Add(new NearDuplicateMatch(_positions[entry][0], similarity));
                }
            }
        }

        matches.Sort((left, right) =>
            left.Similarity == right.Similarity ? left.Position.CompareTo(right.Position) : right.Similarity.CompareTo(left.Similarity));
        return matches;
    }

    private double SimilarityTo(ReadOnlySpan<byte> rows, int entry) =>
        MinHashSignature.SimilarityOf(MinHashSignature.CountEqual(rows, _signatures[entry]), rows.Length);

    private void AddEntry(long position, MinHashSignature signature)
    {
        long last = _entries == 0 ? -1 : PositionOf(_entries - 1);
        if (position <= last)
        {
            throw new ArgumentException($"The position {position} does not follow {last}, the last one; add texts in order.", nameof(position));
        }

        if (signature.IsEmpty)
        {
            return;
        }

        _signatures.Reserve(_entries);
        _positions.Reserve(_entries);
        signature.Rows.Span.CopyTo(_signatures[_entries]);
        _positions[_entries][0] = position;
        foreach (BandTable band in _bands)
        {
            band.Add(_entries);
        }

        _entries++;
    }

    private bool IsRemoved(int entry) => _positions[entry][0] < 0;

    private long PositionOf(int entry) => _positions[entry][0] is long position && position >= 0 ? position : ~_positions[entry][0];

    private int EntryOf(long position)
    {
        int low = 0;
        int high = _entries - 1;
        while (low <= high)
        {
            int middle = low + ((high - low) / 2);
            long found = PositionOf(middle);
            if (found == position)
            {
                return middle;
            }

            (low, high) = found < position ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private void ThrowIfForeign(MinHashSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (!signature.IsEmpty && signature.Rows.Length != Hasher.SignatureLength)
        {
            throw new ArgumentException(
                $"The signature has {signature.Rows.Length} rows, the index {Hasher.SignatureLength}; make it with the index's hasher.", nameof(signature));
        }
    }
}
