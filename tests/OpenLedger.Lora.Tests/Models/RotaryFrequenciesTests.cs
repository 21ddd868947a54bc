using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Tests.Models;

/// <summary>Expected numbers were computed by a separate script from the published formulas, with the parameters of well-known checkpoints.</summary>
public sealed class RotaryFrequenciesTests
{
    private const double Relative = 1e-12;

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(14, 0.003211445994752591)]
    [InlineData(15, 0.001290547928209264)]
    [InlineData(16, 0.00042955679655936815)]
    [InlineData(17, 9.70828780262767e-05)]
    [InlineData(18, 1.9461638184831125e-05)]
    [InlineData(31, 9.41830672543491e-08)]
    public void Of_Llama3_BlendsBetweenTheTwoWavelengths(int pair, double expected) => Check(
        expected,
        RotaryFrequencies.Of(Rope(500_000, new() { Kind = RotaryScalingKind.Llama3, Factor = 32, LowFrequencyFactor = 1, HighFrequencyFactor = 4, OriginalMaxPositions = 8192 }), 64, 9000).PerPair[pair]);

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(23, 0.006978305848598663)]
    [InlineData(24, 0.005375321490790102)]
    [InlineData(31, 0.0008029597275452302)]
    [InlineData(39, 6.490394320837029e-05)]
    [InlineData(40, 4.445698525097307e-05)]
    [InlineData(63, 3.102344401879299e-07)]
    public void Of_Yarn_BlendsByRotations(int pair, double expected)
    {
        RotaryFrequencies frequencies = RotaryFrequencies.Of(
            Rope(1_000_000, new() { Kind = RotaryScalingKind.Yarn, Factor = 4, OriginalMaxPositions = 32768 }), 128, 1);

        Check(expected, frequencies.PerPair[pair]);
        Check(1.138629436111989, frequencies.Magnitude);
    }

    [Theory]
    [InlineData(4096, 1, 0.7498942093324559)]
    [InlineData(8192, 0, 1.0)]
    [InlineData(8192, 1, 0.7237840223942559)]
    [InlineData(8192, 31, 4.4450714405444134e-05)]
    public void Of_Dynamic_StretchesTheBaseBeyondTheTrainedLength(int length, int pair, double expected) => Check(
        expected, RotaryFrequencies.Of(Rope(10_000, new() { Kind = RotaryScalingKind.Dynamic, Factor = 2, OriginalMaxPositions = 4096 }), 64, length).PerPair[pair]);

    [Fact]
    public void Of_LongRope_ChangesListsBeyondTheTrainedLength()
    {
        RotaryDescription rope = Rope(10_000, new()
        {
            Kind = RotaryScalingKind.LongRope,
            Factor = 32,
            OriginalMaxPositions = 4096,
            ShortFactors = [1.0, 2.0],
            LongFactors = [4.0, 8.0],
        });

        Check(0.01 / 2, RotaryFrequencies.Of(rope, 4, 4096).PerPair[1]);
        Check(0.01 / 8, RotaryFrequencies.Of(rope, 4, 4097).PerPair[1]);
        Check(1.1902380714238083, RotaryFrequencies.Of(rope, 4, 1).Magnitude);
    }

    [Fact]
    public void Of_LinearAndPartial_DivideAndUseTheRotatedWidth()
    {
        Check(1.0 / 4, RotaryFrequencies.Of(Rope(100_000, new() { Kind = RotaryScalingKind.Linear, Factor = 4 }), 128, 1).PerPair[0]);
        RotaryFrequencies partial = RotaryFrequencies.Of(new() { Dimensions = 4 }, 8, 1);
        Assert.Equal([1, 0.01], partial.PerPair.ToArray());
        Assert.Equal(1, partial.Magnitude);
        Assert.Throws<ArgumentOutOfRangeException>(() => RotaryFrequencies.Of(new(), 8, 0));
    }

    private static RotaryDescription Rope(double theta, RotaryScaling scaling) => new() { Theta = theta, Scaling = scaling };

    private static void Check(double expected, double actual) => Assert.InRange(actual, expected * (1 - Relative), expected * (1 + Relative));
}
