using System.Diagnostics;
using OpenLedger.Attribution.Gradients;
using OpenLedger.Attribution.Influence.Kernels;

namespace OpenLedger.Attribution.Influence;

/// <summary>
/// The dot products of gradients that every influence method of this package is a function of: training with training
/// (<c>K = G Gᵀ</c>) and query with training (<c>C = V Gᵀ</c>), for each block of the layout.
/// </summary>
/// <remarks>
/// <para>Computing them is nearly all of the work (n² P + n m P multiply-adds for n training rows, m queries, P parameters), so
/// compute them once and hand them to several methods; <see cref="WithQueries"/> keeps the training part for further queries.</para>
/// <para>Float inputs, double products and sums, fixed order of addition: the same bits on every machine and thread count, and a
/// row's products do not depend on which other rows are in the batch.</para>
/// <para>Memory: 8 n² bytes per block for K and 8 n m for C. With many blocks and thousands of rows use
/// <see cref="ProductDetail.Joint"/>. Immutable and safe for concurrent use, as long as nobody writes to the gradients.</para>
/// </remarks>
public sealed class GradientProducts
{
    private readonly GradientMatrix? _train;
    private readonly double[][] _trainTrain;
    private readonly double[][] _queryTrain;
    private readonly double[] _querySquaredNorms;
    private readonly int[] _blockLengths;

    private GradientProducts(
        GradientMatrix? train, ProductDetail detail, int trainCount, int queryCount,
        int[] blockLengths, double[][] trainTrain, double[][] queryTrain, double[] querySquaredNorms)
    {
        _train = train;
        Detail = detail;
        TrainCount = trainCount;
        QueryCount = queryCount;
        _blockLengths = blockLengths;
        _trainTrain = trainTrain;
        _queryTrain = queryTrain;
        _querySquaredNorms = querySquaredNorms;
    }

    /// <summary>Whether blocks are kept apart.</summary>
    public ProductDetail Detail { get; }

    /// <summary>Training rows n.</summary>
    public int TrainCount { get; }

    /// <summary>Query rows m.</summary>
    public int QueryCount { get; }

    /// <summary>Number of blocks; 1 with <see cref="ProductDetail.Joint"/>.</summary>
    public int BlockCount => _blockLengths.Length;

    /// <summary>Parameters P over all blocks.</summary>
    public long ParameterCount => _blockLengths.Sum(static length => (long)length);

    /// <summary>Computes all products.</summary>
    /// <param name="train">Training gradients, <c>[n, P]</c>, at least one row.</param>
    /// <param name="queries">Query gradients, <c>[m, P]</c>, of the same layout; m may be 0.</param>
    /// <param name="detail">Whether blocks are kept apart, as DataInf needs.</param>
    /// <param name="cancellationToken">Stops between tiles.</param>
    /// <exception cref="ArgumentException">The layouts differ, there is no training row, or a gradient holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static GradientProducts Compute(
        GradientMatrix train, GradientMatrix queries, ProductDetail detail = ProductDetail.PerBlock, CancellationToken cancellationToken = default) =>
        Compute(train, queries, detail, parallelism: -1, cancellationToken);

    /// <summary>The same training gradients with other queries; the training part is shared, not recomputed.</summary>
    /// <param name="queries">Query gradients, <c>[m, P]</c>, of the training layout.</param>
    /// <param name="cancellationToken">Stops between tiles.</param>
    /// <exception cref="ArgumentException">The layouts differ, or a gradient holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public GradientProducts WithQueries(GradientMatrix queries, CancellationToken cancellationToken = default)
    {
        GradientMatrix train = _train ?? throw new InvalidOperationException("These products were not computed from gradients.");
        return AddQueries(train, Detail, _blockLengths, _trainTrain, queries, parallelism: -1, cancellationToken);
    }

    /// <summary><c>K</c> of one block, row-major <c>[n, n]</c>, symmetric.</summary>
    /// <param name="block">Index of the block.</param>
    public ReadOnlySpan<double> TrainTrain(int block) => _trainTrain[block];

    /// <summary><c>C</c> of one block, row-major <c>[m, n]</c>.</summary>
    /// <param name="block">Index of the block.</param>
    public ReadOnlySpan<double> QueryTrain(int block) => _queryTrain[block];

    /// <summary>Squared length of each query gradient over all blocks, <c>[m]</c>.</summary>
    public ReadOnlySpan<double> QuerySquaredNorms => _querySquaredNorms;

    internal int BlockLength(int block) => _blockLengths[block];

    internal double[] SumTrainTrain() => Sum(_trainTrain, TrainCount * TrainCount);

    internal double[] SumQueryTrain() => Sum(_queryTrain, QueryCount * TrainCount);

    internal static GradientProducts FromProducts(
        int trainCount, int queryCount, int[] blockLengths, double[][] trainTrain, double[][] queryTrain, double[] querySquaredNorms) =>
        new(null, ProductDetail.PerBlock, trainCount, queryCount, blockLengths, trainTrain, queryTrain, querySquaredNorms);

    internal static GradientProducts Compute(
        GradientMatrix train, GradientMatrix queries, ProductDetail detail, int parallelism, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(train);
        ThrowIfLayoutsDiffer(train, queries);
        int n = train.SampleCount;
        if (n == 0)
        {
            throw new ArgumentException("There are no training gradients; influence is defined over at least one record.", nameof(train));
        }

        if ((long)n * n > Array.MaxLength)
        {
            throw new ArgumentException($"{n} training rows need a matrix of {(long)n * n} products, more than the {Array.MaxLength} of one array; score in groups of records.", nameof(train));
        }

        int blocks = train.Layout.Blocks.Count;
        int[] lengths = detail == ProductDetail.PerBlock ? [.. train.Layout.Blocks.Select(static b => b.Length)] : [train.ParameterCount];
        double[][] trainTrain = NewProducts(lengths.Length, n * n);
        int tiles = (n + GramKernels.TileRows - 1) / GramKernels.TileRows;
        List<(int Row, int Column)> pairs = [];
        for (int row = 0; row < tiles; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                pairs.Add((row * GramKernels.TileRows, column * GramKernels.TileRows));
            }
        }

        ForEachTile(pairs, blocks, detail, Options(parallelism, cancellationToken), (pair, block, tile) =>
        {
            int rows = Math.Min(GramKernels.TileRows, n - pair.Row);
            int columns = Math.Min(GramKernels.TileRows, n - pair.Column);
            GramKernels.MultiplyTile(train, pair.Row, rows, train, pair.Column, columns, block, tile);
            double[] target = trainTrain[detail == ProductDetail.PerBlock ? block : 0];
            AddTile(tile, rows, columns, target, n, pair.Row, pair.Column);
            if (pair.Row != pair.Column)
            {
                AddTransposedTile(tile, rows, columns, target, n, pair.Row, pair.Column);
            }
        });

        for (int i = 0; i < n; i++)
        {
            double squaredNorm = trainTrain.Sum(k => k[(i * n) + i]);
            ThrowIfNotFinite(squaredNorm, i, nameof(train));
        }

        return AddQueries(train, detail, lengths, trainTrain, queries, parallelism, cancellationToken);
    }

    private static GradientProducts AddQueries(
        GradientMatrix train, ProductDetail detail, int[] lengths, double[][] trainTrain,
        GradientMatrix queries, int parallelism, CancellationToken cancellationToken)
    {
        ThrowIfLayoutsDiffer(train, queries);
        int n = train.SampleCount;
        int m = queries.SampleCount;
        if ((long)n * m > Array.MaxLength)
        {
            throw new ArgumentException($"{m} queries times {n} training rows exceed the {Array.MaxLength} elements of one array; score in batches of queries.", nameof(queries));
        }

        double[] squaredNorms = new double[m];
        Parallel.For(0, m, Options(parallelism, cancellationToken), q =>
        {
            double sum = 0;
            foreach (float value in queries.Row(q))
            {
                sum += (double)value * value;
            }

            squaredNorms[q] = sum;
        });
        for (int q = 0; q < m; q++)
        {
            ThrowIfNotFinite(squaredNorms[q], q, nameof(queries));
        }

        double[][] queryTrain = NewProducts(lengths.Length, n * m);
        List<(int Row, int Column)> pairs = [];
        for (int row = 0; row < m; row += GramKernels.TileRows)
        {
            for (int column = 0; column < n; column += GramKernels.TileRows)
            {
                pairs.Add((row, column));
            }
        }

        ForEachTile(pairs, train.Layout.Blocks.Count, detail, Options(parallelism, cancellationToken), (pair, block, tile) =>
        {
            int rows = Math.Min(GramKernels.TileRows, m - pair.Row);
            int columns = Math.Min(GramKernels.TileRows, n - pair.Column);
            GramKernels.MultiplyTile(queries, pair.Row, rows, train, pair.Column, columns, block, tile);
            AddTile(tile, rows, columns, queryTrain[detail == ProductDetail.PerBlock ? block : 0], n, pair.Row, pair.Column);
        });

        return new GradientProducts(train, detail, n, m, lengths, trainTrain, queryTrain, squaredNorms);
    }

    // One work item writes one region of one output, so no order of completion shows in the result. Blocks kept apart are
    // independent outputs; blocks summed jointly are visited in order inside the item.
    private static void ForEachTile(
        List<(int Row, int Column)> pairs, int blocks, ProductDetail detail, ParallelOptions options,
        Action<(int Row, int Column), int, double[]> body)
    {
        int groups = detail == ProductDetail.PerBlock ? blocks : 1;
        int perGroup = blocks / groups;
        long items = (long)groups * pairs.Count;
        Parallel.For(0L, items, options, static () => new double[GramKernels.TileRows * GramKernels.TileRows], (item, _, tile) =>
        {
            (int row, int column) = pairs[(int)(item % pairs.Count)];
            int first = (int)(item / pairs.Count) * perGroup;
            for (int block = first; block < first + perGroup; block++)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                body((row, column), block, tile);
            }

            return tile;
        }, static _ => { });
    }

    private static ParallelOptions Options(int parallelism, CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };

    private static void AddTile(double[] tile, int rows, int columns, double[] target, int stride, int row, int column)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                target[((row + i) * stride) + column + j] += tile[(i * GramKernels.TileRows) + j];
            }
        }
    }

    private static void AddTransposedTile(double[] tile, int rows, int columns, double[] target, int stride, int row, int column)
    {
        for (int j = 0; j < columns; j++)
        {
            for (int i = 0; i < rows; i++)
            {
                target[((column + j) * stride) + row + i] += tile[(i * GramKernels.TileRows) + j];
            }
        }
    }

    private static double[][] NewProducts(int blocks, int length)
    {
        double[][] products = new double[blocks][];
        for (int block = 0; block < blocks; block++)
        {
            products[block] = new double[length];
        }

        return products;
    }

    private static double[] Sum(double[][] parts, int length)
    {
        Debug.Assert(parts.All(part => part.Length == length));
        double[] sum = (double[])parts[0].Clone();
        for (int block = 1; block < parts.Length; block++)
        {
            System.Numerics.Tensors.TensorPrimitives.Add(sum, parts[block], sum);
        }

        return sum;
    }

    private static void ThrowIfLayoutsDiffer(GradientMatrix train, GradientMatrix queries)
    {
        ArgumentNullException.ThrowIfNull(queries);
        if (!train.Layout.Equals(queries.Layout))
        {
            throw new ArgumentException(
                $"The query gradients have {queries.Layout.Blocks.Count} blocks with {queries.ParameterCount} parameters, the training gradients "
                + $"{train.Layout.Blocks.Count} with {train.ParameterCount}; both need the same names and lengths in the same order. Capture both from one adapter.",
                nameof(queries));
        }
    }

    private static void ThrowIfNotFinite(double squaredNorm, int row, string parameter)
    {
        if (!double.IsFinite(squaredNorm))
        {
            throw new ArgumentException($"The gradient in row {row} holds NaN or infinity; drop the record or lower the learning rate it was trained with.", parameter);
        }
    }
}
