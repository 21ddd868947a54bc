namespace OpenLedger.Lora.Kernels;

/// <summary>A weight in single precision, read in place.</summary>
internal sealed class SingleMatrix : WeightMatrix
{
    private readonly ReadOnlyMemory<float> _values;

    /// <summary>Wraps memory, mapped or not, without copying it.</summary>
    /// <param name="values">Row-major <c>[outFeatures, inFeatures]</c>; any alignment.</param>
    /// <param name="outFeatures">m ≥ 1.</param>
    /// <param name="inFeatures">n ≥ 1.</param>
    /// <exception cref="ArgumentException">The memory does not have the shape.</exception>
    public SingleMatrix(ReadOnlyMemory<float> values, int outFeatures, int inFeatures)
        : base(outFeatures, inFeatures)
    {
        RequireLength(values.Length, (long)outFeatures * inFeatures, nameof(values));
        _values = values;
    }

    public override long ByteLength => (long)_values.Length * sizeof(float);

    public override string FormatName => "F32";

    /// <summary>The numbers in place, <c>[m, n]</c>.</summary>
    public ReadOnlySpan<float> Span => _values.Span;

    protected override void ReadRowCore(int row, Span<float> destination) =>
        _values.Span.Slice(row * InFeatures, InFeatures).CopyTo(destination);
}
