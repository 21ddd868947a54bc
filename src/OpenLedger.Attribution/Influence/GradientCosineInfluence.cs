namespace OpenLedger.Attribution.Influence;

/// <summary>The cosine <c>v · g_i / (‖v‖ ‖g_i‖)</c> over all parameters, in [-1, 1]; 0 where a gradient is zero.</summary>
/// <remarks>Blind to the size of a gradient, which makes it robust against outliers. Immutable, deterministic, safe for concurrent use.</remarks>
public sealed class GradientCosineInfluence : IInfluenceMethod
{
    /// <inheritdoc/>
    public string Name => "gradient-cosine";

    /// <inheritdoc/>
    public ProductDetail Detail => ProductDetail.Joint;

    /// <inheritdoc/>
    public InfluenceScores Score(GradientProducts products)
    {
        ArgumentNullException.ThrowIfNull(products);
        int n = products.TrainCount;
        double[] gram = products.SumTrainTrain();
        double[] scores = products.SumQueryTrain();
        for (int q = 0; q < products.QueryCount; q++)
        {
            for (int i = 0; i < n; i++)
            {
                // Roots first: the product of two squared lengths could leave the range of a double.
                double lengths = Math.Sqrt(products.QuerySquaredNorms[q]) * Math.Sqrt(gram[(i * n) + i]);
                int k = (q * n) + i;
                scores[k] = lengths > 0 ? Math.Clamp(scores[k] / lengths, -1, 1) : 0;
            }
        }

        return new InfluenceScores(Name, products.QueryCount, n, scores);
    }
}
