using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Deduplication.Near;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Validation;

namespace OpenLedger.Datanets.Versions;

// Erasing payloads, and knowing which models saw them.
public sealed partial class Datanet
{
    private const int MaxModelIdLength = 200;

    /// <summary>Destroys the payload of a record on every branch and in every version. Its leaf, and so every root and proof, stays.</summary>
    /// <param name="record">The record.</param>
    /// <param name="requestedBy">Who asked for it; not the default value. Kept in the journal.</param>
    /// <param name="reason">Why. Kept in the journal.</param>
    /// <returns>What was done, which versions held the record and which models were trained on them.</returns>
    /// <remarks>
    /// The record's key, ciphertext and fingerprint are overwritten and the store's write-ahead log is cleared, so that the store's files hold
    /// nothing from which the payload follows but its SHA-256, which also others may know. Copies made earlier of the store's files are out of reach. A record
    /// of few possible contents can be guessed from its digest unless it was given with a salt. What gates kept is removed too, but an SQLite file
    /// can hold a copy of such an item in the unused part of a page; see <c>docs/datanets/erasure.md</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">A parameter is not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.RecordNotFound"/>; <see cref="DatanetError.RecordErased"/>: it was erased before; or a fault of the store.
    /// </exception>
    public ErasureReceipt Erase(RecordDigest record, ContributorId requestedBy, ErasureReason reason)
    {
        ThrowIfNobody(requestedBy, nameof(requestedBy));
        if (!Enum.IsDefined(reason))
        {
            throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason; see the members of the enum.");
        }

        (long[] leaves, long[] steps, DateTimeOffset now) = _journal.Decide(_life, draft =>
        {
            IDatanetWriter writer = draft.Writer;
            long[] found = [.. writer.FindRecord(Id, record)];
            long[] positions = [.. found.Where(position => writer.FindChange(Id, "", position, -1, long.MaxValue) is null)];
            if (positions.Length == 0)
            {
                throw found.Length > 0
                    ? Erased(record)
                    : new DatanetException(DatanetError.RecordNotFound, $"The datanet '{Id}' holds no record {record}.");
            }

            long first = writer.CountSteps(Id);
            RotateFingerprints(writer, positions);
            for (int i = 0; i < positions.Length; i++)
            {
                writer.AppendStep(Id, DatanetStep.Erase(first + i, draft.Now.ToUnixTimeMilliseconds(), positions[i]));
                writer.DestroyPayload(Id, positions[i]);
                ForgetDerivedItems(writer, positions[i]);
                foreach (SubmissionGate gate in _gates)
                {
                    gate.Erased(Id, positions[i], record, writer);
                }
            }

            draft.Append(DatanetLife.RecordErased, requestedBy, new JsonObject
            {
                ["record"] = record.ToString(),
                ["firstStep"] = first,
                ["count"] = positions.Length,
                ["reason"] = reason.ToString(),
            });
            return (positions, Enumerable.Range(0, positions.Length).Select(i => first + i).ToArray(), draft.Now);
        });
        bool isPurged = _store.Purge();
        return new ErasureReceipt(record, leaves, steps, now, VersionsWith(leaves), TrainedModels(record), isPurged);
    }

    /// <summary>Lists what was erased of a version, by now.</summary>
    /// <param name="version">A version of this datanet.</param>
    /// <returns>The records that the version holds, or would hold, in the order of their erasure.</returns>
    /// <exception cref="DatanetException"><see cref="DatanetError.VersionNotFound"/>, or a fault of the store.</exception>
    public IReadOnlyList<Tombstone> Erasures(DatanetVersion version)
    {
        PrepareLog(version);
        lock (_logGate)
        {
            return _store.Read(reader =>
            {
                GrowLog(reader, reader.CountSteps(Id));
                IReadOnlyList<DatanetStep> forks = reader.ReadForks(Id);
                return _log.Erasures
                    .Select(erasure => (Erasure: erasure, Added: ReadAddition(reader, erasure.Target)))
                    .Where(erased => BranchMembership.EntryOf(reader, Id, forks, erased.Added, version.Branch, version.TreeSize) is not null)
                    .Select(erased => new Tombstone(
                        erased.Added.Record, erased.Added.Position, erased.Erasure.Position, DateTimeOffset.FromUnixTimeMilliseconds(erased.Erasure.UnixMs)))
                    .ToArray();
            });
        }
    }

    /// <summary>Keeps in the journal that a model was trained on a version, so that an erasure can tell which models it does not reach.</summary>
    /// <param name="modelId">The model, 1 to 200 characters, for example the name under which it is served.</param>
    /// <param name="version">A version of this datanet.</param>
    /// <param name="adapter">SHA-256 of the adapter that came out, or <see langword="null"/>.</param>
    /// <param name="trainedBy">Who trained it; not the default value.</param>
    /// <exception cref="ArgumentException">A parameter is not legal.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.VersionNotFound"/>, or a fault of the store.</exception>
    public void RecordTraining(string modelId, DatanetVersion version, Sha256Digest? adapter, ContributorId trainedBy)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelId);
        ArgumentNullException.ThrowIfNull(version);
        ThrowIfNobody(trainedBy, nameof(trainedBy));
        if (modelId.Length > MaxModelIdLength)
        {
            throw new ArgumentException($"The model id has {modelId.Length} characters; at most {MaxModelIdLength} are allowed.", nameof(modelId));
        }

        JsonObject body = new()
        {
            ["model"] = modelId,
            ["version"] = version.Number,
            ["versionId"] = version.Id.ToString(),
        };
        if (adapter is Sha256Digest digest)
        {
            body["adapter"] = digest.ToString();
        }

        _journal.Decide(_life, draft => ReadVersion(draft.Writer, version.Number).Id == version.Id
            ? draft.Append(DatanetLife.ModelTrained, trainedBy, body)
            : throw NotHere(version));
    }

    /// <summary>Lists the models that were trained on a version with a record.</summary>
    /// <param name="record">The record; also one that was erased.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.RecordNotFound"/>, or a fault of the store.</exception>
    public IReadOnlyList<TrainedModel> TrainedModels(RecordDigest record)
    {
        TrainedModel[] models = _journal.Query(_life, _ => _life.Models.ToArray());
        long[] positions = _store.Read(reader => reader.FindRecord(Id, record).ToArray());
        if (positions.Length == 0)
        {
            throw new DatanetException(DatanetError.RecordNotFound, $"The datanet '{Id}' holds no record {record}.");
        }

        HashSet<int> versions = [.. VersionsWith(positions)];
        return [.. models.Where(model => versions.Contains(model.VersionNumber))];
    }

    /// <summary>Removes what the gates of this package keep in the store about a record.</summary>
    /// <remarks>Whatever gates this object was opened with: those that accepted the record may have been others.</remarks>
    private void ForgetDerivedItems(IDatanetWriter writer, long position)
    {
        ValidationGate.Forget(writer, Id, position);
        SignatureItems.Erase(writer, Id, position);
    }

    private int[] VersionsWith(long[] positions) => _store.Read(reader =>
    {
        IReadOnlyList<DatanetStep> forks = reader.ReadForks(Id);
        DatanetStep[] added = [.. positions.Select(position => ReadAddition(reader, position))];
        List<int> numbers = [];
        for (int number = reader.LatestVersion(Id); number > 0; number--)
        {
            DatanetVersion version = ReadHeader(reader, number) ?? throw Damaged($"version {number} is missing");
            if (added.Any(step => Held(reader, forks, step, version)))
            {
                numbers.Add(number);
            }
        }

        numbers.Reverse();
        return numbers.ToArray();
    });

    private bool Held(IDatanetReader reader, IReadOnlyList<DatanetStep> forks, DatanetStep added, DatanetVersion version) =>
        BranchMembership.EntryOf(reader, Id, forks, added, version.Branch, version.TreeSize) is not null
        && reader.FindChange(Id, "", added.Position, -1, version.TreeSize) is null;

    /// <summary>Gives the buckets of records that are about to be erased new keys, so that their old fingerprints mean nothing any more.</summary>
    private void RotateFingerprints(IDatanetWriter writer, long[] erased)
    {
        HashSet<int> buckets = [];
        foreach (long position in erased)
        {
            buckets.Add(FingerprintKeys.BucketOf(NormalizedOf(writer, position) ?? throw Damaged($"record {position} has no key")));
        }

        foreach (int bucket in buckets.Order())
        {
            byte[] key = RandomNumberGenerator.GetBytes(RecordCipher.KeyLength);
            (long from, long to) = FingerprintKeys.Range(bucket);
            List<StoredFingerprint> kept = [];
            foreach (StoredFingerprint old in writer.ReadFingerprints(Id, from, to))
            {
                if (Array.IndexOf(erased, old.Position) < 0)
                {
                    Sha256Digest normalized = NormalizedOf(writer, old.Position) ?? throw Damaged($"record {old.Position} has no key");
                    kept.Add(new StoredFingerprint(FingerprintKeys.Of(normalized, key), old.Position));
                }
            }

            writer.ReplaceFingerprints(Id, bucket, key, from, to, kept);
        }
    }
}
