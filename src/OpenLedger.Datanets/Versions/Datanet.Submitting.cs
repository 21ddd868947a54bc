using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Deduplication;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Versions;

// From a contribution to accepted records. Everything that needs no store is decided before the write lock is taken.
public sealed partial class Datanet
{
    private const int ParallelFrom = 32; // fewer records are not worth waking other threads

    /// <summary>Checks a contribution and accepts the records that are in order on <c>main</c>, in one durable step.</summary>
    /// <param name="contribution">Signed records.</param>
    /// <returns>The decision about each record; nothing at all is kept when the signature or the datanet is wrong.</returns>
    /// <exception cref="DatanetException">A fault of the store; then nothing was kept.</exception>
    public ContributionResult Submit(Contribution contribution) => Submit(contribution, BranchName.Main);

    /// <summary>Checks a contribution and accepts the records that are in order on a branch, in one durable step.</summary>
    /// <param name="contribution">Signed records.</param>
    /// <param name="branch">A branch of the datanet; records are compared with what this branch holds, not with others.</param>
    /// <returns>The decision about each record; nothing at all is kept when the signature or the datanet is wrong.</returns>
    /// <exception cref="DatanetException"><see cref="DatanetError.BranchNotFound"/>, or a fault of the store; then nothing was kept.</exception>
    public ContributionResult Submit(Contribution contribution, string branch)
    {
        ArgumentNullException.ThrowIfNull(contribution);
        BranchName.ThrowIfInvalid(branch, nameof(branch));
        return Take(contribution, branch, replaced: null);
    }

    /// <summary>Puts a new record in the place of one that a branch holds; other branches and older versions keep the old one.</summary>
    /// <param name="record">The record to replace.</param>
    /// <param name="contribution">The new record, signed; exactly one.</param>
    /// <param name="branch">A branch of the datanet.</param>
    /// <returns>The decision; when the new record is refused, the old one stays.</returns>
    /// <exception cref="ArgumentException">The contribution has several records.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.RecordNotFound"/>: the branch does not hold the record; <see cref="DatanetError.BranchNotFound"/>; or a fault of
    /// the store.
    /// </exception>
    public ContributionResult Replace(RecordDigest record, Contribution contribution, string branch)
    {
        ArgumentNullException.ThrowIfNull(contribution);
        BranchName.ThrowIfInvalid(branch, nameof(branch));
        return contribution.Records.Count == 1
            ? Take(contribution, branch, record)
            : throw new ArgumentException($"The contribution has {contribution.Records.Count} records; one record replaces one.", nameof(contribution));
    }

    private ContributionResult Take(Contribution contribution, string branch, RecordDigest? replaced)
    {
        if (FindRefusal(contribution) is (RefusalReason reason, string message))
        {
            return new ContributionResult(contribution.Digest, contribution.Records.Select(record => new RecordOutcome(record, reason, message)));
        }

        PreparedRecord[] records = Prepare(contribution);
        long nowMs = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        return _store.Write(writer =>
        {
            BranchView view = new(this, writer, branch);
            DatanetStep? old = replaced is RecordDigest digest ? view.Find(digest) : null;
            bool isKnown = writer.FindContribution(Id, contribution.Digest) is not null;
            FingerprintKeys keys = new(writer.ReadFingerprintKeys(Id));
            Dictionary<Sha256Digest, StoredRecord> accepted = new(records.Length);
            List<StoredRecord> added = new(records.Length);
            RecordOutcome[] outcomes = new RecordOutcome[records.Length];
            for (int i = 0; i < outcomes.Length; i++)
            {
                PreparedRecord prepared = records[i];
                DatanetRecord record = prepared.Record;
                if (prepared.Faults.Count > 0)
                {
                    outcomes[i] = RefuseForSchema(record, prepared.Faults);
                    continue;
                }

                if (accepted.TryGetValue(prepared.Normalized, out StoredRecord? before))
                {
                    outcomes[i] = RefuseAsDuplicate(record, before.Step, isInContribution: true);
                    continue;
                }

                long fingerprint = keys.Of(prepared.Normalized);
                if (view.FindSame(fingerprint, prepared.Normalized, record.Digest, except: old?.Position) is DatanetStep earlier)
                {
                    outcomes[i] = RefuseAsDuplicate(record, earlier, isInContribution: false);
                    continue;
                }

                if (isKnown && WasErased(writer, record.Digest, contribution.Digest))
                {
                    outcomes[i] = new RecordOutcome(
                        record, RefusalReason.Erased, "The record was erased; its contributor can give it again under a new contribution.");
                    continue;
                }

                if (AskGates(contribution, prepared, view, old, nowMs, writer, out GateSubmission[] submissions) is GateRefusal refusal)
                {
                    outcomes[i] = new RecordOutcome(record, refusal);
                    continue;
                }

                DatanetStep step = DatanetStep.Add(view.Size + added.Count, branch, nowMs, contribution.Contributor, record.Digest, contribution.Digest);
                StoredRecord stored = new(step, fingerprint, prepared.Key, prepared.Ciphertext);
                if (_gates.Length > 0)
                {
                    // A gate may look at any record before this one, so that each is written at once instead of all together.
                    AddContributionOnce(writer, contribution, added.Count);
                    writer.AppendRecords(Id, [stored]);
                }

                added.Add(stored);
                accepted.Add(prepared.Normalized, stored);
                for (int g = 0; g < _gates.Length; g++)
                {
                    _gates[g].Accepted(submissions[g], step.Position);
                }

                outcomes[i] = new RecordOutcome(record, step.Position);
            }

            if (added.Count > 0)
            {
                if (_gates.Length == 0)
                {
                    AddContributionOnce(writer, contribution, before: 0);
                    writer.AppendRecords(Id, added);
                }

                if (old is not null)
                {
                    writer.AppendStep(Id, DatanetStep.Remove(view.Size + 1, branch, nowMs, old.Position, view.Size));
                }
            }

            return new ContributionResult(contribution.Digest, outcomes);
        });
    }

    /// <summary>Whether this contribution gave the record, and it was erased: a replay would bring it back without its contributor.</summary>
    private bool WasErased(IDatanetWriter writer, RecordDigest record, Sha256Digest contribution) => writer.FindRecord(Id, record).Any(position =>
        ReadAddition(writer, position).Contribution == contribution && writer.FindChange(Id, "", position, -1, long.MaxValue) is not null);

    private void AddContributionOnce(IDatanetWriter writer, Contribution contribution, int before)
    {
        if (before == 0)
        {
            writer.AddContribution(Id, new StoredContribution(
                contribution.Digest, contribution.Contributor, contribution.Statement.Document, contribution.Signature));
        }
    }

    /// <summary>Everything that needs the record alone, before the write lock is taken and on all cores.</summary>
    private PreparedRecord[] Prepare(Contribution contribution)
    {
        IReadOnlyList<DatanetRecord> records = contribution.Records;
        PreparedRecord[] prepared = new PreparedRecord[records.Count];
        byte[] keys = RandomNumberGenerator.GetBytes(checked(records.Count * RecordCipher.KeyLength));
        void One(int i) => prepared[i] = Prepare(records[i], contribution.Statement, keys.AsMemory(i * RecordCipher.KeyLength, RecordCipher.KeyLength));
        if (records.Count < ParallelFrom)
        {
            for (int i = 0; i < prepared.Length; i++)
            {
                One(i);
            }
        }
        else
        {
            try
            {
                Parallel.ForEach(Partitioner.Create(0, prepared.Length), range =>
                {
                    for (int i = range.Item1; i < range.Item2; i++)
                    {
                        One(i);
                    }
                });
            }
            catch (AggregateException exception)
            {
                // A gate threw; the caller shall see what it threw, as from the loop above.
                ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
            }
        }

        return prepared;
    }

    private PreparedRecord Prepare(DatanetRecord record, ContributionStatement statement, ReadOnlyMemory<byte> key)
    {
        IReadOnlyList<SchemaFault> faults = Schema.Validate(record.Element);
        return faults.Count > 0
            ? new PreparedRecord(record, faults, default, ReadOnlyMemory<byte>.Empty, [], [])
            : new PreparedRecord(
                record,
                faults,
                NormalizedDigest.Of(record),
                key,
                _cipher.Encrypt(key.Span, record.Digest, record.Payload.Span),
                _gates.Length == 0 ? [] : Array.ConvertAll(_gates, gate => gate.Prepare(record, statement)));
    }

    private GateRefusal? AskGates(
        Contribution contribution,
        PreparedRecord prepared,
        BranchView view,
        DatanetStep? old,
        long nowMs,
        IDatanetWriter writer,
        out GateSubmission[] submissions)
    {
        submissions = _gates.Length == 0 ? [] : new GateSubmission[_gates.Length];
        for (int g = 0; g < _gates.Length; g++)
        {
            submissions[g] = new GateSubmission(
                Id, prepared.Record, contribution.Statement, prepared.ForGates[g], DateTimeOffset.FromUnixTimeMilliseconds(nowMs), writer)
            {
                Branch = view.Branch,
                Replaced = old?.Position,
                Membership = position => view.Contains(ReadAddition(writer, position)),
            };
            if (_gates[g].Examine(submissions[g]) is GateRefusal refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private (RefusalReason Reason, string Message)? FindRefusal(Contribution contribution)
    {
        if (contribution.Statement.DatanetId != Id)
        {
            return (RefusalReason.WrongDatanet, $"The contribution was signed for the datanet '{contribution.Statement.DatanetId}', not for '{Id}'.");
        }

        long size = contribution.Records.Sum(record => (long)record.Payload.Length);
        if (size > _maxContributionBytes)
        {
            return (RefusalReason.ContributionTooLarge,
                $"The contribution has {size} bytes of payload; at most {_maxContributionBytes} are allowed. Split it.");
        }

        return _verifier.Verify(contribution.Contributor, contribution.Digest.ToArray(), contribution.Signature.Span)
            ? null
            : (RefusalReason.InvalidSignature, $"The signature is not that of {contribution.Contributor} over this contribution; nothing was kept.");
    }

    private static RecordOutcome RefuseForSchema(DatanetRecord record, IReadOnlyList<SchemaFault> faults)
    {
        string rest = faults.Count == 1 ? "" : $" (and {faults.Count - 1} more)";
        return new RecordOutcome(record, RefusalReason.SchemaViolation, $"The record does not fit the schema: {faults[0]}{rest}.", faults);
    }

    private static RecordOutcome RefuseAsDuplicate(DatanetRecord record, DatanetStep earlier, bool isInContribution)
    {
        string what = earlier.Record == record.Digest
            ? "The same record"
            : "A record that differs only in case, white space or the composition of accents";
        string where = isInContribution ? "occurs earlier in this contribution" : "is already in the datanet";
        return new RecordOutcome(
            record,
            isInContribution ? RefusalReason.DuplicateInContribution : RefusalReason.DuplicateInDatanet,
            $"{what} {where}: {earlier.Record}, given by {earlier.Contributor}.",
            earlier: new EarlierRecord(earlier.Record, earlier.Contributor, earlier.Position));
    }

    private sealed record PreparedRecord(
        DatanetRecord Record,
        IReadOnlyList<SchemaFault> Faults,
        Sha256Digest Normalized,
        ReadOnlyMemory<byte> Key,
        byte[] Ciphertext,
        object?[] ForGates);
}
