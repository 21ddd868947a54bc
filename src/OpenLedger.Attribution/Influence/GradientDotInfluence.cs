namespace OpenLedger.Attribution.Influence;

/// <summary>The plain dot product <c>v · g_i</c>: influence with the identity as curvature, "Hessian-free".</summary>
/// <remarks>The baseline every influence method has to beat. Immutable, deterministic and safe for concurrent use.</remarks>
public sealed class GradientDotInfluence : IInfluenceMethod
{
    /// <inheritdoc/>
    public string Name => "gradient-dot";

    /// <inheritdoc/>
    public ProductDetail Detail => ProductDetail.Joint;

    /// <inheritdoc/>
    public InfluenceScores Score(GradientProducts products)
    {
        ArgumentNullException.ThrowIfNull(products);
        return new InfluenceScores(Name, products.QueryCount, products.TrainCount, products.SumQueryTrain());
    }
}
