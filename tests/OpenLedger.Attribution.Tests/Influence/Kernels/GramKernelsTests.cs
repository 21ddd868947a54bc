using OpenLedger.Attribution.Gradients;
using OpenLedger.Attribution.Influence.Kernels;
using OpenLedger.Attribution.Tests.Reference;

namespace OpenLedger.Attribution.Tests.Influence.Kernels;

public class GramKernelsTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(1, 34), 63, 64, 65, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 1541];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void MultiplyTile_AnyColumnCount_EqualsTheDefinedOrderBitForBit(int length)
    {
        GradientMatrix a = Samples.Gradients(1, 7, 3, length);
        GradientMatrix b = Samples.Gradients(2, 6, 3, length);
        double[] tile = new double[GramKernels.TileRows * GramKernels.TileRows];
        GramKernels.MultiplyTile(a, 1, 6, b, 0, 6, block: 1, tile);
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 6; j++)
            {
                Assert.Equal(DefinedOrder(a.Row(i + 1, 1), b.Row(j, 1)), tile[(i * GramKernels.TileRows) + j]);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(5, 4)]
    [InlineData(63, 64)]
    [InlineData(64, 61)]
    public void MultiplyTile_AnyRowCount_WritesThoseRowsAndNoOthers(int rows, int columns)
    {
        GradientMatrix a = Samples.Gradients(3, rows, 37);
        GradientMatrix b = Samples.Gradients(4, columns, 37);
        double[] tile = [.. Enumerable.Repeat(5.0, GramKernels.TileRows * GramKernels.TileRows)];
        GramKernels.MultiplyTile(a, 0, rows, b, 0, columns, 0, tile);
        for (int i = 0; i < GramKernels.TileRows; i++)
        {
            for (int j = 0; j < GramKernels.TileRows; j++)
            {
                double expected = i < rows && j < columns ? DefinedOrder(a.Row(i, 0), b.Row(j, 0)) : 0;
                Assert.Equal(expected, tile[(i * GramKernels.TileRows) + j]);
            }
        }
    }

    [Fact]
    public void MultiplyTile_SameRows_IsSymmetric()
    {
        GradientMatrix a = Samples.Gradients(5, 10, 700);
        double[] tile = new double[GramKernels.TileRows * GramKernels.TileRows];
        GramKernels.MultiplyTile(a, 0, 10, a, 0, 10, 0, tile);
        for (int i = 0; i < 10; i++)
        {
            for (int j = 0; j < 10; j++)
            {
                Assert.Equal(tile[(j * GramKernels.TileRows) + i], tile[(i * GramKernels.TileRows) + j]);
            }
        }
    }

    /// <summary>The order of addition that the kernel documents, one operation at a time.</summary>
    private static double DefinedOrder(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double total = 0;
        for (int start = 0; start < x.Length; start += GramKernels.ChunkLength)
        {
            double[] lanes = new double[GramKernels.Lanes];
            for (int k = start; k < Math.Min(start + GramKernels.ChunkLength, x.Length); k++)
            {
                lanes[(k - start) % GramKernels.Lanes] += (double)x[k] * y[k];
            }

            total += ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
        }

        return total;
    }
}
