using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Reputation;

/// <summary>What one contributor adds to the credibility of a datanet.</summary>
/// <param name="Contributor">Who.</param>
/// <param name="Records">Of how many records.</param>
/// <param name="Weight">The sum of their weights.</param>
/// <param name="Credibility">The sum of their terms.</param>
public sealed record CredibilityShare(ContributorId Contributor, int Records, double Weight, double Credibility);
