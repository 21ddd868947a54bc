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
    /// <summary>Checks a contribution and accepts the records that are in order, in one durable step.</summary>
    /// <param name="contribution">Signed records.</param>
    /// <returns>The decision about each record; nothing at all is kept when the signature or the datanet is wrong.</returns>
    /// <exception cref="DatanetException">A fault of the store; then nothing was kept.</exception>
    public ContributionResult Submit(Contribution contribution)
    {
        ArgumentNullException.ThrowIfNull(contribution);
        if (FindRefusal(contribution) is (RefusalReason reason, string message))
        {
            return new ContributionResult(contribution.Digest, contribution.Records.Select(record => new RecordOutcome(record, reason, message)));
        }

        IReadOnlyList<DatanetRecord> records = contribution.Records;
        IReadOnlyList<SchemaFault>[] faults = [.. records.Select(record => Schema.Validate(record.Element))];
        Sha256Digest[] normalized = [.. records.Select((record, i) => faults[i].Count > 0 ? default : NormalizedDigest.Of(record))];
        object?[][] prepared = [.. records.Select((record, i) =>
            faults[i].Count > 0 ? [] : _gates.Select(gate => gate.Prepare(record, contribution.Statement)).ToArray())];
        long nowMs = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        return _store.Write(writer =>
        {
            long firstPosition = writer.CountRecords(Id);
            long nextPosition = firstPosition;
            RecordOutcome[] outcomes = new RecordOutcome[records.Count];
            for (int i = 0; i < outcomes.Length; i++)
            {
                if (faults[i].Count > 0)
                {
                    outcomes[i] = RefuseForSchema(records[i], faults[i]);
                }
                else if (writer.FindNormalized(Id, normalized[i]) is StoredRecord earlier)
                {
                    outcomes[i] = RefuseAsDuplicate(records[i], earlier, isInContribution: earlier.Position >= firstPosition);
                }
                else if (AskGates(contribution, i, prepared[i], nowMs, writer, out GateSubmission[] submissions) is GateRefusal refusal)
                {
                    outcomes[i] = new RecordOutcome(records[i], refusal);
                }
                else
                {
                    if (nextPosition == firstPosition)
                    {
                        writer.AddContribution(Id, new StoredContribution(
                            contribution.Digest, contribution.Contributor, contribution.Statement.Document, contribution.Signature));
                    }

                    StoredRecord stored = new(
                        nextPosition++, records[i].Digest, normalized[i], contribution.Contributor, contribution.Digest, nowMs);
                    writer.AddRecord(Id, stored, records[i].Payload);
                    for (int g = 0; g < _gates.Length; g++)
                    {
                        _gates[g].Accepted(submissions[g], stored.Position);
                    }

                    outcomes[i] = new RecordOutcome(records[i], stored.Position);
                }
            }

            return new ContributionResult(contribution.Digest, outcomes);
        });
    }

    private GateRefusal? AskGates(
        Contribution contribution, int index, object?[] prepared, long nowMs, IDatanetWriter writer, out GateSubmission[] submissions)
    {
        submissions = _gates.Length == 0 ? [] : new GateSubmission[_gates.Length];
        for (int g = 0; g < _gates.Length; g++)
        {
            submissions[g] = new GateSubmission(
                Id, contribution.Records[index], contribution.Statement, prepared[g], DateTimeOffset.FromUnixTimeMilliseconds(nowMs), writer);
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

    private static RecordOutcome RefuseAsDuplicate(DatanetRecord record, StoredRecord earlier, bool isInContribution)
    {
        string what = earlier.Digest == record.Digest
            ? "The same record"
            : "A record that differs only in case, white space or the composition of accents";
        string where = isInContribution ? "occurs earlier in this contribution" : "is already in the datanet";
        return new RecordOutcome(
            record,
            isInContribution ? RefusalReason.DuplicateInContribution : RefusalReason.DuplicateInDatanet,
            $"{what} {where}: {earlier.Digest}, given by {earlier.Contributor}.",
            earlier: new EarlierRecord(earlier.Digest, earlier.Contributor, earlier.Position));
    }
}
