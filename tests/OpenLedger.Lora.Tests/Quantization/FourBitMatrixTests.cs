using CsCheck;
using OpenLedger.Lora.Quantization;

namespace OpenLedger.Lora.Tests.Quantization;

public class FourBitMatrixTests
{
    private static readonly double[] Nf4 =
    [
        -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0,
        0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
    ];

    // code: sign, then the magnitudes 0, 1/192, 2/3, 1, 1/3, 1/2, 1/6, 1/4
    private static readonly double[] Fp4Magnitudes = [0, 0.0625 / 12, 8.0 / 12, 1, 4.0 / 12, 6.0 / 12, 2.0 / 12, 3.0 / 12];

    [Fact]
    public void Quantize_Nf4ByHand_PacksTheFirstValueHigh()
    {
        // Scale 2: -2 is code 0; 0 is code 7; 2 is code 15; 0.9 / 2 = 0.45 lies nearest to 0.4407 (12); -0.2 / 2 = -0.1 nearest to -0.091 (6).
        float[] values = [-2, 0, 2, 0.9f, -0.2f];
        FourBitMatrix matrix = FourBitMatrix.Quantize(values, 1, 5, new FourBitOptions { IsDoubleQuantized = false });
        Assert.Equal([0x07, 0xFC, 0x60], matrix.Packed.ToArray());
        Assert.Equal(2, matrix.GetScale(0));
        float[] read = new float[5];
        matrix.Dequantize(read);
        Assert.Equal([-2f, 0f, 2f, 2 * 0.44070982933044434f, 2 * -0.09105003625154495f], read);
        Assert.Equal(3 + 4, matrix.ByteCount);
    }

    [Fact]
    public void Quantize_Fp4ByHand_HasTheCodesOfTheBits()
    {
        // Scale 12: 12 is 3; 8 is 2; -6 is 8 + 5; 0.05 / 12 nearest to 1/192 (1); 0 is 0; -0.01 / 12 nearest to minus zero (8); 7 ties 6 and 8: the smaller.
        float[] values = [12, 8, -6, 0.05f, 0, -0.01f, 7, -7];
        FourBitMatrix matrix = FourBitMatrix.Quantize(values, 2, 4, new FourBitOptions { Type = FourBitType.Fp4, IsDoubleQuantized = false });
        Assert.Equal([0x32, 0xD1, 0x08, 0x5D], matrix.Packed.ToArray());
    }

    [Theory]
    [InlineData(FourBitType.Nf4, 64, 1)]
    [InlineData(FourBitType.Nf4, 32, 31)]
    [InlineData(FourBitType.Nf4, 64, 257)]
    [InlineData(FourBitType.Nf4, 128, 5000)]
    [InlineData(FourBitType.Fp4, 64, 1)]
    [InlineData(FourBitType.Fp4, 32, 33)]
    [InlineData(FourBitType.Fp4, 4096, 9001)]
    public void Quantize_RandomValues_AgreesWithTheDefinition(FourBitType type, int blockSize, int count)
    {
        Random random = new(count);
        float[] values = [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Exp(random.NextDouble() * 6)))];
        FourBitMatrix matrix = FourBitMatrix.Quantize(values, 1, count, new FourBitOptions { Type = type, BlockSize = blockSize, IsDoubleQuantized = false });
        float[] read = new float[count];
        matrix.Dequantize(read);
        for (int i = 0; i < count; i++)
        {
            float[] block = [.. values.Skip(i / blockSize * blockSize).Take(blockSize)];
            float scale = block.Max(Math.Abs);
            int code = matrix.Packed.Span[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15;
            Assert.Equal(NearestCode(type, values[i] / scale), code);
            Assert.Equal((float)Value(type, code) * scale, read[i]);
        }
    }

    [Fact]
    public void Quantize_Zeros_StayZero()
    {
        FourBitMatrix matrix = FourBitMatrix.Quantize(new float[130], 10, 13);
        float[] read = [.. Enumerable.Repeat(1f, 130)];
        matrix.Dequantize(read);
        Assert.All(read, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Quantize_DoubleQuantized_KeepsScalesAsTheDefinitionSays()
    {
        Random random = new(3);
        float[] values = [.. Enumerable.Range(0, 64 * 300).Select(_ => (float)(random.NextDouble() - 0.5))];
        FourBitMatrix plain = FourBitMatrix.Quantize(values, 300, 64, new FourBitOptions { IsDoubleQuantized = false });
        FourBitMatrix twice = FourBitMatrix.Quantize(values, 300, 64);
        float[] scales = [.. Enumerable.Range(0, 300).Select(plain.GetScale)];
        float offset = (float)(scales.Sum(scale => (double)scale) / 300);
        double[] map = SignedDynamicMap();
        for (int group = 0; group < 2; group++)
        {
            float[] part = [.. scales.Skip(group * 256).Take(256)];
            float largest = part.Max(scale => Math.Abs(scale - offset));
            for (int i = 0; i < part.Length; i++)
            {
                float wanted = (part[i] - offset) / largest;
                float nearest = (float)map.MinBy(value => Math.Abs((float)value - wanted));
                Assert.Equal((nearest * largest) + offset, twice.GetScale((group * 256) + i));
            }
        }

        Assert.Equal(plain.Packed.ToArray(), twice.Packed.ToArray());
        Assert.Equal((64 * 300 / 2) + 300 + (4 * (2 + 1)), twice.ByteCount);
    }

    [Fact]
    public void Quantize_NormalValues_ErrsAsMuchAsTheCodesAllow()
    {
        // Blocks of 64 standard normal values: a mean absolute error of about 0.073 for NF4, a quarter less than FP4 has.
        Random random = new(11);
        float[] values = [.. Enumerable.Range(0, 1 << 18).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
        Assert.InRange(MeanError(values, FourBitType.Nf4), 0.070, 0.076);
        Assert.InRange(MeanError(values, FourBitType.Fp4), 0.090, 0.105);
    }

    [Fact]
    public void Dequantize_AnyValues_StaysWithinHalfTheWidestGap() =>
        Gen.Float[-1000, 1000].Array[1, 300].Sample(values =>
        {
            FourBitMatrix matrix = FourBitMatrix.Quantize(values, values.Length, 1, new FourBitOptions { IsDoubleQuantized = false });
            float[] read = new float[values.Length];
            matrix.Dequantize(read);
            return values.Select((value, i) => Math.Abs(value - read[i]) <= (matrix.GetScale(i / 64) * 0.1520) + 1e-6f).All(near => near);
        });

    [Fact]
    public void Quantize_UnusableInput_Throws()
    {
        Assert.Throws<ArgumentException>(() => FourBitMatrix.Quantize([1, float.NaN], 1, 2));
        Assert.Throws<ArgumentException>(() => FourBitMatrix.Quantize([1, float.NegativeInfinity], 1, 2));
        Assert.Throws<ArgumentException>(() => FourBitMatrix.Quantize([1, 2, 3], 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => FourBitMatrix.Quantize([], 0, 2));
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => FourBitMatrix.Quantize([1], 1, 1, new FourBitOptions { Type = (FourBitType)9, BlockSize = 48 }));
        Assert.Contains("Type is 9", exception.Message, StringComparison.Ordinal);
        Assert.Contains("BlockSize is 48", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => FourBitMatrix.Quantize([1], 1, 1).Dequantize(new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FourBitMatrix.Quantize([1], 1, 1).GetScale(1));
    }

    private static double MeanError(float[] values, FourBitType type)
    {
        float[] read = new float[values.Length];
        FourBitMatrix.Quantize(values, 1, values.Length, new FourBitOptions { Type = type }).Dequantize(read);
        return values.Select((value, i) => Math.Abs((double)value - read[i])).Average();
    }

    private static double Value(FourBitType type, int code) =>
        type == FourBitType.Nf4 ? Nf4[code] : Fp4Magnitudes[code & 7] * (code >= 8 ? -1 : 1);

    private static int NearestCode(FourBitType type, float value)
    {
        if (type == FourBitType.Nf4)
        {
            return Enumerable.Range(0, 16).MinBy(code => Math.Abs(Nf4[code] - value));
        }

        int magnitude = Enumerable.Range(0, 8).OrderBy(code => Fp4Magnitudes[code]).MinBy(code => Math.Abs(Fp4Magnitudes[code] - Math.Abs(value)));
        return magnitude + (value < 0 ? 8 : 0);
    }

    /// <summary>The definition: seven decades, each cut into twice as many parts as the one below, middles of the parts, both signs, zero and one.</summary>
    private static double[] SignedDynamicMap()
    {
        List<double> map = [0, 1];
        for (int i = 0; i < 7; i++)
        {
            int n = 1 << i;
            for (int k = 0; k < n; k++)
            {
                double middle = ((0.1 + (0.9 * k / n)) + (0.1 + (0.9 * (k + 1) / n))) / 2 * Math.Pow(10, i - 6);
                map.Add(middle);
                map.Add(-middle);
            }
        }

        Assert.Equal(256, map.Count);
        return [.. map.Order()];
    }
}
