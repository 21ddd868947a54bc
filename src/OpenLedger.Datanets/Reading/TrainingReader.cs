using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Reading;

/// <summary>Reads the records of one version for training: only what contributors consented to and a grant covers, divided, sampled, shuffled.</summary>
/// <remarks>
/// Opening walks the version once and keeps eight bytes per record that is read. Readers opened with equal versions and options give equal
/// records in equal order, on any machine, until a record is erased: a reader that is open leaves it out, one that is opened later counts
/// without it and so has another order. Safe for concurrent use.
/// </remarks>
public sealed class TrainingReader
{
    private const int PageSize = 256;

    private readonly Datanet _datanet;
    private readonly TrainingReaderOptions _options;
    private readonly long[] _leaves;
    private readonly Dictionary<Sha256Digest, (string Licence, ConsentTerms Consent)> _terms = [];

    private TrainingReader(Datanet datanet, DatanetVersion version, TrainingReaderOptions options)
    {
        _datanet = datanet;
        _options = options;
        Version = version;
        Dictionary<ExclusionReason, long> excluded = Enum.GetValues<ExclusionReason>().ToDictionary(reason => reason, _ => 0L);
        List<long> leaves = [];
        SeededSample? sample = options.SampleCount is int count ? new SeededSample(count, options.Seed) : null;
        foreach (CommittedRecord committed in datanet.Records(version))
        {
            TrainingRecord record = Describe(committed);
            if (FindExclusion(committed, record) is ExclusionReason reason)
            {
                excluded[reason]++;
                continue;
            }

            sample?.Offer(record.Digest, leaves.Count);
            leaves.Add(committed.LeafIndex);
        }

        _leaves = sample is null ? [.. leaves] : [.. sample.Chosen().Select(place => leaves[(int)place])];
        excluded[ExclusionReason.Sample] = leaves.Count - _leaves.Length;
        Excluded = excluded;
    }

    /// <summary>The version that is read.</summary>
    public DatanetVersion Version { get; }

    /// <summary>How many records an epoch has.</summary>
    public int Count => _leaves.Length;

    /// <summary>How many records of the version are left out, by reason; each is counted under the first that holds.</summary>
    public IReadOnlyDictionary<ExclusionReason, long> Excluded { get; }

    /// <summary>Opens a version for reading.</summary>
    /// <param name="datanet">The datanet.</param>
    /// <param name="version">A version of it.</param>
    /// <param name="options">What is read, and in which order.</param>
    /// <exception cref="ArgumentException">An option is not legal.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.AccessDenied"/>; <see cref="DatanetError.VersionNotFound"/>; or a fault of the store.</exception>
    public static TrainingReader Open(Datanet datanet, DatanetVersion version, TrainingReaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(datanet);
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        options.Permit?.Check(version, epoch: -1, records: 0);
        return new TrainingReader(datanet, version, options);
    }

    /// <summary>Reads one epoch.</summary>
    /// <param name="epoch">0-based; each has an order of its own when reading is shuffled.</param>
    /// <returns>A sequence that reads the store in pages while it is walked; walking it again asks the permit again.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epoch"/> is negative.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.AccessDenied"/>, at once; or a fault of the store, while walking.</exception>
    public IEnumerable<TrainingRecord> Read(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        _options.Permit?.Check(Version, epoch, Count);
        bool isChecked = true;
        return Once();

        IEnumerable<TrainingRecord> Once()
        {
            if (!isChecked)
            {
                _options.Permit?.Check(Version, epoch, Count);
            }

            isChecked = false;
            foreach (TrainingRecord record in Walk(epoch))
            {
                yield return record;
            }
        }
    }

    private IEnumerable<TrainingRecord> Walk(int epoch)
    {
        SeededOrder? order = _options.IsShuffled ? new SeededOrder(_leaves.Length, _options.Seed, epoch) : null;
        for (int start = 0; start < _leaves.Length; start += PageSize)
        {
            long[] page = new long[Math.Min(PageSize, _leaves.Length - start)];
            for (int i = 0; i < page.Length; i++)
            {
                page[i] = _leaves[order?.At(start + i) ?? start + i];
            }

            foreach (CommittedRecord committed in _datanet.RecordsAt(Version, page))
            {
                TrainingRecord record = Describe(committed);
                yield return _options.Permit is IReadingPermit permit ? record with { Record = permit.Project(record.Record) } : record;
            }
        }
    }

    private ExclusionReason? FindExclusion(CommittedRecord committed, TrainingRecord record)
    {
        if ((TermsOf(committed).Consent & _options.RequiredConsent) != _options.RequiredConsent)
        {
            return ExclusionReason.Consent;
        }

        if (_options.AcceptsLicence?.Invoke(record.Licence) == false)
        {
            return ExclusionReason.Licence;
        }

        if (_options.Split is not null && record.Split != _options.Split)
        {
            return ExclusionReason.Split;
        }

        return _options.Permit?.Covers(record) == false ? ExclusionReason.Grant : null;
    }

    private TrainingRecord Describe(CommittedRecord committed) => new(
        committed.Record,
        committed.Leaf.Record,
        committed.Contributor,
        _datanet.Id,
        committed.LeafIndex,
        TermsOf(committed).Licence,
        _options.Plan?.Assign(committed.Record, committed.Contributor).Name ?? "");

    /// <summary>A statement names up to 100,000 records, so that it is read once and not per record.</summary>
    private (string Licence, ConsentTerms Consent) TermsOf(CommittedRecord committed)
    {
        lock (_terms)
        {
            if (!_terms.TryGetValue(committed.Leaf.Contribution, out (string Licence, ConsentTerms Consent) terms))
            {
                ContributionStatement statement = _datanet.GetContribution(committed.Leaf.Contribution, out _);
                terms = (statement.Licence, statement.Consent);
                _terms.Add(committed.Leaf.Contribution, terms);
            }

            return terms;
        }
    }
}
