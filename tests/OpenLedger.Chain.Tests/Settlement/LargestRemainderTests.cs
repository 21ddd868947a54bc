using System.Numerics;
using CsCheck;
using OpenLedger.Chain.Settlement;
using OpenLedger.Chain.Tests.Reference;

namespace OpenLedger.Chain.Tests.Settlement;

public class LargestRemainderTests
{
    [Fact]
    public void Apportion_AnyWeights_EqualsTheTwinAndSumsExactly() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 127], Gen.OneOf(Gen.ULong[0, 5], Gen.ULong[0, 1_000_000_000], Gen.ULong[0, 1UL << 58]).Array[1, 40])
            .Where((_, _, _, weights) => weights.Any(weight => weight > 0))
            .Sample((high, low, shift, weights) =>
            {
                UInt128 total = new UInt128(high, low) >> shift;
                UInt128[] parts = new UInt128[weights.Length];
                LargestRemainder.Apportion(total, weights, parts);
                Assert.Equal(BigApportionment.Apportion(total, weights), parts.Select(part => (BigInteger)part));
                Assert.Equal((BigInteger)total, parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part));
                Assert.All(Enumerable.Range(0, parts.Length).Where(i => weights[i] == 0), i => Assert.Equal(UInt128.Zero, parts[i]));
            });

    [Theory]
    [InlineData(1, new ulong[] { 1, 1, 1 }, new ulong[] { 1, 0, 0 })]
    [InlineData(2, new ulong[] { 1, 1, 1 }, new ulong[] { 1, 1, 0 })]
    [InlineData(10, new ulong[] { 6, 3, 0, 1 }, new ulong[] { 6, 3, 0, 1 })]
    [InlineData(7, new ulong[] { 1, 2, 4 }, new ulong[] { 1, 2, 4 })]
    [InlineData(3, new ulong[] { 1, 3 }, new ulong[] { 1, 2 })]
    [InlineData(0, new ulong[] { 1, 3 }, new ulong[] { 0, 0 })]
    public void Apportion_SmallCases_GiveUnitsToTheLargestRemaindersThenByIndex(ulong total, ulong[] weights, ulong[] expected)
    {
        UInt128[] parts = new UInt128[weights.Length];
        LargestRemainder.Apportion(total, weights, parts);
        Assert.Equal(expected, parts.Select(part => (ulong)part));
    }

    [Fact]
    public void Apportion_GreatestTotalAndWeights_DoesNotOverflow()
    {
        UInt128[] parts = new UInt128[2];
        LargestRemainder.Apportion(UInt128.MaxValue, [ulong.MaxValue - 1, 1], parts);
        Assert.Equal(BigApportionment.Apportion(UInt128.MaxValue, [ulong.MaxValue - 1, 1]), parts.Select(part => (BigInteger)part));
    }

    [Fact]
    public void Apportion_ImpossibleArguments_Throw()
    {
        Assert.Throws<ArgumentException>("weights", () => LargestRemainder.Apportion(1, [], []));
        Assert.Throws<ArgumentException>("weights", () => LargestRemainder.Apportion(1, [0, 0], new UInt128[2]));
        Assert.Throws<ArgumentException>("weights", () => LargestRemainder.Apportion(1, [ulong.MaxValue, 1], new UInt128[2]));
        Assert.Throws<ArgumentException>("destination", () => LargestRemainder.Apportion(1, [1], new UInt128[2]));
        Assert.Throws<ArgumentException>("destination", () => LargestRemainder.Apportion(1, [1, 2], new UInt128[1]));
    }
}
