namespace OpenLedger.Attribution.Evaluation;

/// <summary>How many queries have a true record among the first k.</summary>
/// <param name="Hits">Queries with a true record among the first k.</param>
/// <param name="Total">All queries.</param>
public readonly record struct HitRate(int Hits, int Total)
{
    /// <summary>Hits over total; NaN without queries.</summary>
    public double Rate => (double)Hits / Total;

    /// <summary>Counts hits.</summary>
    /// <param name="ranks">Rank of the truth in each query, from 1; see <see cref="RankOfTruth.Of"/>.</param>
    /// <param name="k">How many first places count, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rank or <paramref name="k"/> is below 1.</exception>
    public static HitRate AtMost(IReadOnlyCollection<int> ranks, int k)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        int hits = 0;
        foreach (int rank in ranks)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1, nameof(ranks));
            hits += rank <= k ? 1 : 0;
        }

        return new HitRate(hits, ranks.Count);
    }
}
