using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Tests.Models;

public sealed class AlibiDescriptionTests
{
    [Fact]
    public void SlopeOf_PowerOfTwo_IsTheGeometricSequenceOfThePaper() =>
        Assert.Equal([0.5f, 0.25f, 0.125f, 0.0625f, 0.03125f, 0.015625f, 0.0078125f, 0.00390625f], Slopes(new(), 8));

    [Fact]
    public void SlopeOf_OtherCounts_AddTheOddPowersOfTheNextSequence()
    {
        // Twelve heads: the eight above, then 2^-0.5, 2^-1.5, 2^-2.5, 2^-3.5.
        Assert.Equal([0.70710678f, 0.35355339f, 0.17677669f, 0.088388346f], Slopes(new(), 12)[8..]);
        Assert.Equal(1 / 256f, Slopes(new(), 1)[0]);
    }

    [Fact]
    public void SlopeOf_BFloat16_RoundsToNearest()
    {
        Assert.Equal(0.70703125f, new AlibiDescription { SlopesInBFloat16 = true }.SlopeOf(8, 12));
        Assert.Equal(0.5f, new AlibiDescription { SlopesInBFloat16 = true }.SlopeOf(0, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlibiDescription().SlopeOf(8, 8));
    }

    private static float[] Slopes(AlibiDescription alibi, int heads) => [.. Enumerable.Range(0, heads).Select(h => alibi.SlopeOf(h, heads))];
}
