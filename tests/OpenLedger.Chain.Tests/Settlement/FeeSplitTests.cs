using CsCheck;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Chain.Tests.Settlement;

public class FeeSplitTests
{
    private const ulong Open = 1_000_000_000_000_000_000;

    // The mission's example: fee 2.0, net 1.8, parts 0.72 / 0.18 / 0.90, influences 3, 1, -2 pay 0.675 / 0.225 / 0.
    [Fact]
    public void Divide_MissionVector_GivesItsAmounts()
    {
        PricePolicy price = new() { WeiPer1000InputTokens = Open / 2, WeiPer1000OutputTokens = Open + (Open / 2), PlatformFeeWei = Open / 5 };
        FeeSplit split = new() { ModelPpm = 400_000, StakersPpm = 100_000, ContributorsPpm = 500_000 };
        UInt128 fee = price.FeeFor(1200, 800);
        Assert.Equal((UInt128)(2 * Open), fee);

        FeeParts parts = split.Divide(fee, price.PlatformFeeWei);
        Assert.Equal(Open / 5, parts.Platform);
        Assert.Equal(Open / 100 * 72, parts.Model);
        Assert.Equal(Open / 100 * 18, parts.Stakers);
        Assert.Equal(Open / 100 * 90, parts.Contributors);
        Assert.Equal(fee, parts.Total);

        Attribution attribution = Attribution.Create([Samples.Share(1, 750_000_000), Samples.Share(2, 250_000_000)]);
        Assert.Equal([Open / 1000 * 675, Open / 1000 * 225], attribution.Apportion(parts.Contributors).Order().Reverse());
    }

    [Theory]
    [InlineData(0, 0, 5)]
    [InlineData(1, 0, 5)]
    [InlineData(999, 0, 5)]
    [InlineData(1000, 0, 6)]
    [InlineData(999, 1, 6)]
    [InlineData(500, 1499, 6)]
    public void FeeFor_PartialThousands_RoundsTheMeteredSumDownOnce(uint tokensIn, uint tokensOut, ulong expected)
    {
        PricePolicy price = new() { WeiPer1000InputTokens = 1, WeiPer1000OutputTokens = 1, PlatformFeeWei = 5 };
        Assert.Equal(expected, price.FeeFor(tokensIn, tokensOut));
    }

    [Fact]
    public void FeeFor_GreatestPricesAndCounts_DoesNotOverflow()
    {
        PricePolicy price = new() { WeiPer1000InputTokens = PricePolicy.MaxPrice, WeiPer1000OutputTokens = PricePolicy.MaxPrice, PlatformFeeWei = PricePolicy.MaxPrice };
        Assert.True(price.FeeFor(uint.MaxValue, uint.MaxValue) > PricePolicy.MaxPrice);
        ArgumentException fault = Assert.Throws<ArgumentException>(() =>
            new PricePolicy { WeiPer1000InputTokens = PricePolicy.MaxPrice + 1, WeiPer1000OutputTokens = 0, PlatformFeeWei = UInt128.MaxValue }.FeeFor(1, 1));
        Assert.Equal(
            "WeiPer1000InputTokens is 1000000000000000000000000001 wei; it must be at most 1000000000000000000000000000. "
            + "PlatformFeeWei is 340282366920938463463374607431768211455 wei; it must be at most 1000000000000000000000000000.",
            fault.Message);
    }

    [Fact]
    public void Divide_AnyFee_SumsExactlyAndStaysWithinOneUnit() =>
        Gen.Select(Gen.ULong, Gen.UInt[0, FeeSplit.Whole], Gen.UInt[0, FeeSplit.Whole], Gen.ULong[0, 10]).Sample((fee, a, b, platform) =>
        {
            uint low = Math.Min(a, b);
            uint high = Math.Max(a, b);
            FeeSplit split = new() { ModelPpm = low, StakersPpm = high - low, ContributorsPpm = FeeSplit.Whole - high };
            platform = Math.Min(platform, fee);
            FeeParts parts = split.Divide(fee, platform);
            Assert.Equal((UInt128)fee, parts.Total);
            UInt128 net = fee - platform;
            foreach ((UInt128 part, uint ppm) in new[] { (parts.Model, split.ModelPpm), (parts.Stakers, split.StakersPpm), (parts.Contributors, split.ContributorsPpm) })
            {
                UInt128 floor = net * ppm / FeeSplit.Whole;
                Assert.InRange(part, floor, floor + 1);
                Assert.True(ppm > 0 || part == UInt128.Zero);
            }
        });

    [Fact]
    public void Divide_OneWeiBetweenEqualParts_GoesToTheContributors()
    {
        FeeParts parts = new FeeSplit { ModelPpm = 500_000, StakersPpm = 0, ContributorsPpm = 500_000 }.Divide(1, 0);
        Assert.Equal(UInt128.One, parts.Contributors);
    }

    [Theory]
    [InlineData(400_000, 100_000, 499_999)]
    [InlineData(400_000, 100_000, 500_001)]
    [InlineData(uint.MaxValue, 1_000_001, 0)]
    public void Divide_PartsThatDoNotSumToTheWhole_Throw(uint model, uint stakers, uint contributors)
    {
        FeeSplit split = new() { ModelPpm = model, StakersPpm = stakers, ContributorsPpm = contributors };
        Assert.Contains("must sum to 1000000", Assert.Throws<ArgumentException>(() => split.Divide(1, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Divide_PlatformAboveTheFee_Throws() =>
        Assert.Throws<ArgumentException>("platformFee", () => new FeeSplit { ModelPpm = 0, StakersPpm = 0, ContributorsPpm = 1_000_000 }.Divide(1, 2));
}
