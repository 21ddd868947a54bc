using System.Runtime.Intrinsics;
using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Tests.Inference;
using OpenLedger.Lora.Tests.Reference;

namespace OpenLedger.Lora.Tests.Kernels;

public unsafe class MatrixProductTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 70), 127, 128, 129, 172, 255, 256];

    private static readonly (int Tokens, int Rows)[] Shapes = [(1, 1), (1, 8), (1, 19), (2, 4), (3, 5), (4, 4), (5, 13), (7, 9), (9, 16)];

    private delegate void Product(float* x, float* w, float* y, int tokens, int m, int n);

    [Fact]
    public void Multiply_EdgeLengths_EqualTheReference() =>
        AssertAllShapes(0, (x, w, y, tokens, m, n) => MatrixProduct.Multiply(
            new ReadOnlySpan<float>(x, tokens * n), new ReadOnlySpan<float>(w, m * n), tokens, n, WorkerLimit.Single, new Span<float>(y, tokens * m)));

    [Fact]
    public void MultiplyRows_EveryRegisterWidth_EqualsTheReference()
    {
        AssertAllShapes(0, (x, w, y, t, m, n) => MatrixProduct.MultiplyRows<Lanes512, Vector512<float>>(x, w, y, t, m, n, 0, m));
        AssertAllShapes(0, (x, w, y, t, m, n) => MatrixProduct.MultiplyRows<Lanes256, Vector256<float>>(x, w, y, t, m, n, 0, m));
        AssertAllShapes(0, (x, w, y, t, m, n) => MatrixProduct.MultiplyRows<Lanes128, Vector128<float>>(x, w, y, t, m, n, 0, m));
        AssertAllShapes(0, (x, w, y, t, m, n) => MatrixProduct.MultiplyRows<ScalarLane, float>(x, w, y, t, m, n, 0, m));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(50)]
    [InlineData(172)]
    public void Multiply_OneTokenOrMany_IsBitIdentical(int n)
    {
        const int Tokens = 23;
        const int Rows = 37;
        Random random = new(n);
        float[] x = TinyLlama.RandomArray(random, Tokens * n);
        float[] w = TinyLlama.RandomArray(random, Rows * n);
        float[] whole = new float[Tokens * Rows];
        MatrixProduct.Multiply(x, w, Tokens, n, WorkerLimit.Single, whole);
        for (int t = 0; t < Tokens; t++)
        {
            float[] one = new float[Rows];
            MatrixProduct.Multiply(x.AsSpan(t * n, n), w, 1, n, WorkerLimit.Single, one);
            Assert.Equal(one, whole.AsSpan(t * Rows, Rows).ToArray());
        }
    }

    [Fact]
    public void Multiply_OnManyThreads_IsBitIdenticalAndUsesThem()
    {
        const int Tokens = 3;
        const int Rows = 1003;
        const int N = 1201;
        Random random = new(5);
        float[] x = TinyLlama.RandomArray(random, Tokens * N);
        float[] w = TinyLlama.RandomArray(random, Rows * N);
        float[] single = new float[Tokens * Rows];
        float[] split = new float[Tokens * Rows];
        Array.Fill(split, float.NaN);
        MatrixProduct.Multiply(x, w, Tokens, N, WorkerLimit.Single, single);
        MatrixProduct.Multiply(x, w, Tokens, N, new WorkerLimit(3), split);
        Assert.Equal(3, new WorkerLimit(3).PartsFor(Tokens * Rows * N, 126));
        Assert.Equal(single, split);
    }

    [Fact]
    public void Multiply_NaNAndInfinity_ReachTheirOwnOutputsOnly()
    {
        const int N = 21;
        float[] x = [.. Enumerable.Repeat(1f, 2 * N)];
        float[] w = [.. Enumerable.Repeat(1f, 9 * N)];
        x[N - 1] = float.PositiveInfinity;
        x[N - 6] = float.PositiveInfinity;
        w[(8 * N) + 20] = float.NaN;
        float[] y = new float[18];
        MatrixProduct.Multiply(x, w, 2, N, WorkerLimit.Single, y);
        Assert.All(y[..8], v => Assert.Equal(float.PositiveInfinity, v));
        Assert.Equal(float.NaN, y[8]);
        Assert.All(y[9..17], v => Assert.Equal(N, v));
        Assert.Equal(float.NaN, y[17]);
    }

    [Theory]
    [InlineData(1, 100_000_000, 8, 1)]
    [InlineData(4, 1000, 8, 1)]
    [InlineData(4, 3 << 17, 8, 3)]
    [InlineData(4, 100_000_000, 2, 2)]
    [InlineData(4, 100_000_000, 8, 4)]
    public void PartsFor_SmallWork_StaysOnOneThread(int threads, long work, int maxParts, int expected) =>
        Assert.Equal(expected, new WorkerLimit(threads).PartsFor(work, maxParts));

    [Fact]
    public void Run_EveryPart_RunsExactlyOnce()
    {
        for (int round = 0; round < 200; round++)
        {
            int[] counts = new int[7];
            WorkSplitter.Run(counts.Length, part => Interlocked.Increment(ref counts[part]));
            Assert.All(counts, c => Assert.Equal(1, c));
        }
    }

    private static void AssertAllShapes(int minimumLength, Product product)
    {
        foreach (int n in Lengths.Where(l => l >= minimumLength))
        {
            foreach ((int tokens, int rows) in Shapes)
            {
                Random random = new((n * 1000) + (tokens * 50) + rows);

                // NaN around the inputs turns a read beyond them into a wrong result; a mark around the output shows a stray write.
                const int Margin = 32;
                float[] x = Padded(TinyLlama.RandomArray(random, tokens * n), Margin);
                float[] w = Padded(TinyLlama.RandomArray(random, rows * n), Margin);
                float[] y = new float[(tokens * rows) + (2 * Margin)];
                Array.Fill(y, 12345);
                fixed (float* px = x, pw = w, py = y)
                {
                    product(px + Margin, pw + Margin, py + Margin, tokens, rows, n);
                }

                double[] expected = ReferenceKernels.Multiply(x.AsSpan(Margin), w.AsSpan(Margin), tokens, rows, n);
                for (int i = 0; i < expected.Length; i++)
                {
                    // n float roundings of terms up to 1, the a-priori bound of a dot product.
                    Assert.True(Math.Abs(expected[i] - y[Margin + i]) <= n * n * 6e-8, $"n {n}, tokens {tokens}, rows {rows}, at {i}: {expected[i]} against {y[Margin + i]}");
                }

                Assert.All(y[..Margin], v => Assert.Equal(12345, v));
                Assert.All(y[^Margin..], v => Assert.Equal(12345, v));
            }
        }
    }

    private static float[] Padded(float[] values, int margin)
    {
        float[] padded = new float[values.Length + (2 * margin)];
        Array.Fill(padded, float.NaN);
        values.CopyTo(padded, margin);
        return padded;
    }
}
