using System.Numerics.Tensors;

namespace OpenLedger.Lora.Kernels;

/// <summary>A weight in IEEE half precision, read in place.</summary>
internal sealed unsafe class HalfMatrix : WeightMatrix
{
    private readonly ReadOnlyMemory<Half> _values;

    /// <summary>Wraps memory, mapped or not, without copying it.</summary>
    /// <param name="values">Row-major <c>[outFeatures, inFeatures]</c>; any alignment.</param>
    /// <param name="outFeatures">m ≥ 1.</param>
    /// <param name="inFeatures">n ≥ 1.</param>
    /// <exception cref="ArgumentException">The memory does not have the shape.</exception>
    public HalfMatrix(ReadOnlyMemory<Half> values, int outFeatures, int inFeatures)
        : base(outFeatures, inFeatures)
    {
        RequireLength(values.Length, (long)outFeatures * inFeatures, nameof(values));
        _values = values;
    }

    public override long ByteLength => (long)_values.Length * 2;

    public override string FormatName => "F16";

    private protected override ActivationForms Forms => ActivationForms.Parted;

    private protected override void ReadRowCore(int row, Span<float> destination) =>
        TensorPrimitives.ConvertToSingle(_values.Span.Slice(row * InFeatures, InFeatures), destination);

    private protected override void MultiplyRows(in Activations x, float* y, int begin, int end)
    {
        fixed (Half* w = _values.Span)
        {
            ShortRows.Multiply<HalfFormat>(x, (ushort*)w, y, OutFeatures, begin, end);
        }
    }
}
