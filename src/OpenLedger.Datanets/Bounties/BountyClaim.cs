using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Bounties;

/// <summary>An accepted record that earns a reward, in datanets that accept without a review queue.</summary>
/// <param name="Record">The accepted record.</param>
/// <param name="Contributor">Who gave it.</param>
/// <param name="Contribution">The contribution it came with; needed under <see cref="BountyRule.PerContribution"/>.</param>
public sealed record BountyClaim(RecordDigest Record, ContributorId Contributor, Sha256Digest? Contribution = null);
