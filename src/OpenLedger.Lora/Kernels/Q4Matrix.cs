using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using OpenLedger.Lora.Quantization;

namespace OpenLedger.Lora.Kernels;

/// <summary>A weight in the ggml format <c>Q4_0</c>, read in place: blocks of 18 bytes, a half as scale and 32 values of four bits, the first 16 in the low halves of 16 bytes and the others in the high halves: <c>w = (q - 8) · scale</c>.</summary>
/// <remarks>Activations are rounded to bytes per block. A scale that is NaN or infinite makes its row's outputs NaN or infinite.</remarks>
internal sealed unsafe class Q4Matrix : WeightMatrix
{
    /// <summary>Bytes of 32 values.</summary>
    public const int BlockBytes = 18;

    private readonly ReadOnlyMemory<byte> _blocks;

    /// <summary>Wraps memory, mapped or not, without copying it.</summary>
    /// <param name="blocks">Row-major <c>[outFeatures, inFeatures / 32, 18]</c>; any alignment.</param>
    /// <param name="outFeatures">m ≥ 1.</param>
    /// <param name="inFeatures">n ≥ 32, a multiple of 32.</param>
    /// <exception cref="ArgumentException">Rows are no multiple of 32 long, or the memory does not have the shape.</exception>
    public Q4Matrix(ReadOnlyMemory<byte> blocks, int outFeatures, int inFeatures)
        : base(outFeatures, inFeatures)
    {
        BlockQuantizer.RequireWholeBlocks(inFeatures);
        RequireLength(blocks.Length, (long)outFeatures * (inFeatures / ByteActivations.Block) * BlockBytes, nameof(blocks));
        _blocks = blocks;
    }

    public override long ByteLength => _blocks.Length;

    public override string FormatName => "Q4_0";

    /// <summary>The blocks in place.</summary>
    public ReadOnlySpan<byte> Span => _blocks.Span;

    private int RowBytes => InFeatures / ByteActivations.Block * BlockBytes;

    private protected override ActivationForms Forms => ActivationForms.BlockBytes;

    /// <summary>Quantises a weight of any format by the rule of ggml: the value of largest magnitude becomes -8, others round to nearest.</summary>
    /// <exception cref="ArgumentException">Rows are no multiple of 32 long, or a value is not finite or too large for a half as scale.</exception>
    public static Q4Matrix Quantize(WeightMatrix source)
    {
        BlockQuantizer.RequireWholeBlocks(source.InFeatures);
        int rowBytes = source.InFeatures / ByteActivations.Block * BlockBytes;
        byte[] blocks = new byte[checked(rowBytes * source.OutFeatures)];
        float[] row = new float[source.InFeatures];
        for (int i = 0; i < source.OutFeatures; i++)
        {
            source.ReadRow(i, row);
            BlockQuantizer.QuantizeQ4(row, blocks.AsSpan(i * rowBytes, rowBytes));
        }

        return new Q4Matrix(blocks, source.OutFeatures, source.InFeatures);
    }

    private protected override void ReadRowCore(int row, Span<float> destination)
    {
        ReadOnlySpan<byte> blocks = _blocks.Span.Slice(row * RowBytes, RowBytes);
        for (int b = 0; b < InFeatures / ByteActivations.Block; b++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(b * BlockBytes, BlockBytes);
            float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
            for (int k = 0; k < 16; k++)
            {
                destination[(b * ByteActivations.Block) + k] = ((block[2 + k] & 15) - 8) * scale;
                destination[(b * ByteActivations.Block) + 16 + k] = ((block[2 + k] >> 4) - 8) * scale;
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
                    ByteTiles.MultiplyNibbles<ByteLanesVnni, Lanes256, Vector256<float>>(x, w, y + begin, OutFeatures, end - begin);
                    break;
                case ByteKernel.Avx2:
                    ByteTiles.MultiplyNibbles<ByteLanes256, Lanes256, Vector256<float>>(x, w, y + begin, OutFeatures, end - begin);
                    break;
                default:
                    ByteTiles.MultiplyNibbles<ByteLanes128, Lanes128, Vector128<float>>(x, w, y + begin, OutFeatures, end - begin);
                    break;
            }
        }
    }
}
