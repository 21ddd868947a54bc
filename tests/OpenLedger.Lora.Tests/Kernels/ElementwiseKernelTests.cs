using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Tests.Inference;
using OpenLedger.Lora.Tests.Reference;

namespace OpenLedger.Lora.Tests.Kernels;

/// <summary>Norm, gate, softmax and rotary positions against their scalar twins.</summary>
public class ElementwiseKernelTests
{
    /// <summary>Ten float roundings; the functions take a handful each.</summary>
    private const double RelativeTolerance = 2e-6;

    [Fact]
    public void RmsNorm_EdgeLengths_EqualTheReference()
    {
        for (int n = 0; n <= 256; n++)
        {
            Random random = new(n);
            float[] x = TinyLlama.RandomArray(random, n, 0, 30);
            float[] gain = TinyLlama.RandomArray(random, n, 1);
            float[] y = new float[n];
            RmsNorm.Apply(x, gain, 1e-5, y);
            AssertClose(ReferenceKernels.RmsNorm(x, gain, 1e-5), y);
            RmsNorm.Apply(x, gain, 1e-5, x);
            Assert.Equal(y, x);
        }
    }

    [Fact]
    public void RmsNorm_ZeroInput_StaysZeroThroughEpsilon()
    {
        float[] y = [1, 1];
        RmsNorm.Apply(new float[2], [1, 1], 1e-5, y);
        Assert.Equal([0f, 0f], y);
    }

    [Fact]
    public void SwiGlu_EdgeLengths_EqualTheReference()
    {
        for (int n = 0; n <= 256; n++)
        {
            Random random = new(n);
            float[] gate = TinyLlama.RandomArray(random, n, 0, 20);
            float[] up = TinyLlama.RandomArray(random, n, 0, 3);
            float[] y = new float[n];
            SwiGlu.Apply(gate, up, y);
            AssertClose(ReferenceKernels.SwiGlu(gate, up), y);
        }
    }

    [Fact]
    public void SwiGlu_LargeGates_DoNotOverflow()
    {
        float[] y = new float[3];
        SwiGlu.Apply([-200, 0, 200], [1, 1, 1], y);
        Assert.Equal([0f, 0f, 200f], y.Select(v => v == 0 ? 0 : v));
    }

    [Fact]
    public void Softmax_EdgeLengths_EqualTheReference()
    {
        for (int n = 0; n <= 256; n++)
        {
            float[] x = TinyLlama.RandomArray(new Random(n), n, 0, 12);
            double[] expected = ReferenceKernels.Softmax(x);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(Math.Log(expected[i]), Softmax.LogProbability(x, i), 1e-9);
            }

            Softmax.Apply(x);
            AssertClose(expected, x);
        }
    }

    [Fact]
    public void Softmax_HugeScores_DoNotOverflow()
    {
        float[] x = [1000, 1000, -1000];
        Assert.Equal(-Math.Log(2), Softmax.LogProbability(x, 0), 1e-12);
        Softmax.Apply(x);
        Assert.Equal([0.5f, 0.5f, 0f], x);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(64)]
    public void Rotate_EveryPosition_TurnsThePairsByTheirAngles(int size)
    {
        RotaryTable table = new(400, size, 10_000);
        foreach (int position in (int[])[0, 1, 17, 399])
        {
            float[] heads = TinyLlama.RandomArray(new Random(position), 3 * size);
            double[] expected = new double[heads.Length];
            for (int at = 0; at < heads.Length; at++)
            {
                int i = at % size % (size / 2);
                bool first = at % size < size / 2;
                double angle = position * Math.Pow(10_000, -2.0 * i / size);
                double partner = heads[first ? at + (size / 2) : at - (size / 2)];
                expected[at] = (heads[at] * Math.Cos(angle)) + ((first ? -partner : partner) * Math.Sin(angle));
            }

            table.Rotate(heads, position);
            for (int at = 0; at < heads.Length; at++)
            {
                Assert.Equal(expected[at], heads[at], 1e-6);
            }
        }
    }

    private static void AssertClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= RelativeTolerance * (1e-3 + Math.Abs(expected[i])), $"{expected[i]} against {actual[i]} at {i}");
        }
    }
}
