using System.Globalization;
using System.Numerics;
using CsCheck;
using PayableAi.Reporting;

namespace OpenLedger.Samples.Tests.Reporting;

public sealed class OpenAmountTests
{
    [Theory]
    [InlineData("0", "0", "0")]
    [InlineData("1", "0.000000000000000001", "0.000000000000000001")]
    [InlineData("1500000000000000000", "1.5", "1.5")]
    [InlineData("1000000000000000000", "1", "1")]
    [InlineData("123456789012345678901", "123.456789012345678901", "123.45")]
    [InlineData("1999999999999999999", "1.999999999999999999", "1.999")]
    [InlineData("1000000000000000001", "1.000000000000000001", "1")]
    [InlineData("1624748849999999", "0.001624748849999999", "0.001624")]
    public void ExactAndCut_OfWei_AreDecimalOpen(string wei, string exact, string shortened)
    {
        Assert.Equal(exact, OpenAmount.Exact(OpenAmount.Parse(wei)));
        Assert.Equal(shortened, OpenAmount.Cut(OpenAmount.Parse(wei)));
    }

    [Fact]
    public void Exact_AnyAmount_LosesNothingAndCutNeverShowsMore() =>
        Gen.Select(Gen.ULong, Gen.ULong).Sample((high, low) =>
        {
            BigInteger wei = (BigInteger)high * low;
            Assert.Equal(wei, Wei(OpenAmount.Exact(wei)));
            Assert.InRange(Wei(OpenAmount.Cut(wei)), wei - (wei / 100), wei);
        });

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData(" 1")]
    [InlineData("0x1")]
    [InlineData("1e3")]
    [InlineData("\u0661")]
    public void Parse_NoAmount_IsRefused(string text) => Assert.Throws<ArgumentException>(() => OpenAmount.Parse(text));

    [Fact]
    public void Parse_SeventyNineDigits_AreRefused()
    {
        Assert.Equal(BigInteger.Pow(10, 77), OpenAmount.Parse("1" + new string('0', 77)));
        Assert.Throws<ArgumentException>(() => OpenAmount.Parse("1" + new string('0', 78)));
    }

    // The slow way back: pad the fraction to 18 digits and read the whole as one integer.
    private static BigInteger Wei(string open)
    {
        string[] halves = open.Split('.');
        return BigInteger.Parse(halves[0] + (halves.Length > 1 ? halves[1] : "").PadRight(18, '0'), CultureInfo.InvariantCulture);
    }
}
