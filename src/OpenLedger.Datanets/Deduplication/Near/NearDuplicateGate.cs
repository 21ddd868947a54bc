using System.Buffers;
using System.Collections.Concurrent;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>Refuses or marks records that resemble one which the datanet already has, on any branch.</summary>
/// <remarks>
/// <para>
/// Signatures are kept in the store in the transaction that accepts the record, and mirrored in memory, about 270 bytes per record. The
/// first contribution after the start reads them (a few seconds per million); later ones read what other processes added. Erasing
/// a record removes its signature, because the text could be guessed from it.
/// </para>
/// <para>
/// Records that were accepted without this gate have no signature until <see cref="Fill"/> adds them. Use one gate per store. Safe for
/// concurrent use, also by several processes on one store.
/// </para>
/// </remarks>
public sealed class NearDuplicateGate : SubmissionGate
{
    /// <summary>The code of a refusal.</summary>
    public const string Code = "near_duplicate";

    private const double EstimateTolerance = 0.1; // two and a half standard deviations of the estimate
    private const int MaxVerified = 8;
    private const int FillBatch = 1000;

    private readonly ConcurrentDictionary<string, SignatureMirror> _mirrors = new(StringComparer.Ordinal);
    private readonly NearDuplicateGateOptions _options;
    private readonly NearDuplicateIndexOptions _search;

    /// <summary>Makes a gate.</summary>
    /// <param name="options">How it judges; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public NearDuplicateGate(NearDuplicateGateOptions? options = null)
    {
        _options = options ?? new NearDuplicateGateOptions();
        _options.Validate();
        Hasher = new MinHasher(_options.Index.MinHash);
        _search = _options.VerifiesExactly
            ? _options.Index with { Threshold = Math.Max(0, _options.Index.Threshold - EstimateTolerance) }
            : _options.Index;
    }

    /// <summary>Makes the signatures of this gate.</summary>
    public MinHasher Hasher { get; }

    /// <inheritdoc/>
    public override object? Prepare(DatanetRecord record, ContributionStatement statement) => Hasher.Sign(record);

    /// <inheritdoc/>
    public override GateRefusal? Examine(GateSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (_options.Action != NearDuplicateAction.Refuse || FindEarlier(submission) is not NearDuplicateMatch match)
        {
            return null;
        }

        EarlierRecord? earlier = AcceptedRecords.Find(submission.Writer, submission.DatanetId, match.Position);
        string who = earlier is null ? $"record {match.Position}" : $"{earlier.Digest}, given by {earlier.Contributor}";
        return new GateRefusal(
            Code,
            FormattableString.Invariant(
                $"The record resembles one that is already there (similarity {match.Similarity:F2}, limit {_options.Index.Threshold:F2}): {who}. Give what is new."),
            earlier);
    }

    /// <inheritdoc/>
    public override void Accepted(GateSubmission submission, long position)
    {
        ArgumentNullException.ThrowIfNull(submission);
        SignatureMirror mirror = MirrorOf(submission.DatanetId);
        lock (mirror)
        {
            NearDuplicateMatch? mark = _options.Action == NearDuplicateAction.Mark ? FindEarlier(submission) : null;
            mirror.Add(submission.Writer, position, SignatureOf(submission));
            if (mark is not null)
            {
                mirror.Items.PutMark(submission.Writer, submission.DatanetId, position, mark);
            }
        }
    }

    /// <inheritdoc/>
    public override void Erased(string datanetId, long position, RecordDigest digest, IDatanetWriter writer)
    {
        ArgumentNullException.ThrowIfNull(datanetId);
        ArgumentNullException.ThrowIfNull(writer);
        SignatureItems.Erase(writer, datanetId, position);
        SignatureMirror mirror = MirrorOf(datanetId);
        lock (mirror)
        {
            mirror.Forget(position);
        }
    }

    /// <summary>What an accepted record resembled when it came, or <see langword="null"/>; kept by <see cref="NearDuplicateAction.Mark"/>.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="datanetId">The datanet.</param>
    /// <param name="position">The record's leaf index.</param>
    public NearDuplicateMatch? FindMark(IItemReader reader, string datanetId, long position)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return ItemsOf().FindMark(reader, datanetId, position);
    }

    /// <summary>Lists the groups of records that are connected by near-duplicates; members are leaf indexes.</summary>
    /// <param name="store">The store; not to be called from inside its work.</param>
    /// <param name="datanetId">The datanet.</param>
    /// <remarks>Computed from the stored signatures on each call: some seconds and 270 MB per million records. The same for every process.</remarks>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public IReadOnlyList<NearDuplicateCluster> Clusters(IDatanetStore store, string datanetId)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(datanetId);
        SignatureMirror copy = new(datanetId, _options.Index);
        store.Read(reader =>
        {
            copy.CatchUp(reader);
            return true;
        });
        return copy.Index.Clusters();
    }

    /// <summary>Adds the signatures of records that were accepted without this gate; those that have one are passed over.</summary>
    /// <param name="store">The store; not to be called from inside its work.</param>
    /// <param name="datanetId">The datanet.</param>
    /// <param name="records">Leaf indexes and records, in any order.</param>
    /// <returns>How many signatures were added.</returns>
    /// <exception cref="DatanetException">A fault of the store; the thousands before it were kept.</exception>
    public long Fill(IDatanetStore store, string datanetId, IEnumerable<KeyValuePair<long, DatanetRecord>> records)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(datanetId);
        ArgumentNullException.ThrowIfNull(records);
        SignatureItems items = ItemsOf();
        long added = 0;
        foreach (KeyValuePair<long, DatanetRecord>[] batch in records.Chunk(FillBatch))
        {
            SignatureItem[] signed = [.. batch.Select(pair => new SignatureItem(pair.Key, SignatureMirror.NewStamp(), Hasher.Sign(pair.Value)))];
            added += store.Write(writer =>
            {
                items.Register(writer, datanetId);
                SignatureItem[] missing = [.. signed.Where(item => items.Find(writer, datanetId, item.Position) is null
                    && writer.FindChange(datanetId, "", item.Position, -1, long.MaxValue) is null)]; // may have been erased since it was read
                foreach (SignatureItem item in missing)
                {
                    items.Put(writer, datanetId, item);
                }

                if (missing.Length > 0)
                {
                    items.PutGeneration(writer, datanetId, SignatureMirror.NewStamp());
                }

                return missing.Length;
            });
        }

        return added;
    }

    private static MinHashSignature SignatureOf(GateSubmission submission) => submission.Prepared as MinHashSignature
        ?? throw new ArgumentException("The submission was not prepared by this gate.", nameof(submission));

    private SignatureMirror MirrorOf(string datanetId) =>
        _mirrors.GetOrAdd(datanetId, static (id, options) => new SignatureMirror(id, options), _search);

    private SignatureItems ItemsOf() => new(Hasher.Layout, Hasher.SignatureLength);

    private NearDuplicateMatch? FindEarlier(GateSubmission submission)
    {
        SignatureMirror mirror = MirrorOf(submission.DatanetId);
        lock (mirror)
        {
            mirror.CatchUp(submission.Writer);
            IReadOnlyList<NearDuplicateMatch> candidates = mirror.Index.Find(SignatureOf(submission));
            NearDuplicateMatch? best = null;
            foreach (NearDuplicateMatch candidate in candidates.Take(_options.VerifiesExactly ? MaxVerified : int.MaxValue))
            {
                // A correction resembles what it corrects, and what that corrected before; only what stays beside it counts.
                if (submission.Replaced is long replaced && (candidate.Position == replaced || !submission.BranchHolds(candidate.Position)))
                {
                    continue;
                }

                if (mirror.Items.Find(submission.Writer, submission.DatanetId, candidate.Position) is not { Signature: not null })
                {
                    mirror.Forget(candidate.Position); // another process erased it
                    continue;
                }

                if (!_options.VerifiesExactly)
                {
                    return candidate;
                }

                if (Verify(submission, candidate) is NearDuplicateMatch match && match.Similarity > (best?.Similarity ?? 0))
                {
                    best = match;
                }
            }

            return best;
        }
    }

    private NearDuplicateMatch? Verify(GateSubmission submission, NearDuplicateMatch candidate)
    {
        byte[]? payload = AcceptedRecords.FindPayload(submission.Writer, submission.DatanetId, candidate.Position);
        if (payload is null)
        {
            return null;
        }

        ReadOnlySpan<byte> own = submission.Record.Payload.Span;
        byte[] texts = ArrayPool<byte>.Shared.Rent(own.Length + payload.Length);
        try
        {
            int first = RecordText.Write(own, texts);
            int second = RecordText.Write(payload, texts.AsSpan(first));
            double similarity = Hasher.Similarity(texts.AsSpan(0, first), texts.AsSpan(first, second));
            return similarity >= _options.Index.Threshold ? candidate with { Similarity = similarity } : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(texts);
        }
    }
}
