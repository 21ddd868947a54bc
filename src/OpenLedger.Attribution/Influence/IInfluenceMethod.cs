namespace OpenLedger.Attribution.Influence;

/// <summary>A way to say how much each training record helped or harmed each query, from gradients alone.</summary>
/// <remarks>Implementations are immutable, deterministic and safe for concurrent use.</remarks>
public interface IInfluenceMethod
{
    /// <summary>Short stable name for reports, such as <c>empirical-fisher</c>.</summary>
    string Name { get; }

    /// <summary>The products the method needs: <see cref="ProductDetail.Joint"/> methods accept both kinds.</summary>
    ProductDetail Detail { get; }

    /// <summary>Scores every pair.</summary>
    /// <param name="products">Products of training and query gradients.</param>
    /// <returns>Scores <c>[queries, train]</c>; above 0 means that the record helped, that is, lowered the loss of the query.</returns>
    /// <exception cref="ArgumentException">The products lack the blocks the method needs, or its damping does not suit them.</exception>
    InfluenceScores Score(GradientProducts products);
}
