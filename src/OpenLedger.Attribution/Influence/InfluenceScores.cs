namespace OpenLedger.Attribution.Influence;

/// <summary>Influence of every training record on every query, <c>[queries, train]</c>.</summary>
/// <remarks>Above 0 means that the record helped: without it the loss of the query would be higher. Immutable.</remarks>
public sealed class InfluenceScores
{
    private readonly double[] _values;

    internal InfluenceScores(string method, int queryCount, int trainCount, double[] values)
    {
        Method = method;
        QueryCount = queryCount;
        TrainCount = trainCount;
        _values = values;
    }

    /// <summary>Puts the queries of several results behind one another.</summary>
    /// <param name="parts">Results of one method over the same records, at least one.</param>
    /// <exception cref="ArgumentException">There is no part, or the parts differ in method or records.</exception>
    public static InfluenceScores Concatenate(IReadOnlyList<InfluenceScores> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
        {
            throw new ArgumentException("There is no result to put together; give at least one.", nameof(parts));
        }

        if (parts.FirstOrDefault(p => p.Method != parts[0].Method || p.TrainCount != parts[0].TrainCount) is { } other)
        {
            throw new ArgumentException(
                $"'{other.Method}' over {other.TrainCount} records does not continue '{parts[0].Method}' over {parts[0].TrainCount} records.", nameof(parts));
        }

        return new InfluenceScores(parts[0].Method, parts.Sum(p => p.QueryCount), parts[0].TrainCount, [.. parts.SelectMany(p => p._values)]);
    }

    /// <summary>Name of the method that computed the scores.</summary>
    public string Method { get; }

    /// <summary>Number of queries.</summary>
    public int QueryCount { get; }

    /// <summary>Number of training records.</summary>
    public int TrainCount { get; }

    /// <summary>The influence of one record on one query.</summary>
    /// <param name="query">Query index from 0.</param>
    /// <param name="record">Training index from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such query or record.</exception>
    public double this[int query, int record]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(record);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(record, TrainCount);
            return Query(query)[record];
        }
    }

    /// <summary>The influence of every record on one query, <c>[train]</c>.</summary>
    /// <param name="query">Query index from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such query.</exception>
    public ReadOnlySpan<double> Query(int query)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(query);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(query, QueryCount);
        return _values.AsSpan(query * TrainCount, TrainCount);
    }

    /// <summary>Indices of the most helpful records of one query, best first, equal scores by ascending index.</summary>
    /// <param name="query">Query index from 0.</param>
    /// <param name="count">How many; fewer where there are fewer records.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such query, or the count is negative.</exception>
    public IReadOnlyList<int> Top(int query, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        double[] scores = Query(query).ToArray();
        return [.. Enumerable.Range(0, TrainCount).OrderByDescending(i => scores[i]).ThenBy(static i => i).Take(count)];
    }

    /// <summary>The influence of every record summed over all queries, <c>[train]</c>.</summary>
    public double[] SumOverQueries()
    {
        double[] sums = new double[TrainCount];
        for (int query = 0; query < QueryCount; query++)
        {
            System.Numerics.Tensors.TensorPrimitives.Add(sums, Query(query), sums);
        }

        return sums;
    }
}
