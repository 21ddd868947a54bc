namespace OpenLedger.Attribution.Gradients;

/// <summary>Per-sample gradients, <c>[samples, parameters]</c>, one row per sample, divided into named blocks.</summary>
/// <remarks>
/// Each row is an array of its own. So the matrix may exceed the 2^31 elements of one array, a slice costs nothing, and no
/// allocation is larger than one row. Rows are plain managed memory: nothing needs disposing, and no tensor library is involved.
/// Concurrent reads are safe; writing a row while another thread reads it is not.
/// </remarks>
public sealed class GradientMatrix
{
    private readonly float[][] _rows;

    /// <summary>Creates a matrix of zeros.</summary>
    /// <param name="layout">The blocks of a row.</param>
    /// <param name="sampleCount">Number of rows, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sampleCount"/> is negative.</exception>
    public GradientMatrix(GradientLayout layout, int sampleCount)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfNegative(sampleCount);
        Layout = layout;
        _rows = new float[sampleCount][];
        for (int i = 0; i < sampleCount; i++)
        {
            _rows[i] = new float[layout.ParameterCount];
        }
    }

    private GradientMatrix(GradientLayout layout, float[][] rows)
    {
        Layout = layout;
        _rows = rows;
    }

    /// <summary>The blocks of a row.</summary>
    public GradientLayout Layout { get; }

    /// <summary>Number of rows.</summary>
    public int SampleCount => _rows.Length;

    /// <summary>Number of columns.</summary>
    public int ParameterCount => Layout.ParameterCount;

    /// <summary>The gradient of one sample, <c>[parameters]</c>, writable in place.</summary>
    /// <param name="sample">Row index from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Span<float> Row(int sample)
    {
        ThrowIfNotARow(sample);
        return _rows[sample];
    }

    /// <summary>One block of one sample's gradient, <c>[block.Length]</c>, writable in place.</summary>
    /// <param name="sample">Row index from 0.</param>
    /// <param name="block">Index of the block in the layout.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row or block.</exception>
    public Span<float> Row(int sample, int block)
    {
        ThrowIfNotARow(sample);
        ArgumentOutOfRangeException.ThrowIfNegative(block);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, Layout.Blocks.Count);
        GradientBlock columns = Layout.Blocks[block];
        return _rows[sample].AsSpan(columns.Offset, columns.Length);
    }

    /// <summary>Rows <c>start .. start + count</c> as a matrix that shares their memory.</summary>
    /// <param name="start">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <returns>A view: writing to it writes to this matrix.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the matrix.</exception>
    public GradientMatrix Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, SampleCount - start);
        return new GradientMatrix(Layout, _rows.AsSpan(start, count).ToArray());
    }

    private void ThrowIfNotARow(int sample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, _rows.Length);
    }
}
