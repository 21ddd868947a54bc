namespace OpenLedger.Attribution.Evaluation;

/// <summary>Where the records that really hold an answer stand in a ranking by score: how attribution methods are compared.</summary>
public static class RankOfTruth
{
    /// <summary>Rank of the best-placed true record, from 1. Ties count against it: equal scores of other records rank before it.</summary>
    /// <param name="scores">One score per record, higher is better; no NaN.</param>
    /// <param name="truth">Indices of the records that hold the answer, at least one.</param>
    /// <returns>1 plus the number of false records that score at least as high as the best true one.</returns>
    /// <remarks>Several true records do not count against each other.</remarks>
    /// <exception cref="ArgumentException">There is no true record, or a score is NaN.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A true record is not among the scores.</exception>
    public static int Of(ReadOnlySpan<double> scores, IReadOnlyCollection<int> truth)
    {
        ArgumentNullException.ThrowIfNull(truth);
        if (truth.Count == 0)
        {
            throw new ArgumentException("There is no true record; leave the query out.", nameof(truth));
        }

        double best = double.NegativeInfinity;
        foreach (int record in truth)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(record, nameof(truth));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(record, scores.Length, nameof(truth));
            best = Math.Max(best, scores[record]);
        }

        HashSet<int> trueRecords = [.. truth];
        int rank = 1;
        for (int i = 0; i < scores.Length; i++)
        {
            if (double.IsNaN(scores[i]))
            {
                throw new ArgumentException($"The score of record {i} is NaN.", nameof(scores));
            }

            if (scores[i] >= best && !trueRecords.Contains(i))
            {
                rank++;
            }
        }

        return rank;
    }
}
