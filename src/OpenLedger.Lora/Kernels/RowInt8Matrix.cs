using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using OpenLedger.Lora.Quantization;

namespace OpenLedger.Lora.Kernels;

/// <summary>A weight in signed bytes with one scale per row: <c>w = q · scale</c>.</summary>
/// <remarks>Activations are rounded to bytes per token. Sums of the products are exact integers, so every machine gives the same bits.</remarks>
internal sealed unsafe class RowInt8Matrix : WeightMatrix
{
    /// <summary>Longest row whose sums certainly fit in 32 bits: 127 · 128 · n &lt; 2³¹.</summary>
    public const int MostColumns = 131_072;

    private readonly ReadOnlyMemory<sbyte> _values;
    private readonly ReadOnlyMemory<float> _scales;
    private readonly int _stride;

    /// <summary>Wraps memory; rows that are no multiple of 32 long are copied and padded.</summary>
    /// <param name="values">Row-major <c>[outFeatures, inFeatures]</c>; any alignment.</param>
    /// <param name="scales">One per row.</param>
    /// <param name="outFeatures">m ≥ 1.</param>
    /// <param name="inFeatures">1 ≤ n ≤ <see cref="MostColumns"/>.</param>
    /// <exception cref="ArgumentException">The memory does not have the shape, or rows are too long.</exception>
    public RowInt8Matrix(ReadOnlyMemory<sbyte> values, ReadOnlyMemory<float> scales, int outFeatures, int inFeatures)
        : base(outFeatures, inFeatures)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inFeatures, MostColumns);
        RequireLength(values.Length, (long)outFeatures * inFeatures, nameof(values));
        RequireLength(scales.Length, outFeatures, nameof(scales));
        _scales = scales;
        _stride = LaneWidth.Pad(inFeatures, ByteActivations.Block);
        _values = values;
        if (_stride != inFeatures)
        {
            sbyte[] padded = new sbyte[checked(_stride * outFeatures)];
            for (int row = 0; row < outFeatures; row++)
            {
                values.Span.Slice(row * inFeatures, inFeatures).CopyTo(padded.AsSpan(row * _stride));
            }

            _values = padded;
        }
    }

    public override long ByteLength => _values.Length + ((long)OutFeatures * sizeof(float));

    public override string FormatName => "I8";

    private protected override ActivationForms Forms => ActivationForms.RowBytes;

    /// <summary>Quantises a weight of any format, row by row: <c>scale = max |w| / 127</c>, rounded to nearest, halves away from zero.</summary>
    /// <exception cref="ArgumentException">A value is not finite, or rows are too long.</exception>
    public static RowInt8Matrix Quantize(WeightMatrix source)
    {
        int n = source.InFeatures;
        sbyte[] values = new sbyte[checked(source.OutFeatures * n)];
        float[] scales = new float[source.OutFeatures];
        float[] row = new float[n];
        for (int i = 0; i < scales.Length; i++)
        {
            source.ReadRow(i, row);
            scales[i] = BlockQuantizer.QuantizeRow(row, values.AsSpan(i * n, n));
        }

        return new RowInt8Matrix(values, scales, source.OutFeatures, n);
    }

    private protected override void ReadRowCore(int row, Span<float> destination)
    {
        TensorPrimitives.ConvertTruncating(_values.Span.Slice(row * _stride, InFeatures), destination);
        TensorPrimitives.Multiply(destination, _scales.Span[row], destination);
    }

    private protected override void MultiplyRows(in Activations x, float* y, int begin, int end)
    {
        fixed (sbyte* values = _values.Span)
        {
            fixed (float* scales = _scales.Span)
            {
                byte* w = (byte*)values + ((nint)begin * _stride);
                switch (x.Bytes)
                {
                    case ByteKernel.Vnni:
                        ByteTiles.MultiplyRows<ByteLanesVnni, Vector256<float>>(x, w, _stride, scales + begin, y + begin, OutFeatures, end - begin);
                        break;
                    case ByteKernel.Avx2:
                        ByteTiles.MultiplyRows<ByteLanes256, Vector256<float>>(x, w, _stride, scales + begin, y + begin, OutFeatures, end - begin);
                        break;
                    default:
                        ByteTiles.MultiplyRows<ByteLanes128, Vector128<float>>(x, w, _stride, scales + begin, y + begin, OutFeatures, end - begin);
                        break;
                }
            }
        }
    }
}
