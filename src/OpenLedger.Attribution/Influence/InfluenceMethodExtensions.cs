using OpenLedger.Attribution.Gradients;

namespace OpenLedger.Attribution.Influence;

/// <summary>Scoring straight from gradients.</summary>
public static class InfluenceMethodExtensions
{
    /// <summary>Computes the products the method needs and scores every pair.</summary>
    /// <param name="method">The influence method.</param>
    /// <param name="train">Training gradients, <c>[n, P]</c>, at least one row.</param>
    /// <param name="queries">Query gradients, <c>[m, P]</c>, of the same layout.</param>
    /// <param name="cancellationToken">Stops while products are computed.</param>
    /// <returns>Scores <c>[m, n]</c>; above 0 means that the record helped.</returns>
    /// <exception cref="ArgumentException">The layouts differ, there is no training row, or a gradient holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static InfluenceScores Score(
        this IInfluenceMethod method, GradientMatrix train, GradientMatrix queries, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        return method.Score(GradientProducts.Compute(train, queries, method.Detail, cancellationToken));
    }
}
