using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Reputation;

/// <summary>One term of the credibility of a datanet.</summary>
/// <param name="Record">The record.</param>
/// <param name="Contributor">Who gave it.</param>
/// <param name="Weight">w: the staking weight, finite and at least 0.</param>
/// <param name="Quality">f(x, y): the quality score of the validation, 0 to 1.</param>
public sealed record CredibilityItem(RecordDigest Record, ContributorId Contributor, double Weight, double Quality);
