using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Versions;

/// <summary>One more condition for a record to be accepted, and a place to keep what follows from its acceptance.</summary>
/// <remarks>
/// <see cref="Prepare"/> is called outside the store, possibly by several threads at once; the others inside its write transaction, one
/// record after the other, and should take microseconds. A gate keeps its state in the store's items, so that it is durable together with
/// the record, or in memory when it can be read again from there.
/// </remarks>
public abstract class SubmissionGate
{
    /// <summary>Computes everything that needs the record alone.</summary>
    /// <param name="record">A record that fits the schema.</param>
    /// <param name="statement">The statement it came with.</param>
    /// <returns>Anything; handed to the other methods.</returns>
    public virtual object? Prepare(DatanetRecord record, ContributionStatement statement) => null;

    /// <summary>Decides about the record.</summary>
    /// <param name="submission">The record and the transaction.</param>
    /// <returns>Why it is refused, or <see langword="null"/>.</returns>
    public virtual GateRefusal? Examine(GateSubmission submission) => null;

    /// <summary>Keeps what follows from the record, which was accepted at <paramref name="position"/>.</summary>
    /// <param name="submission">The record and the transaction.</param>
    /// <param name="position">The record's leaf index.</param>
    public virtual void Accepted(GateSubmission submission, long position)
    {
    }

    /// <summary>Forgets everything from which the payload of an erased record could be guessed.</summary>
    /// <param name="datanetId">The datanet.</param>
    /// <param name="position">The record's leaf index.</param>
    /// <param name="digest">The record.</param>
    /// <param name="writer">The transaction that erases the record.</param>
    public virtual void Erased(string datanetId, long position, RecordDigest digest, IDatanetWriter writer)
    {
    }
}
