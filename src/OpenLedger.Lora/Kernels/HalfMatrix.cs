using System.Numerics.Tensors;

namespace OpenLedger.Lora.Kernels;

/// <summary>A weight in IEEE half precision, read in place.</summary>
internal sealed class HalfMatrix : WeightMatrix
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

    protected override void ReadRowCore(int row, Span<float> destination) =>
        TensorPrimitives.ConvertToSingle(_values.Span.Slice(row * InFeatures, InFeatures), destination);
}
