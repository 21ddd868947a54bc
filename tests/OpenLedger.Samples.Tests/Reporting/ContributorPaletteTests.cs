using PayableAi.Reporting;

namespace OpenLedger.Samples.Tests.Reporting;

public sealed class ContributorPaletteTests
{
    // WCAG 2.2, success criterion 1.4.3.
    private const double LeastContrast = 4.5;

    // In OKLab a difference of 0.02 is just noticeable; four times that is seen at a glance.
    private const double LeastDistance = 0.08;

    // Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
    private static readonly double[][] Protanopia = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]];
    private static readonly double[][] Deuteranopia = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];
    private static readonly double[][] Tritanopia = [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]];
    private static readonly double[][] Normal = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Colours_OnPaperAndCard_HaveEnoughContrast(bool dark)
    {
        string paper = dark ? ReportStyle.DarkPaper : ReportStyle.LightPaper;
        string card = dark ? ReportStyle.DarkCard : ReportStyle.LightCard;
        string ink = dark ? ReportStyle.DarkInk : ReportStyle.LightInk;
        string soft = dark ? ReportStyle.DarkSoft : ReportStyle.LightSoft;
        foreach (string colour in Colours(dark).Append(soft))
        {
            Assert.True(Contrast(colour, paper) >= LeastContrast, $"{colour} on paper: {Contrast(colour, paper):0.00}");
            Assert.True(Contrast(colour, card) >= LeastContrast, $"{colour} on card: {Contrast(colour, card):0.00}");
            string tint = ContributorPalette.Tint(colour, card, dark ? 0.22 : 0.15);
            Assert.True(Contrast(ink, tint) >= 7, $"ink on {tint}: {Contrast(ink, tint):0.00}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Colours_WithColourBlindness_StayApart(bool dark)
    {
        IReadOnlyList<string> colours = Colours(dark);
        foreach (double[][] vision in new[] { Normal, Protanopia, Deuteranopia, Tritanopia })
        {
            for (int i = 0; i < colours.Count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    double distance = Distance(colours[i], colours[j], vision);
                    Assert.True(distance >= LeastDistance, $"{colours[i]} and {colours[j]} are {distance:0.000} apart (matrix {vision[0][0]})");
                }
            }
        }
    }

    [Fact]
    public void ClassOf_MoreContributorsThanColours_ShareAGrey()
    {
        var palette = new ContributorPalette(["a", "b", "a", "c", "d", "e", "f", "g"]);

        Assert.Equal("who-0", palette.ClassOf("a"));
        Assert.Equal("who-2", palette.ClassOf("c"));
        Assert.Equal("who-5", palette.ClassOf("f"));
        Assert.Equal(ContributorPalette.UnknownClass, palette.ClassOf("g"));
        Assert.Equal(ContributorPalette.UnknownClass, palette.ClassOf("nobody"));
    }

    private static IReadOnlyList<string> Colours(bool dark) => dark ? ContributorPalette.Dark : ContributorPalette.Light;

    private static double[] Linear(string colour) => [.. new[] { 1, 3, 5 }
        .Select(i => Convert.ToInt32(colour.Substring(i, 2), 16) / 255.0)
        .Select(static c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];

    private static double Contrast(string one, string two)
    {
        double[] luminance = [.. new[] { one, two }.Select(Linear).Select(static c => (0.2126 * c[0]) + (0.7152 * c[1]) + (0.0722 * c[2])).Order()];
        return (luminance[1] + 0.05) / (luminance[0] + 0.05);
    }

    private static double Distance(string one, string two, double[][] vision)
    {
        double[] p = OkLab(Seen(Linear(one), vision));
        double[] q = OkLab(Seen(Linear(two), vision));
        return Math.Sqrt(p.Zip(q, static (a, b) => (a - b) * (a - b)).Sum());
    }

    private static double[] Seen(double[] colour, double[][] vision) =>
        [.. vision.Select(row => Math.Clamp(row.Zip(colour, static (a, b) => a * b).Sum(), 0, 1))];

    // Ottosson 2020, https://bottosson.github.io/posts/oklab/
    private static double[] OkLab(double[] c)
    {
        double l = Math.Cbrt((0.4122214708 * c[0]) + (0.5363325363 * c[1]) + (0.0514459929 * c[2]));
        double m = Math.Cbrt((0.2119034982 * c[0]) + (0.6806995451 * c[1]) + (0.1073969566 * c[2]));
        double s = Math.Cbrt((0.0883024619 * c[0]) + (0.2817188376 * c[1]) + (0.6299787005 * c[2]));
        return
        [
            (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s),
            (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s),
            (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s),
        ];
    }
}
