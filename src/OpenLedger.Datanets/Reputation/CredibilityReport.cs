namespace OpenLedger.Datanets.Reputation;

/// <summary>The credibility of a datanet. Immutable. Doubles: never hashed, never paid by.</summary>
/// <param name="Total">C(D), the sum of weight times quality; grows with the datanet.</param>
/// <param name="Normalized">C(D) over the sum of weights: the weighted mean quality, 0 to 1; 0 without weight.</param>
/// <param name="Shares">Who adds what, the greatest credibility first, ties by id; they sum to the total up to rounding.</param>
public sealed record CredibilityReport(double Total, double Normalized, IReadOnlyList<CredibilityShare> Shares);
