using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Bounties;

/// <summary>What somebody earned, at one moment. Immutable.</summary>
/// <param name="Id">The reward: the sequence number of the event that earned it.</param>
/// <param name="Record">The record that earned it.</param>
/// <param name="Contributor">Who earned it.</param>
/// <param name="Amount">Base units.</param>
/// <param name="ReleaseAt">When it can be released.</param>
/// <param name="State">Where it stands.</param>
public sealed record BountyReward(
    long Id, RecordDigest Record, ContributorId Contributor, UInt128 Amount, DateTimeOffset ReleaseAt, BountyRewardState State);
