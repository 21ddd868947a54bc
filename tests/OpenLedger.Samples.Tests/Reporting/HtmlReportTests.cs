using System.Globalization;
using System.Text.RegularExpressions;
using OpenLedger.Testing;
using PayableAi.Reporting;

namespace OpenLedger.Samples.Tests.Reporting;

public sealed partial class HtmlReportTests
{
    private static readonly string Page = HtmlReport.Render(Runs.Typical());

    [Fact]
    public void Render_TypicalRun_RefersToNothingOutside()
    {
        foreach (string reference in new[] { "http://", "https://", "src=", "@import", "url(", "<script", "<link", "<iframe", "<img", "javascript:", "//cdn" })
        {
            Assert.DoesNotContain(reference, Page, StringComparison.OrdinalIgnoreCase);
        }

        // The only links lead inside the page, and the page itself forbids loading.
        Assert.All(Links().Matches(Page), static link => Assert.StartsWith("#", link.Groups[1].Value, StringComparison.Ordinal));
        Assert.Contains("default-src 'none'", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_TypicalRun_IsWellFormed()
    {
        var open = new Stack<string>();
        foreach (Match tag in Tags().Matches(Page[Page.IndexOf("<html", StringComparison.Ordinal)..]))
        {
            string name = tag.Groups[2].Value;
            if (name is "meta" or "wbr" || tag.Value.EndsWith("/>", StringComparison.Ordinal))
            {
                continue;
            }

            if (tag.Groups[1].Value == "/")
            {
                Assert.Equal(open.Pop(), name);
            }
            else
            {
                open.Push(name);
            }
        }

        Assert.Empty(open);
        List<string> ids = [.. Ids().Matches(Page).Select(static id => id.Groups[1].Value)];
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void Render_TypicalRun_TellsTheWholeStory()
    {
        string[] expected =
        [
            "For three answers, Tuva Brandt earned 0.001624\u00a0OPEN, Mira Solberg 0.001574\u00a0OPEN and Oskar Lind 0.0013\u00a0OPEN.",
            "All three claims were verified",
            "The base model alone got none of three right; with an adapter trained on 370 contributed records it got all three right.",
            "When does Marrow Light begin its day?", "the old mill road", "Tollgate Inn is owned by Wenna Sark.",
            "0.003200000000000001 OPEN", "platform", "stakers", "0.001300950150000001", "0x2C7536E3605D9C16a7a3D7b1898e529396a65c23",
            "held-out, before 5.13", "held-out, after 0.41", "89.0%, 331 of 372", "0.5%, 2 of 372", "96.2%, 358 of 372", "BM25, question and answer",
            "e2a94c10775bd3f86c1e0f92ab4d578310fe6c2b9d8471a5360cbe17f42d98a3", "same content as hm-012",
            "200<small> of 200</small>", "verify --out DIR", "Debian GNU/Linux 12, two cores, .NET 10.0.1", "94.4 s",
        ];

        Assert.All(expected, text => Assert.Contains(text, Page, StringComparison.Ordinal));
    }

    [Fact]
    public void Render_Spans_AreMarkedInTheColourAndWithTheNameOfTheContributor()
    {
        Assert.Contains("<mark class=\"who-0\">half past six</mark><wbr><small class=\"whose who-0\">Mira Solberg</small>", Page, StringComparison.Ordinal);

        // The second answer's span names records only: their contributors are found among the influential records.
        Assert.Contains("an <mark class=\"who-1\">innkeeper</mark><wbr><small class=\"whose who-1\">Oskar Lind, Mira Solberg</small>", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_OverlappingSpans_ShowEveryCharacterOnceAndTheRarerSpanWhole()
    {
        RunResult run = Runs.Typical();
        AnswerResult answer = run.Answers[0] with
        {
            Spans =
            [
                new AnswerSpan { Start = 0, Length = 9, Bits = 5, Records = ["a"], Contributors = [Runs.Mira] },
                new AnswerSpan { Start = 5, Length = 8, Bits = 9, Records = ["b"], Contributors = [Runs.Tuva] },
            ],
        };
        string page = HtmlReport.Render(run with { Answers = [answer] });

        Assert.Contains("<mark class=\"who-0\">half </mark>", page, StringComparison.Ordinal);
        Assert.Contains("<mark class=\"who-2\">past six</mark>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_StackedBar_HasOneSegmentPerPartInProportion()
    {
        string stack = Page[Page.IndexOf("<div class=\"stack\"", StringComparison.Ordinal)..];
        stack = stack[..stack.IndexOf("</div>", StringComparison.Ordinal)];

        double[] widths = [.. Grows().Matches(stack).Select(static match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

        Assert.Equal([0.0625, 0.375, 0.09375, 0.46875], widths, static (left, right) => Math.Abs(left - right) < 1e-5);
    }

    [Fact]
    public void Render_LossCurve_StaysInsideTheDrawingAndFalls()
    {
        string points = Points().Match(Page).Groups[1].Value;
        (double X, double Y)[] curve = [.. points.Split(' ').Select(static point => point.Split(','))
            .Select(static pair => (double.Parse(pair[0], CultureInfo.InvariantCulture), double.Parse(pair[1], CultureInfo.InvariantCulture)))];

        Assert.Equal(240, curve.Length);
        Assert.All(curve, static point => Assert.True(point is { X: >= 0 and <= 1000, Y: >= 0 and <= 1000 }));
        Assert.True(curve[0].X < curve[^1].X && curve[0].Y < curve[^1].Y);

        // 5.127 on an axis to 6 stands 14.55 % from the top.
        Assert.Contains("held first below\" style=\"left:0%;top:14.55%\"", Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img onerror=alert(1)>")]
    [InlineData("' onmouseover='alert(1)")]
    [InlineData("</style></title><svg onload=alert(1)>")]
    [InlineData("&lt;b&gt; {0} \u0000\u001b[31m \ud800 \u202Eabc")]
    [InlineData("--><!--]]>")]
    public void Render_HostileText_StaysText(string hostile)
    {
        string page = HtmlReport.Render(Runs.Saying(hostile));
        string harmless = HtmlReport.Render(Runs.Saying(new string('x', hostile.Length)));

        // Same elements with the same attributes, so the text added none and changed none.
        Assert.Equal(Elements(harmless), Elements(page));
        Assert.DoesNotContain('\0', page);
        Assert.DoesNotContain('\u001b', page);
        Assert.Contains(
            hostile.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
                .Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal).Replace('\0', '\uFFFD').Replace('\u001b', '\uFFFD'),
            page,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Render_EmptyRun_IsStillAPage()
    {
        RunResult run = Runs.Typical();
        RunResult empty = run with
        {
            Datanets = [],
            Contributors = [],
            Answers = [],
            Fees = [],
            Claims = [],
            Payouts = [],
            Training = run.Training with { Curve = [], Steps = 0, LossFirst = 0, LossLast = 0, HeldOut = new HeldOutResult { AdapterCorrect = 0, BaseCorrect = 0, Total = 0 } },
        };

        string page = HtmlReport.Render(empty);

        Assert.Contains("Nobody was paid for 0 answers.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_WrongAndEmptyAnswer_SaysSo()
    {
        RunResult run = Runs.Typical();
        string page = HtmlReport.Render(run with
        {
            Answers = [run.Answers[0] with { Adapter = " ", Correct = false, Spans = [], Influence = [], Coverage = 0 }],
        });

        Assert.Contains("(nothing)", page, StringComparison.Ordinal);
        Assert.Contains("wrong</span>", page, StringComparison.Ordinal);
        Assert.Contains("Expected", page, StringComparison.Ordinal);
        Assert.Contains("No passage of this answer", page, StringComparison.Ordinal);
        Assert.Contains("No record had a measurable influence.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SameRun_GivesTheSameBytesAndNoOtherFile()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("report.html");

        HtmlReport.Write(path, Runs.Typical());
        byte[] first = File.ReadAllBytes(path);
        HtmlReport.Write(path, Runs.Typical());

        Assert.Equal(first, File.ReadAllBytes(path));
        Assert.DoesNotContain((byte)'\r', first);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    private static List<string> Elements(string page) =>
        [.. Tags().Matches(page).Select(static tag => AttributeValues().Replace(tag.Value, "=''"))];

    [GeneratedRegex("<(/?)([a-z][a-z0-9]*)(?:\"[^\"]*\"|[^\">])*>")]
    private static partial Regex Tags();

    [GeneratedRegex("=\"[^\"]*\"")]
    private static partial Regex AttributeValues();

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Links();

    [GeneratedRegex(" id=\"([^\"]*)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("flex-grow:([0-9.]+)")]
    private static partial Regex Grows();

    [GeneratedRegex("points=\"([^\"]*)\"")]
    private static partial Regex Points();
}
