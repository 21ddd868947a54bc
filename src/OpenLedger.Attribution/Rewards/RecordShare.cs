using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Attribution.Rewards;

/// <summary>One record's part of its contributor's weight.</summary>
/// <param name="RecordId">The record's identity.</param>
/// <param name="Contributor">Who contributed the record.</param>
/// <param name="WeightPpb">Weight in parts per billion of the whole allocation.</param>
public readonly record struct RecordShare(string RecordId, ContributorId Contributor, ulong WeightPpb);
