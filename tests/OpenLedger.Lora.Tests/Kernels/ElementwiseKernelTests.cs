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
    public void Turn_EveryPairing_TurnsThePairsByTheirAngles(int size)
    {
        int half = size / 2;
        Random random = new(size);
        float[] angles = TinyLlama.RandomArray(random, half, 0, 3);
        float[] cosines = Array.ConvertAll(angles, MathF.Cos);
        float[] sines = Array.ConvertAll(angles, MathF.Sin);
        float[] x = TinyLlama.RandomArray(random, size);
        float[] halves = [.. x];
        float[] neighbours = [.. x];
        Rotation.TurnHalves(halves, cosines, sines);
        Rotation.TurnNeighbours(neighbours, cosines, sines);
        for (int i = 0; i < half; i++)
        {
            double c = cosines[i], s = sines[i];
            Assert.Equal((x[i] * c) - (x[i + half] * s), halves[i], 1e-6);
            Assert.Equal((x[i + half] * c) + (x[i] * s), halves[i + half], 1e-6);
            Assert.Equal((x[2 * i] * c) - (x[(2 * i) + 1] * s), neighbours[2 * i], 1e-6);
            Assert.Equal((x[(2 * i) + 1] * c) + (x[2 * i] * s), neighbours[(2 * i) + 1], 1e-6);
        }
    }

    [Fact]
    public void Gelu_EdgeLengths_EqualsTheFormula()
    {
        for (int n = 0; n <= 256; n++)
        {
            float[] x = TinyLlama.RandomArray(new Random(n), n, 0, 7);
            float[] y = new float[n];
            Gelu.Apply(x, y);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(ReferenceKernels.Gelu(x[i]), y[i], 4e-7 * Math.Max(1, Math.Abs(x[i])));
            }

            Gelu.ApplyTanh(x, y);
            for (int i = 0; i < n; i++)
            {
                double u = Math.Sqrt(2 / Math.PI) * (x[i] + (0.044715 * Math.Pow(x[i], 3)));
                Assert.Equal(0.5 * x[i] * (1 + Math.Tanh(u)), y[i], 4e-7 * Math.Max(1, Math.Abs(x[i])));
            }
        }
    }

    [Fact]
    public void Gelu_KnownValues_AreMet()
    {
        // erf(1/√2) = 0.682689492137086: the share of a normal distribution within one standard deviation.
        float[] y = new float[4];
        Gelu.Apply([1, -1, 100, float.NaN], y);
        Assert.Equal(0.841344746, y[0], 3e-7);
        Assert.Equal(-0.158655254, y[1], 3e-7);
        Assert.Equal(100, y[2]);
        Assert.True(float.IsNaN(y[3]));
        Assert.Equal(0.841344746068543, ReferenceKernels.Gelu(1), 1e-14);
        Assert.Equal(-4 * 3.16712418331199e-5, ReferenceKernels.Gelu(-4), 1e-13);
        Assert.Equal(-5 * 2.86651571879194e-7, ReferenceKernels.Gelu(-5), 1e-17);
    }

    [Fact]
    public void LayerNorm_EdgeLengths_EqualTheFormula()
    {
        for (int n = 1; n <= 256; n++)
        {
            Random random = new(n);
            float[] x = TinyLlama.RandomArray(random, n, 3, 2);
            float[] gain = TinyLlama.RandomArray(random, n, 1, 0.5);
            float[] bias = TinyLlama.RandomArray(random, n);
            double mean = x.Average(v => (double)v);
            double root = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + 1e-5);
            float[] y = new float[n];
            LayerNorm.Apply(x, gain, bias, 1e-5, y);
            float[] plain = [.. x];
            LayerNorm.Apply(plain, gain, [], 1e-5, plain);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(((x[i] - mean) / root * gain[i]) + bias[i], y[i], 1e-4);
                Assert.Equal((x[i] - mean) / root * gain[i], plain[i], 1e-4);
            }
        }
    }

    [Fact]
    public void SoftCap_AnyScore_StaysInTheRangeAndFollowsTheFormula()
    {
        float[] x = [-1000, -3, 0, 0.001f, 20, float.PositiveInfinity];
        double[] expected = [.. x.Select(v => 50 * Math.Tanh(v / 50))];
        SoftCap.Apply(x, 50);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(expected[i], x[i], 1e-5);
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
