using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using OpenLedger.Lora.Quantization;

namespace OpenLedger.Lora.Kernels;

/// <summary>A weight in the ggml format <c>Q8_0</c>, read in place: blocks of 34 bytes, a half as scale and 32 signed bytes: <c>w = q · scale</c>.</summary>
/// <remarks>Activations are rounded to bytes per block. A scale that is NaN or infinite makes its row's outputs NaN or infinite.</remarks>
internal sealed unsafe class Q8Matrix : WeightMatrix
{
    /// <summary>Bytes of 32 values.</summary>
    public const int BlockBytes = 34;

    private readonly ReadOnlyMemory<byte> _blocks;

    /// <summary>Wraps memory, mapped or not, without copying it.</summary>
    /// <param name="blocks">Row-major <c>[outFeatures, inFeatures / 32, 34]</c>; any alignment.</param>
    /// <param name="outFeatures">m ≥ 1.</param>
    /// <param name="inFeatures">n ≥ 32, a multiple of 32.</param>
    /// <exception cref="ArgumentException">Rows are no multiple of 32 long, or the memory does not have the shape.</exception>
    public Q8Matrix(ReadOnlyMemory<byte> blocks, int outFeatures, int inFeatures)
        : base(outFeatures, inFeatures)
    {
        BlockQuantizer.RequireWholeBlocks(inFeatures);
        RequireLength(blocks.Length, (long)outFeatures * (inFeatures / ByteActivations.Block) * BlockBytes, nameof(blocks));
        _blocks = blocks;
    }

    public override long ByteLength => _blocks.Length;

    public override string FormatName => "Q8_0";

    /// <summary>The blocks in place.</summary>
    public ReadOnlySpan<byte> Span => _blocks.Span;

    private int RowBytes => InFeatures / ByteActivations.Block * BlockBytes;

    private protected override ActivationForms Forms => ActivationForms.BlockBytes;

    /// <summary>Quantises a weight of any format by the rule of ggml: <c>scale = max |w| / 127</c>, rounded to nearest, halves away from zero.</summary>
    /// <exception cref="ArgumentException">Rows are no multiple of 32 long, or a value is not finite or too large for a half as scale.</exception>
    public static Q8Matrix Quantize(WeightMatrix source)
    {
        BlockQuantizer.RequireWholeBlocks(source.InFeatures);
        int rowBytes = source.InFeatures / ByteActivations.Block * BlockBytes;
        byte[] blocks = new byte[checked(rowBytes * source.OutFeatures)];
        float[] row = new float[source.InFeatures];
        for (int i = 0; i < source.OutFeatures; i++)
        {
            source.ReadRow(i, row);
            BlockQuantizer.QuantizeQ8(row, blocks.AsSpan(i * rowBytes, rowBytes));
        }

        return new Q8Matrix(blocks, source.OutFeatures, source.InFeatures);
    }

    private protected override void ReadRowCore(int row, Span<float> destination)
    {
        ReadOnlySpan<byte> blocks = _blocks.Span.Slice(row * RowBytes, RowBytes);
        for (int b = 0; b < InFeatures / ByteActivations.Block; b++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(b * BlockBytes, BlockBytes);
            float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
            for (int k = 0; k < ByteActivations.Block; k++)
            {
                destination[(b * ByteActivations.Block) + k] = (sbyte)block[2 + k] * scale;
            }
        }
    }

    private protected override void MultiplyRows(in Activations x, float* y, int begin, int end)
    {
        fixed (byte* blocks = _blocks.Span)
        {
            byte* w = blocks + ((nint)begin * RowBytes);
            switch (x.Bytes)
            {
                case ByteKernel.Vnni:
                    ByteTiles.MultiplyBytes<ByteLanesVnni, Lanes256, Vector256<float>>(x, w, y + begin, OutFeatures, end - begin);
                    break;
                case ByteKernel.Avx2:
                    ByteTiles.MultiplyBytes<ByteLanes256, Lanes256, Vector256<float>>(x, w, y + begin, OutFeatures, end - begin);
                    break;
                default:
                    ByteTiles.MultiplyBytes<ByteLanes128, Lanes128, Vector128<float>>(x, w, y + begin, OutFeatures, end - begin);
                    break;
            }
        }
    }
}
