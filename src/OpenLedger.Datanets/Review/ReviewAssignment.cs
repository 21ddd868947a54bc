using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Review;

/// <summary>What a reviewer gets to see of a task: not who gave the record, not what others said, not whether the answer is known.</summary>
/// <param name="TaskId">Names the task in the answer.</param>
/// <param name="Record">The record to judge.</param>
/// <param name="ClaimedUntil">When the claim ends; an answer is refused from then on.</param>
public sealed record ReviewAssignment(long TaskId, RecordDigest Record, DateTimeOffset ClaimedUntil);
