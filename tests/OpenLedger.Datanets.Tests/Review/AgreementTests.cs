using CsCheck;
using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Review;

public sealed class AgreementTests
{
    private const double Rounding = 1e-9; // sums of at most a few hundred terms near 1
    private const double ThreeDecimals = 5e-4; // the published examples give three

    // K. Krippendorff (2011), section C: four observers, twelve units, missing data; a column per unit.
    private static readonly double[][] Krippendorff =
        [[1, 1, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4], [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [5, 5, 5], [1, 1], [3]];

    // The worked example that encyclopaedias and libraries use for the formula of J. L. Fleiss (1971): 10 subjects, 14 raters, 5 categories.
    private static readonly int[][] Fleiss =
    [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ];

    [Theory]
    [InlineData(AlphaMetric.Nominal, 0.743)]
    [InlineData(AlphaMetric.Ordinal, 0.815)]
    [InlineData(AlphaMetric.Interval, 0.849)]
    public void KrippendorffAlpha_PublishedExample_GivesThePublishedValue(AlphaMetric metric, double expected)
    {
        AgreementResult result = Agreement.KrippendorffAlpha(Krippendorff, metric);
        Assert.Equal(expected, result.Value, ThreeDecimals);
        Assert.True(result.HasVariation);
    }

    [Fact]
    public void KrippendorffAlpha_PublishedTwoObservers_GivesThePublishedValues()
    {
        // Krippendorff (2011), section A: binary data, two observers; and section B: nominal data, two observers.
        double[][] binary = Pairs("0100000010", "1110010000");
        Assert.Equal(0.095, Agreement.KrippendorffAlpha(binary, AlphaMetric.Nominal).Value, ThreeDecimals);
        double[][] nominal = Pairs("aabbdcccedda", "babbbccceddd");
        Assert.Equal(0.692, Agreement.KrippendorffAlpha(nominal, AlphaMetric.Nominal).Value, ThreeDecimals);
    }

    [Fact]
    public void FleissKappa_WorkedExample_GivesItsValue()
    {
        AgreementResult result = Agreement.FleissKappa(Fleiss);
        Assert.Equal((0.210, 0.378, 0.213), (Math.Round(result.Value, 3), Math.Round(result.Observed, 3), Math.Round(result.Expected, 3)));
    }

    [Fact]
    public void CohenKappa_HandComputed_GivesItsValue()
    {
        // 20 both yes, 5 only left yes, 10 only right yes, 15 both no: p_o = 0.7, p_e = 0.5 * 0.6 + 0.5 * 0.4 = 0.5, kappa = 0.4.
        int[] left = [.. Enumerable.Repeat(1, 25), .. Enumerable.Repeat(0, 25)];
        int[] right = [.. Enumerable.Repeat(1, 20), .. Enumerable.Repeat(0, 5), .. Enumerable.Repeat(1, 10), .. Enumerable.Repeat(0, 15)];
        AgreementResult result = Agreement.CohenKappa(left, right);
        Assert.Equal((0.4, 0.7, 0.5), (Math.Round(result.Value, 12), Math.Round(result.Observed, 12), Math.Round(result.Expected, 12)));
    }

    [Fact]
    public void AllMeasures_AnyRatings_EqualTheTwins() =>
        Gen.Int[1, 4].Array[2, 5].Array[2, 12].Where(rows => rows.SelectMany(row => row).Distinct().Count() > 1).Sample(rows =>
        {
            double[][] units = [.. rows.Select(row => row.Select(value => (double)value).ToArray())];
            Assert.Equal(ReferenceAgreement.Alpha(units, (a, b) => a == b ? 0 : 1), Agreement.KrippendorffAlpha(units, AlphaMetric.Nominal).Value, Rounding);
            Assert.Equal(ReferenceAgreement.Alpha(units, (a, b) => (a - b) * (a - b)), Agreement.KrippendorffAlpha(units, AlphaMetric.Interval).Value, Rounding);
            Assert.Equal(ReferenceAgreement.Alpha(units, ReferenceAgreement.Ordinal(units)), Agreement.KrippendorffAlpha(units, AlphaMetric.Ordinal).Value, Rounding);
            int[][] two = [.. rows.Select(row => row[..2])];
            if (two.SelectMany(row => row).Distinct().Count() > 1)
            {
                int[] left = [.. two.Select(row => row[0])], right = [.. two.Select(row => row[1])];
                Assert.Equal(ReferenceAgreement.Cohen(left, right), Agreement.CohenKappa(left, right).Value, Rounding);
                int[][] counts = [.. two.Select(row => Enumerable.Range(1, 4).Select(category => row.Count(value => value == category)).ToArray())];
                Assert.Equal(ReferenceAgreement.Fleiss(two), Agreement.FleissKappa(counts).Value, Rounding);
            }
        });

    [Fact]
    public void AllMeasures_SingleCategory_AreOneWithoutVariation()
    {
        AgreementResult[] results =
        [
            Agreement.CohenKappa([3, 3, 3], [3, 3, 3]),
            Agreement.FleissKappa([[2, 0], [2, 0]]),
            Agreement.KrippendorffAlpha([[7.0, 7.0], [7.0, 7.0, 7.0], [1.0]], AlphaMetric.Interval),
            Agreement.KrippendorffAlpha([], AlphaMetric.Nominal),
            Agreement.KrippendorffAlpha([[1.0], [2.0]], AlphaMetric.Ordinal),
        ];
        Assert.All(results, result => Assert.Equal(new AgreementResult(1, 1, 1, false), result));
    }

    [Fact]
    public void AllMeasures_PerfectAgreementWithVariation_AreOne()
    {
        Assert.Equal(1, Agreement.CohenKappa([1, 2], [1, 2]).Value, Rounding);
        Assert.Equal(1, Agreement.FleissKappa([[2, 0], [0, 2]]).Value, Rounding);
        Assert.Equal(1, Agreement.KrippendorffAlpha([[1.0, 1.0], [2.0, 2.0]], AlphaMetric.Ordinal).Value, Rounding);
        Assert.True(Agreement.CohenKappa([1, 2], [2, 1]).Value < 0);
    }

    [Fact]
    public void AllMeasures_ImpossibleArguments_Throw()
    {
        Assert.Throws<ArgumentException>("right", () => Agreement.CohenKappa([], []));
        Assert.Throws<ArgumentException>("right", () => Agreement.CohenKappa([1], [1, 2]));
        Assert.Throws<ArgumentException>("counts", () => Agreement.FleissKappa([]));
        Assert.Throws<ArgumentException>("counts", () => Agreement.FleissKappa([[1, 0]]));
        Assert.Throws<ArgumentException>("counts", () => Agreement.FleissKappa([[2, 0], [1, 0]]));
        Assert.Throws<ArgumentException>("counts", () => Agreement.FleissKappa([[2, 0], [3, -1]]));
        Assert.Throws<ArgumentException>("units", () => Agreement.KrippendorffAlpha([[1.0, double.NaN]], AlphaMetric.Nominal));
        Assert.Throws<ArgumentOutOfRangeException>("metric", () => Agreement.KrippendorffAlpha([], (AlphaMetric)9));
    }

    private static double[][] Pairs(string left, string right) => [.. left.Select((value, i) => new double[] { value, right[i] })];
}
