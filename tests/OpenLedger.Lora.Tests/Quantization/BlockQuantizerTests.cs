using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Quantization;
using OpenLedger.Lora.Tests.Inference;
using OpenLedger.Lora.Tests.Reference;

namespace OpenLedger.Lora.Tests.Quantization;

public class BlockQuantizerTests
{
    private static readonly float[][] Samples =
    [
        new float[32],
        [.. Enumerable.Repeat(1f, 32)],
        [.. Enumerable.Repeat(-3.5f, 32)],
        [.. Enumerable.Range(0, 32).Select(k => k - 16f)],
        [.. Enumerable.Range(0, 32).Select(k => k % 2 == 0 ? 2f : -2f)],
        [.. Enumerable.Range(0, 32).Select(k => k == 31 ? -127f : k + 0.5f)],
        [.. Enumerable.Range(0, 32).Select(k => k * 1e-7f)],
        [.. Enumerable.Range(0, 32).Select(k => (k - 7) * 1e4f)],
        TinyLlama.RandomArray(new Random(1), 32),
        TinyLlama.RandomArray(new Random(2), 32, 0, 0.02),
        TinyLlama.RandomArray(new Random(3), 32, 0.5, 0.1),
    ];

    [Fact]
    public void QuantizeQ8_Blocks_EqualTheReference()
    {
        byte[] blocks = new byte[34 * Samples.Length];
        BlockQuantizer.QuantizeQ8(Samples.SelectMany(x => x).ToArray(), blocks);
        Assert.Equal(Samples.SelectMany(ReferenceQuantization.Q8Block), blocks);
    }

    [Fact]
    public void QuantizeQ4_Blocks_EqualTheReference()
    {
        byte[] blocks = new byte[18 * Samples.Length];
        BlockQuantizer.QuantizeQ4(Samples.SelectMany(x => x).ToArray(), blocks);
        Assert.Equal(Samples.SelectMany(ReferenceQuantization.Q4Block), blocks);
    }

    [Fact]
    public void QuantizeQ4_HandComputedBlock_HasTheseBits()
    {
        // -8 is the largest magnitude, so the scale is 1: 0 becomes 8, -8 becomes 0, 7 becomes 15 and 7.9 stays there.
        float[] x = new float[32];
        (x[0], x[1], x[2], x[16], x[17]) = (-8, 7, 7.9f, 3.4f, -3.4f);
        byte[] block = new byte[18];
        BlockQuantizer.QuantizeQ4(x, block);
        Assert.Equal([0x00, 0x3C, 0xB0, 0x5F, 0x8F, .. Enumerable.Repeat((byte)0x88, 13)], block);
    }

    [Fact]
    public void QuantizeRow_Values_RoundToNearestAndHalvesAwayFromZero()
    {
        sbyte[] q = new sbyte[6];
        float scale = BlockQuantizer.QuantizeRow([127, -127, 2.5f, -2.5f, 0.4f, 0], q);
        Assert.Equal(1f, scale);
        Assert.Equal([127, -127, 3, -3, 0, 0], q);
        Assert.Equal(0f, BlockQuantizer.QuantizeRow([0, 0, 0, 0, 0, 1e-35f], q));
        Assert.Equal(new sbyte[6], q);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(3e38f)]
    public void Quantize_NotFiniteOrTooLarge_Throws(float bad)
    {
        foreach (int at in new[] { 0, 5, 31 })
        {
            float[] x = [.. Enumerable.Repeat(1f, 32)];
            x[at] = bad;
            Assert.Throws<ArgumentException>(() => BlockQuantizer.QuantizeQ8(x, new byte[34]));
            Assert.Throws<ArgumentException>(() => BlockQuantizer.QuantizeQ4(x, new byte[18]));
            if (!float.IsFinite(bad))
            {
                Assert.Throws<ArgumentException>(() => BlockQuantizer.QuantizeRow(x, new sbyte[32]));
            }
        }
    }

    [Theory]
    [InlineData("I8", 1 / 254.0)]
    [InlineData("Q8_0", 1 / 225.0)]
    [InlineData("Q4_0", 1 / 7.9)]
    public void Quantize_RoundTrip_StaysWithinTheStep(string format, double ofLargest)
    {
        const int M = 9;
        const int N = 128;
        float[] w = TinyLlama.RandomArray(new Random(4), M * N, 0, 0.1);
        WeightMatrix source = new SingleMatrix(w, M, N);
        WeightMatrix weight = format switch
        {
            "I8" => RowInt8Matrix.Quantize(source),
            "Q8_0" => Q8Matrix.Quantize(source),
            _ => Q4Matrix.Quantize(source),
        };
        float[] back = weight.ToSingles();
        double largest = w.Max(MathF.Abs);
        for (int i = 0; i < w.Length; i++)
        {
            Assert.InRange(back[i] - w[i], -largest * ofLargest, largest * ofLargest);
        }
    }

    [Fact]
    public void Quantize_FromBFloat16_EqualsFromItsSingles()
    {
        ushort[] bits = Array.ConvertAll(TinyLlama.RandomArray(new Random(5), 7 * 64), v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16));
        BFloat16Matrix source = new(bits, 7, 64);
        SingleMatrix singles = new(source.ToSingles(), 7, 64);
        Assert.Equal(Q8Matrix.Quantize(singles).Span.ToArray(), Q8Matrix.Quantize(source).Span.ToArray());
        Assert.Equal(Q4Matrix.Quantize(singles).Span.ToArray(), Q4Matrix.Quantize(source).Span.ToArray());
        Assert.Equal(RowInt8Matrix.Quantize(singles).ToSingles(), RowInt8Matrix.Quantize(source).ToSingles());
        Assert.Equal(NormalFloatMatrix.Quantize(singles).ToSingles(), NormalFloatMatrix.Quantize(source).ToSingles());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(48)]
    public void Quantize_RowsOfBrokenBlocks_ThrowsWithARemedy(int columns)
    {
        SingleMatrix source = new(new float[columns], 1, columns);
        Assert.Contains("blocks of 32", Assert.Throws<ArgumentException>(() => Q8Matrix.Quantize(source)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Q4Matrix.Quantize(source));
    }
}
