using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Review;

/// <summary>An application's own reasons why a reviewer may not judge a record.</summary>
/// <remarks>Called inside a write transaction: implementations answer from memory, and must not call the store or the queue.</remarks>
public interface IConflictCheck
{
    /// <summary>Whether the reviewer is too close to the contribution to judge it.</summary>
    /// <param name="reviewer">Who asks for the task.</param>
    /// <param name="contributor">Who gave the record.</param>
    /// <param name="record">The record.</param>
    bool HasConflict(ContributorId reviewer, ContributorId contributor, RecordDigest record);
}
