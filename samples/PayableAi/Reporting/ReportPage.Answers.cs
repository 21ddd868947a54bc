using System.Globalization;
using System.Numerics;

namespace PayableAi.Reporting;

/// <summary>The answers: what was said, where it comes from, what it cost.</summary>
internal sealed partial class ReportPage
{
    private const int ShownRecords = 6;

    private void Answers()
    {
        Section("answers", "The answers", "Marked words occur verbatim in a contributed record; the name after them says whose. Below each answer stand the records that made the model say it, by influence.");
        for (int i = 0; i < _result.Answers.Count; i++)
        {
            Answer(i, _result.Answers[i], i < _result.Fees.Count ? _result.Fees[i] : null);
        }

        _html.AddRaw("</section>");
    }

    private void Answer(int index, AnswerResult answer, FeeResult? fee)
    {
        _html.Add($"<article class=\"card\" id=\"answer-{index + 1}\">");
        _html.Add($"<h3 class=\"t\">{answer.Question}</h3>");
        _html.AddRaw("<dl class=\"said\">");
        _html.Add($"<div class=\"base\"><dt>Base model</dt><dd><span class=\"t\">{Shown(answer.Base)}</span></dd></div>");
        _html.Add($"<div class=\"adapter\"><dt>With adapter</dt><dd><span class=\"t\">{Marked(answer)}</span> <span class=\"verdict\">{(answer.Correct ? "correct" : "wrong")}</span></dd></div>");
        if (!answer.Correct)
        {
            _html.Add($"<div class=\"base\"><dt>Expected</dt><dd><span class=\"t\">{answer.Expected}</span></dd></div>");
        }

        _html.AddRaw("</dl>");
        Spans(answer);
        Records(answer);
        if (fee is not null)
        {
            Fee(fee);
        }

        _html.AddRaw("</article>");
    }

    // Spans may overlap; the most surprising one wins a character, then the earliest.
    private RawHtml Marked(AnswerResult answer)
    {
        if (string.IsNullOrWhiteSpace(answer.Adapter))
        {
            return new RawHtml("(nothing)");
        }

        var owner = new AnswerSpan?[answer.Adapter.Length];
        foreach (AnswerSpan span in answer.Spans.OrderByDescending(static span => span.Bits).ThenBy(static span => span.Start))
        {
            for (int i = span.Start; i < span.Start + span.Length; i++)
            {
                owner[i] ??= span;
            }
        }

        var text = new System.Text.StringBuilder();
        for (int start = 0; start < owner.Length;)
        {
            int end = start + 1;
            while (end < owner.Length && ReferenceEquals(owner[end], owner[start]))
            {
                end++;
            }

            AppendRun(text, answer.Adapter.AsSpan(start, end - start), owner[start]);
            start = end;
        }

        return new RawHtml(text.ToString());
    }

    private void AppendRun(System.Text.StringBuilder text, ReadOnlySpan<char> run, AnswerSpan? span)
    {
        if (span is null)
        {
            HtmlBuilder.Encode(text, run);
            return;
        }

        List<string> names = NamesOf(span);
        text.Append("<mark class=\"").Append(names.Count == 0 ? ContributorPalette.UnknownClass : _palette.ClassOf(names[0])).Append("\">");
        HtmlBuilder.Encode(text, run);
        text.Append("</mark>");
        if (names.Count > 0)
        {
            text.Append("<wbr><small class=\"whose ").Append(_palette.ClassOf(names[0])).Append("\">");
            HtmlBuilder.Encode(text, string.Join(", ", names));
            text.Append("</small>");
        }
    }

    private List<string> NamesOf(AnswerSpan span) => [.. (span.Contributors.Count > 0
        ? span.Contributors
        : span.Records.Select(record => _contributorOfRecord.GetValueOrDefault(record)).OfType<string>()).Distinct()];

    private void Spans(AnswerResult answer)
    {
        if (answer.Spans.Count == 0)
        {
            _html.AddRaw("<p class=\"note\">No passage of this answer occurs verbatim in a record.</p>");
            return;
        }

        _html.Add($"<p class=\"note\">{PercentText(answer.Coverage)} of the answer occurs verbatim in the datanets:</p>");
        _html.AddRaw("<ul class=\"spans\">");
        foreach (AnswerSpan span in answer.Spans)
        {
            List<string> names = NamesOf(span);
            string shownRecords = string.Join(", ", span.Records.Take(4)) + (span.Records.Count > 4 ? $" and {Count(span.Records.Count - 4)} more" : "");
            string by = names.Count == 0 ? "" : $", by {string.Join(", ", names)}";
            _html.Add($"<li><q class=\"t\">{answer.Adapter.Substring(span.Start, span.Length)}</q> in {shownRecords}{by}; {span.Bits:0.0} bits</li>");
        }

        _html.AddRaw("</ul>");
    }

    private void Records(AnswerResult answer)
    {
        _html.AddRaw("<h4>Records behind it</h4>");
        if (answer.Influence.Count == 0)
        {
            _html.AddRaw("<p class=\"note\">No record had a measurable influence.</p>");
            return;
        }

        _html.AddRaw("<ul class=\"records\">");
        foreach (AnswerInfluence influence in answer.Influence.Take(ShownRecords))
        {
            double share = influence.WeightPpb / 1e9;
            _html.Add($"<li><div class=\"record-head\"><span class=\"t\">{Swatch(influence.Contributor)}{influence.Contributor}</span><code>{influence.Record}</code><span class=\"num\" title=\"influence score {influence.Score:G6}\">{PercentText(share)}</span></div>");
            _html.Add($"<span class=\"bar-track\" aria-hidden=\"true\"><span class=\"bar-fill {_palette.ClassOf(influence.Contributor)}\" style=\"width:{Percent(share)}\"></span></span>");
            _html.Add($"<p class=\"t\">{influence.Text}</p></li>");
        }

        _html.AddRaw("</ul>");
        long shown = answer.Influence.Take(ShownRecords).Sum(static influence => influence.WeightPpb);
        if (shown is > 0 and < 999_500_000)
        {
            _html.Add($"<p class=\"note\">The other {PercentText(1 - (shown / 1e9))} of the contributors’ part goes to records with less influence.</p>");
        }
    }

    private void Fee(FeeResult fee)
    {
        BigInteger total = OpenAmount.Parse(fee.Total);
        _html.Add($"<h4>Fee <span class=\"num\">{OpenAmount.Exact(total)} OPEN</span></h4>");
        _html.AddRaw("<div class=\"stack\" aria-hidden=\"true\">");
        for (int i = 0; i < fee.Parts.Count; i++)
        {
            double share = Share(OpenAmount.Parse(fee.Parts[i].Amount), total);
            _html.Add($"<span class=\"{PartClass(fee.Parts[i].Name, i)}\" style=\"flex-grow:{share.ToString("0.######", CultureInfo.InvariantCulture)}\"></span>");
        }

        _html.AddRaw("</div><ul class=\"parts\">");
        for (int i = 0; i < fee.Parts.Count; i++)
        {
            BigInteger amount = OpenAmount.Parse(fee.Parts[i].Amount);
            _html.Add($"<li><i class=\"swatch {PartClass(fee.Parts[i].Name, i)}\"></i><span class=\"t\">{fee.Parts[i].Name}</span> <b>{PercentText(Share(amount, total))}</b> <span class=\"num\">{OpenAmount.Exact(amount)}</span></li>");
        }

        _html.Add($"</ul><p class=\"note\">Inference <code>{fee.Inference}</code></p>");
    }

    // The contributors' part is what this page is about, so it alone is dark; the others are steps of grey.
    private static string PartClass(string name, int index) =>
        string.Equals(name, "contributors", StringComparison.OrdinalIgnoreCase)
            ? "part-own"
            : string.Create(CultureInfo.InvariantCulture, $"part-{index % 3}");
}
