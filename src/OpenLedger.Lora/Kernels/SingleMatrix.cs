namespace OpenLedger.Lora.Kernels;

/// <summary>A weight in single precision, read in place.</summary>
internal sealed unsafe class SingleMatrix : WeightMatrix
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

    private protected override ActivationForms Forms => ActivationForms.Plain;

    private protected override void ReadRowCore(int row, Span<float> destination) =>
        _values.Span.Slice(row * InFeatures, InFeatures).CopyTo(destination);

    private protected override void MultiplyRows(in Activations x, float* y, int begin, int end)
    {
        int n = InFeatures;
        int m = OutFeatures;
        int stride = x.PlainStride;
        fixed (float* w = _values.Span)
        {
            if (stride == n)
            {
                DotTiles.Multiply(x.Lanes, x.Plain, n, w + ((nint)begin * n), n, y + begin, m, x.Tokens, end - begin, n);
                return;
            }

            int stripRows = Math.Min(Strips.Rows(x.Tokens, stride), end - begin);
            using AlignedBuffer strip = new((long)stripRows * stride * sizeof(float));
            for (int i = begin; i < end; i += stripRows)
            {
                int rows = Math.Min(stripRows, end - i);
                MatrixProduct.PadRows(w + ((nint)i * n), rows, n, (float*)strip.Pointer, stride);
                DotTiles.Multiply(x.Lanes, x.Plain, stride, (float*)strip.Pointer, stride, y + i, m, x.Tokens, rows, stride);
            }
        }
    }
}
