using OpenLedger.Lora.Kernels;

namespace OpenLedger.Lora.Tests.Kernels;

public class FourBitBlocksTests
{
    private static readonly float[] Code = [.. Enumerable.Range(0, 16).Select(i => (i - 7.5f) / 8)];
    private static readonly float[] Midpoints = [.. Enumerable.Range(0, 15).Select(i => (i - 7f) / 8)];

    [Fact]
    public void Expand_EveryLength_IsTheFormula()
    {
        for (int n = 0; n <= 130; n++)
        {
            byte[] packed = [.. Enumerable.Range(0, (n + 1) / 2).Select(i => (byte)((i * 37) + n))];
            float[] y = new float[n];
            FourBitBlocks.Expand(packed, Code, 3.3f, y);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(Code[i % 2 == 0 ? packed[i / 2] >> 4 : packed[i / 2] & 15] * 3.3f, y[i]);
            }
        }
    }

    [Fact]
    public void Rank_EveryLength_CountsTheMidpointsBelow()
    {
        for (int n = 0; n <= 130; n++)
        {
            Random random = new(n);
            float[] x = [.. Enumerable.Range(0, n).Select(i => i % 5 == 0 ? Midpoints[i % 15] * 2 : (float)(random.NextDouble() - 0.5) * 5)];
            byte[] rank = new byte[n];
            FourBitBlocks.Rank(x, Midpoints, 2f, rank);
            Assert.Equal(x.Select(value => (byte)Midpoints.Count(midpoint => value / 2f > midpoint)), rank);
        }
    }

    [Fact]
    public void Rank_NaN_IsZero()
    {
        byte[] rank = new byte[40];
        FourBitBlocks.Rank([.. Enumerable.Repeat(float.NaN, 40)], Midpoints, 1f, rank);
        Assert.All(rank, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Pack_EveryLength_PutsTheFirstCodeHigh()
    {
        byte[] codeOfRank = [3, 1, 0, 2, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4];
        for (int n = 0; n <= 130; n++)
        {
            byte[] rank = [.. Enumerable.Range(0, n).Select(i => (byte)(((i * 7) + n) & 15))];
            byte[] packed = new byte[(n + 1) / 2];
            FourBitBlocks.Pack(rank, codeOfRank, packed);
            for (int s = 0; s < packed.Length; s++)
            {
                int low = (2 * s) + 1 < n ? codeOfRank[rank[(2 * s) + 1]] : 0;
                Assert.Equal((codeOfRank[rank[2 * s]] * 16) + low, packed[s]);
            }
        }
    }

    [Fact]
    public void Largest_EveryLengthAndPlace_IsTheGreatestMagnitude()
    {
        for (int n = 1; n <= 70; n++)
        {
            for (int at = 0; at < n; at++)
            {
                float[] x = [.. Enumerable.Range(0, n).Select(i => i % 3 - 1f)];
                x[at] = -9.5f;
                Assert.Equal(9.5f, FourBitBlocks.Largest(x));
                x[at] = float.NaN;
                Assert.True(float.IsNaN(FourBitBlocks.Largest(x)));
            }
        }

        Assert.Equal(0, FourBitBlocks.Largest([]));
    }
}
