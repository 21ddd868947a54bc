using System.Globalization;
using System.Numerics;

namespace PayableAi.Reporting;

/// <summary>One rendering of a report. This part holds the frame and the opening; the other parts hold a chapter each.</summary>
internal sealed partial class ReportPage
{
    private readonly HtmlBuilder _html = new();
    private readonly RunResult _result;
    private readonly ContributorPalette _palette;

    // Contributor of a record, for spans that name records only.
    private readonly Dictionary<string, string> _contributorOfRecord = new(StringComparer.Ordinal);

    public ReportPage(RunResult result)
    {
        _result = result;
        _palette = new ContributorPalette(result.Contributors.Select(static contributor => contributor.Name));
        foreach (AnswerInfluence influence in result.Answers.SelectMany(static answer => answer.Influence))
        {
            _contributorOfRecord.TryAdd(influence.Record, influence.Contributor);
        }
    }

    public string Render()
    {
        _html.AddRaw("""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>Payable AI: who was paid for which answer</title>
            """);
        _html.AddRaw($"<style>\n{ReportStyle.Css}</style>\n</head>\n<body>");
        Opening();
        _html.AddRaw("<main>");
        Answers();
        Payouts();
        Training();
        Accuracy();
        Datanets();
        Verification();
        _html.AddRaw("</main>");
        Footer();
        _html.AddRaw("</body>\n</html>");
        return _html.ToString();
    }

    private void Opening()
    {
        int baseRight = _result.Answers.Count(static answer =>
            string.Equals(answer.Base.Trim(), answer.Expected.Trim(), StringComparison.OrdinalIgnoreCase));
        int adapterRight = _result.Answers.Count(static answer => answer.Correct);
        int records = _result.Datanets.Sum(static datanet => datanet.Records);
        _html.AddRaw("<header>");
        _html.Add($"<p class=\"kicker\">Payable AI <span>run with seed {_result.Seed}</span></p>");
        _html.Add($"<h1>{Headline()}</h1>");
        _html.Add($"<p class=\"lede\">The base model alone got {OutOf(baseRight, _result.Answers.Count)} right; with an adapter trained on {Plural(records, "contributed record")} it got {OutOf(adapterRight, _result.Answers.Count)} right. The contributors’ part of each fee went to those whose records the answer came from.</p>");
        if (_result.Answers.Count > 0)
        {
            _html.AddRaw("<ol class=\"asked\">");
            for (int i = 0; i < _result.Answers.Count; i++)
            {
                AnswerResult answer = _result.Answers[i];
                _html.Add($"<li><a href=\"#answer-{i + 1}\"><span class=\"t\">{answer.Question}</span></a> <b class=\"t\">{Shown(answer.Adapter)}</b></li>");
            }

            _html.AddRaw("</ol>");
        }

        _html.AddRaw("</header>");
    }

    private string Headline()
    {
        string answers = Plural(_result.Answers.Count, "answer");
        List<(string Name, BigInteger Wei)> paid = [.. _result.Payouts
            .Select(static payout => (payout.Contributor, Wei: OpenAmount.Parse(payout.Paid)))
            .Where(static payout => payout.Wei > 0)
            .OrderByDescending(static payout => payout.Wei)
            .ThenBy(static payout => payout.Contributor, StringComparer.Ordinal)];
        if (paid.Count == 0)
        {
            return $"Nobody was paid for {answers}.";
        }

        // "Mira earned 2 OPEN, Oskar 1 OPEN and Tuva 0.5 OPEN": the verb stands once.
        // Amount and unit stay on one line.
        List<string> phrases = [.. paid.Select(static (payout, index) =>
            $"{payout.Name}{(index == 0 ? " earned" : "")} {OpenAmount.Cut(payout.Wei)}\u00a0OPEN")];
        string list = phrases.Count == 1 ? phrases[0] : $"{string.Join(", ", phrases[..^1])} and {phrases[^1]}";
        return $"For {answers}, {list}.";
    }

    private void Footer()
    {
        _html.AddRaw("<footer>");
        _html.Add($"<p>{_result.Machine.Os}, {Plural(_result.Machine.Cores, "core")}, .NET {_result.Machine.Dotnet}. The whole run took {Duration(_result.DurationSeconds)} and at most {_result.PeakMemoryMiB:N0} MiB of memory. Seed {_result.Seed}.</p>");
        _html.AddRaw("<p>Everything on this page is in <code>result.json</code> beside it. Amounts in sentences and bars are cut to four digits; tables are exact.</p>");
        _html.AddRaw("</footer>");
    }

    private void Section(string id, string title, string introduction)
    {
        _html.Add($"<section id=\"{id}\" aria-labelledby=\"{id}-title\">");
        _html.Add($"<h2 id=\"{id}-title\">{title}</h2>");
        _html.Add($"<p class=\"intro\">{introduction}</p>");
    }

    private RawHtml Swatch(string contributor) => new($"<i class=\"swatch {_palette.ClassOf(contributor)}\"></i>");

    // One labelled bar; the number stands in words beside it, so the bar itself is decoration to a screen reader.
    private void Bar(RawHtml label, double share, string value, string barClass)
    {
        _html.Add($"<div class=\"bar\"><span class=\"bar-label\">{label}</span><span class=\"bar-track\" aria-hidden=\"true\"><span class=\"bar-fill {barClass}\" style=\"width:{Percent(share)}\"></span></span><span class=\"bar-value\">{value}</span></div>");
    }

    private static RawHtml Encoded(string text)
    {
        var encoded = new System.Text.StringBuilder();
        HtmlBuilder.Encode(encoded, text);
        return new RawHtml(encoded.ToString());
    }

    private static string Shown(string text) => string.IsNullOrWhiteSpace(text) ? "(nothing)" : text;

    private static string Plural(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{Count(count)} {noun}{(count == 1 ? "" : "s")}");

    // Small numbers read better as words.
    private static string Count(long count) => count switch
    {
        1 => "one",
        2 => "two",
        3 => "three",
        4 => "four",
        5 => "five",
        6 => "six",
        _ => count.ToString("N0", CultureInfo.InvariantCulture),
    };

    private static string OutOf(int part, int total) =>
        part == 0 ? $"none of {Count(total)}" : part == total && total > 1 ? $"all {Count(total)}" : $"{Count(part)} of {Count(total)}";

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Percent(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string PercentText(double share) => share is 1 ? "100%" : (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + "%";

    // Exact integers until the last division, so that a share never shows more than its amounts say.
    private static double Share(BigInteger part, BigInteger total) =>
        total.IsZero ? 0 : (double)(part * 1_000_000 / total) / 1_000_000;

    private static double Share(int part, int total) => total == 0 ? 0 : (double)part / total;

    private static string Duration(double seconds) => seconds < 120
        ? seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s"
        : string.Create(CultureInfo.InvariantCulture, $"{(long)seconds / 60} min {(long)seconds % 60} s");
}
