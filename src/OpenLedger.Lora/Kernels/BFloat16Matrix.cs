using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Kernels;

/// <summary>A weight in bfloat16, the upper half of a single, read in place.</summary>
internal sealed unsafe class BFloat16Matrix : WeightMatrix
{
    private readonly ReadOnlyMemory<ushort> _values;

    /// <summary>Wraps memory, mapped or not, without copying it.</summary>
    /// <param name="values">The bits, row-major <c>[outFeatures, inFeatures]</c>; any alignment.</param>
    /// <param name="outFeatures">m ≥ 1.</param>
    /// <param name="inFeatures">n ≥ 1.</param>
    /// <exception cref="ArgumentException">The memory does not have the shape.</exception>
    public BFloat16Matrix(ReadOnlyMemory<ushort> values, int outFeatures, int inFeatures)
        : base(outFeatures, inFeatures)
    {
        RequireLength(values.Length, (long)outFeatures * inFeatures, nameof(values));
        _values = values;
    }

    public override long ByteLength => (long)_values.Length * 2;

    public override string FormatName => "BF16";

    private protected override ActivationForms Forms => ActivationForms.Parted;

    private protected override void ReadRowCore(int row, Span<float> destination) =>
        BFloat16Conversion.Widen(_values.Span.Slice(row * InFeatures, InFeatures), destination);

    private protected override void MultiplyRows(in Activations x, float* y, int begin, int end)
    {
        fixed (ushort* w = _values.Span)
        {
            ShortRows.Multiply<BFloat16Format>(x, w, y, OutFeatures, begin, end);
        }
    }
}
