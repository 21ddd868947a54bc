using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Attribution.Rewards;

/// <summary>One contributor's part of an allocation.</summary>
/// <param name="Contributor">Who is paid.</param>
/// <param name="WeightPpb">Weight in parts per billion, at least 1.</param>
public readonly record struct ContributorShare(ContributorId Contributor, ulong WeightPpb);
