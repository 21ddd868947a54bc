namespace OpenLedger.Datanets.Review;

/// <summary>How much reviewers agree beyond chance.</summary>
/// <param name="Value">1 for perfect agreement, 0 for what chance alone gives, negative for less than that.</param>
/// <param name="Observed">The share of agreement that was seen; for alpha, 1 minus the observed disagreement relative to the greatest distance.</param>
/// <param name="Expected">The share that chance alone gives, in the same terms.</param>
/// <param name="HasVariation">
/// Whether more than one category was used. Without variation the formulas divide zero by zero; <paramref name="Value"/> is then 1 by
/// definition here, and says nothing about the reviewers.
/// </param>
public readonly record struct AgreementResult(double Value, double Observed, double Expected, bool HasVariation);
