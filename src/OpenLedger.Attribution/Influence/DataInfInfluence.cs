using OpenLedger.Attribution.Influence.Kernels;

namespace OpenLedger.Attribution.Influence;

/// <summary>DataInf, the published closed form that swaps the inverse of a mean for the mean of inverses, per weight tensor.</summary>
/// <remarks>
/// <para>Per block l with <c>K = G_l G_lᵀ</c>, <c>c = V_l G_lᵀ</c>, <c>λ = multiple · mean(G_l²)</c>:
/// <c>S += (1/λ) [c - (1/n) (c ⊘ (λ + diag K)ᵀ) K]</c>. The published score is <c>-S</c>, negative for helpful records; this package
/// reports <c>S</c>, so that above 0 means helpful. A block whose training gradients are all zero (such as every <c>lora_A</c> while
/// <c>lora_B</c> is zero) adds nothing.</para>
/// <para>Source: Kwon, Wu, Wu, Zou, "DataInf", ICLR 2024 (arXiv 2310.00902). Kept for comparison with systems that use it; for more
/// than a few records it ranks nearly as a plain gradient product. Immutable, deterministic and safe for concurrent use.</para>
/// </remarks>
public sealed class DataInfInfluence : IInfluenceMethod
{
    private readonly double _dampingMultiple;

    /// <summary>Creates the method.</summary>
    /// <param name="dampingMultiple">λ of a block over the mean of its squared gradient elements; 0.1 as published. Finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The multiple is not finite or not above 0.</exception>
    public DataInfInfluence(double dampingMultiple = 0.1)
    {
        if (!double.IsFinite(dampingMultiple) || dampingMultiple <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(dampingMultiple), dampingMultiple, "The damping multiple must be finite and above 0; published is 0.1.");
        }

        _dampingMultiple = dampingMultiple;
    }

    /// <inheritdoc/>
    public string Name => "datainf";

    /// <inheritdoc/>
    public ProductDetail Detail => ProductDetail.PerBlock;

    /// <inheritdoc/>
    public InfluenceScores Score(GradientProducts products)
    {
        ArgumentNullException.ThrowIfNull(products);
        if (products.Detail != ProductDetail.PerBlock)
        {
            throw new ArgumentException($"DataInf damps each weight tensor apart; compute the products with {nameof(ProductDetail)}.{nameof(ProductDetail.PerBlock)}.", nameof(products));
        }

        int n = products.TrainCount;
        int m = products.QueryCount;
        double[] scores = new double[m * n];
        for (int block = 0; block < products.BlockCount; block++)
        {
            int current = block;
            double trace = 0;
            for (int i = 0; i < n; i++)
            {
                trace += products.TrainTrain(block)[(i * n) + i];
            }

            double lambda = _dampingMultiple * (trace / ((double)n * products.BlockLength(block)));
            if (lambda > 0)
            {
                Parallel.For(0, m, query => AddBlock(products, current, query, lambda, scores.AsSpan(query * n, n)));
            }
        }

        return new InfluenceScores(Name, m, n, scores);
    }

    private static void AddBlock(GradientProducts products, int block, int query, double lambda, Span<double> scores)
    {
        int n = scores.Length;
        ReadOnlySpan<double> gram = products.TrainTrain(block);
        ReadOnlySpan<double> c = products.QueryTrain(block).Slice(query * n, n);
        double[] weights = new double[n];
        for (int i = 0; i < n; i++)
        {
            weights[i] = c[i] / (lambda + gram[(i * n) + i]);
        }

        for (int k = 0; k < n; k++)
        {
            // K is symmetric, so that the correction for k is a product with row k.
            scores[k] += (c[k] - (OrderedDot.Dot(weights, gram.Slice(k * n, n)) / n)) / lambda;
        }
    }
}
