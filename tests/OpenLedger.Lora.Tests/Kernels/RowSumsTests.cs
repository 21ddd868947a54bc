using System.Runtime.Intrinsics;
using OpenLedger.Lora.Kernels;

namespace OpenLedger.Lora.Tests.Kernels;

public sealed unsafe class RowSumsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(129)]
    [InlineData(1000)]
    [InlineData(4096)]
    public void Sums_AtEveryPlaceInMemory_AreTheSameBitsAndRight(int n)
    {
        float[] row = TinyRow(n);
        double sum = row.Sum(x => (double)x), squares = row.Sum(x => (double)x * x);
        float first = RowSums.Sum(row), firstSquares = RowSums.SumOfSquares(row);
        Assert.Equal(sum, first, 1e-6 * n);
        Assert.Equal(squares, firstSquares, 1e-6 * n);

        float[] memory = new float[n + 32];
        for (int offset = 0; offset < 32; offset++)
        {
            row.CopyTo(memory, offset);
            Assert.Equal(first, RowSums.Sum(memory.AsSpan(offset, n)));
            Assert.Equal(firstSquares, RowSums.SumOfSquares(memory.AsSpan(offset, n)));
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(4096)]
    public void Norms_AtEveryPlaceInMemory_AreTheSameBits(int n)
    {
        float[] row = TinyRow(n), gain = TinyRow(n), rms = new float[n], layer = new float[n], memory = new float[n + 32], output = new float[n];
        RmsNorm.Apply(row, gain, 1e-5, rms);
        LayerNorm.Apply(row, gain, gain, 1e-5, layer);
        for (int offset = 0; offset < 32; offset++)
        {
            row.CopyTo(memory, offset);
            RmsNorm.Apply(memory.AsSpan(offset, n), gain, 1e-5, output);
            Assert.Equal(rms, output);
            LayerNorm.Apply(memory.AsSpan(offset, n), gain, gain, 1e-5, output);
            Assert.Equal(layer, output);
        }
    }

    [Fact]
    public void Run_EveryRegisterWidth_IsRight()
    {
        float[] row = TinyRow(333);
        double sum = row.Sum(x => (double)x), squares = row.Sum(x => (double)x * x);
        fixed (float* x = row)
        {
            foreach (bool square in (bool[])[false, true])
            {
                double expected = square ? squares : sum;
                Assert.Equal(expected, RowSums.Run<Lanes512, Vector512<float>>(x, 333, square), 1e-3);
                Assert.Equal(expected, RowSums.Run<Lanes256, Vector256<float>>(x, 333, square), 1e-3);
                Assert.Equal(expected, RowSums.Run<Lanes128, Vector128<float>>(x, 333, square), 1e-3);
                Assert.Equal(expected, RowSums.Run<ScalarLane, float>(x, 333, square), 1e-3);
            }
        }
    }

    [Fact]
    public void Sums_OfNothingAndOfNaN()
    {
        Assert.Equal(0, RowSums.Sum([]));
        Assert.True(float.IsNaN(RowSums.Sum([1, float.NaN, 2])));
    }

    private static float[] TinyRow(int n)
    {
        Random random = new(n);
        return [.. Enumerable.Range(0, n).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }
}
