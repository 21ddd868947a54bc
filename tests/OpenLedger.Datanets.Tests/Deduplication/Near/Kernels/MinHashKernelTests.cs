using System.Runtime.Intrinsics;
using OpenLedger.Datanets.Deduplication.Near.Kernels;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Deduplication.Near.Kernels;

/// <summary>Every width of the loop against the definition; CI runs this namespace again with vector instructions switched off.</summary>
public sealed class MinHashKernelTests
{
    private delegate void Loop(ReadOnlySpan<ulong> shingles, ReadOnlySpan<uint> masks, ReadOnlySpan<uint> multipliers, Span<uint> destination);

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(48)]
    [InlineData(64)]
    [InlineData(112)]
    [InlineData(128)]
    [InlineData(240)]
    public void Minima_AnyWidthAndLength_EqualTheDefinition(int rows)
    {
        Random random = new(rows);
        uint[] masks = [.. Enumerable.Range(0, rows).Select(_ => (uint)random.NextInt64())];
        uint[] multipliers = [.. Enumerable.Range(0, rows).Select(_ => (uint)random.NextInt64() | 1)];
        Loop[] loops =
        [
            MinHashKernel.Minima,
            MinHashKernel.Scalar,
            MinHashKernel.Vectors<Vector128<uint>, HashLanes128>,
            MinHashKernel.Vectors<Vector256<uint>, HashLanes256>,
            MinHashKernel.Vectors<Vector512<uint>, HashLanes512>,
        ];
        foreach (int count in (int[])[1, 2, 3, 7, 64, 255, 256])
        {
            ulong[] shingles = [.. Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64() ^ ((ulong)random.NextInt64() << 1))];
            uint[] expected = [.. Enumerable.Range(0, rows).Select(row => ReferenceMinHash.Minimum(shingles, row, masks[row], multipliers[row]))];
            foreach (Loop loop in loops)
            {
                uint[] actual = new uint[rows];
                loop(shingles, masks, multipliers, actual);
                Assert.Equal(expected, actual);
            }
        }
    }

    [Fact]
    public void Minima_NoShingle_AreTheGreatestNumber()
    {
        uint[] actual = new uint[112];
        MinHashKernel.Minima([], new uint[112], new uint[112], actual);
        Assert.All(actual, minimum => Assert.Equal(uint.MaxValue, minimum));
    }
}
