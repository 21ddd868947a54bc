// Shape legend: t = tokens, m = out features, n = in features. Everything is row-major.
using System.Buffers;
using System.Diagnostics;

namespace OpenLedger.Lora.Kernels;

/// <summary>The weight of a linear layer in the number format that it is kept in: the right factor of a product, transposed.</summary>
/// <remarks>Immutable and safe for concurrent use. What memory it reads belongs to who created it and must outlive it unchanged.</remarks>
internal abstract class WeightMatrix
{
    private const int StripRows = 64;

    /// <summary>Sets the shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is less than 1.</exception>
    protected WeightMatrix(int outFeatures, int inFeatures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outFeatures, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inFeatures, 1);
        OutFeatures = outFeatures;
        InFeatures = inFeatures;
    }

    /// <summary>m, the rows.</summary>
    public int OutFeatures { get; }

    /// <summary>n, the columns.</summary>
    public int InFeatures { get; }

    /// <summary>Bytes that one product reads: numbers and scales.</summary>
    public abstract long ByteLength { get; }

    /// <summary>The format as files call it: <c>F32</c>, <c>BF16</c>, <c>F16</c>, <c>I8</c>, <c>Q8_0</c>, <c>Q4_0</c>, <c>NF4</c>.</summary>
    public abstract string FormatName { get; }

    /// <summary><c>y_tm = x_tn · transpose(W)</c></summary>
    /// <param name="x_tn">Activations, <c>[t, n]</c>.</param>
    /// <param name="tokens">t ≥ 0.</param>
    /// <param name="workers">Splits rows of the weight among threads where that pays.</param>
    /// <param name="y_tm">Receives <c>[t, m]</c>. Must not overlap the input.</param>
    public void Multiply(ReadOnlySpan<float> x_tn, int tokens, WorkerLimit workers, Span<float> y_tm)
    {
        Debug.Assert(x_tn.Length == (long)tokens * InFeatures && y_tm.Length == (long)tokens * OutFeatures, "shapes must agree");
        if (this is SingleMatrix single)
        {
            MatrixProduct.Multiply(x_tn, single.Span, tokens, InFeatures, workers, y_tm);
            return;
        }

        float[] strip = ArrayPool<float>.Shared.Rent(StripRows * InFeatures);
        float[] part = ArrayPool<float>.Shared.Rent(StripRows * tokens);
        for (int begin = 0; begin < OutFeatures; begin += StripRows)
        {
            int rows = Math.Min(StripRows, OutFeatures - begin);
            for (int i = 0; i < rows; i++)
            {
                ReadRow(begin + i, strip.AsSpan(i * InFeatures, InFeatures));
            }

            MatrixProduct.Multiply(x_tn, strip.AsSpan(0, rows * InFeatures), tokens, InFeatures, workers, part.AsSpan(0, rows * tokens));
            for (int t = 0; t < tokens; t++)
            {
                part.AsSpan(t * rows, rows).CopyTo(y_tm[((t * OutFeatures) + begin)..]);
            }
        }

        ArrayPool<float>.Shared.Return(strip);
        ArrayPool<float>.Shared.Return(part);
    }

    /// <summary>Two products of one input, as gate and up have: the input is read once and one parallel region covers both.</summary>
    /// <param name="first">Has n columns.</param>
    /// <param name="second">Has n columns; any rows, any format.</param>
    /// <param name="x_tn">Activations, <c>[t, n]</c>.</param>
    /// <param name="tokens">t ≥ 0.</param>
    /// <param name="workers">Splits rows of both weights among threads where that pays.</param>
    /// <param name="y1">Receives <c>[t, m1]</c>; bit for bit what <see cref="Multiply"/> gives.</param>
    /// <param name="y2">Receives <c>[t, m2]</c>.</param>
    public static void MultiplyAll(
        WeightMatrix first, WeightMatrix second, ReadOnlySpan<float> x_tn, int tokens, WorkerLimit workers, Span<float> y1, Span<float> y2)
    {
        first.Multiply(x_tn, tokens, workers, y1);
        second.Multiply(x_tn, tokens, workers, y2);
    }

    /// <summary>Three products of one input, as query, key and value have.</summary>
    /// <inheritdoc cref="MultiplyAll(WeightMatrix, WeightMatrix, ReadOnlySpan{float}, int, WorkerLimit, Span{float}, Span{float})"/>
    public static void MultiplyAll(
        WeightMatrix first,
        WeightMatrix second,
        WeightMatrix third,
        ReadOnlySpan<float> x_tn,
        int tokens,
        WorkerLimit workers,
        Span<float> y1,
        Span<float> y2,
        Span<float> y3)
    {
        first.Multiply(x_tn, tokens, workers, y1);
        second.Multiply(x_tn, tokens, workers, y2);
        third.Multiply(x_tn, tokens, workers, y3);
    }

    /// <summary>One row in single precision, as an embedding reads it.</summary>
    /// <param name="row">0-based.</param>
    /// <param name="destination">Receives <c>[n]</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="row"/> is out of range.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    public void ReadRow(int row, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, OutFeatures);
        if (destination.Length != InFeatures)
        {
            throw new ArgumentException($"The destination has {destination.Length} places for a row of {InFeatures} values.", nameof(destination));
        }

        ReadRowCore(row, destination);
    }

    /// <summary>All rows in single precision, <c>[m, n]</c>.</summary>
    public float[] ToSingles()
    {
        float[] values = new float[checked(OutFeatures * InFeatures)];
        for (int row = 0; row < OutFeatures; row++)
        {
            ReadRowCore(row, values.AsSpan(row * InFeatures, InFeatures));
        }

        return values;
    }

    /// <summary>A row whose index and destination have been checked.</summary>
    protected abstract void ReadRowCore(int row, Span<float> destination);

    /// <summary>Throws unless memory holds exactly the elements of the shape.</summary>
    protected static void RequireLength(int length, long expected, string parameterName)
    {
        if (length != expected)
        {
            throw new ArgumentException($"The memory has {length} elements; the shape needs {expected}.", parameterName);
        }
    }
}
