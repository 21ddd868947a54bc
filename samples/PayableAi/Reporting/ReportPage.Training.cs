using System.Globalization;
using System.Text;

namespace PayableAi.Reporting;

/// <summary>How the model learned: the loss curve, and how well it does on questions it never saw.</summary>
internal sealed partial class ReportPage
{
    // A screen shows no more points; each drawn point is the mean of its bucket, so single noisy steps do not hide the trend.
    private const int DrawnPoints = 240;

    private void Training()
    {
        TrainingResult training = _result.Training;
        string passes = training.Epochs == 1 ? "one pass" : $"{Count(training.Epochs)} passes";
        Section("training", "How it learned", string.Create(
            CultureInfo.InvariantCulture,
            $"The loss on questions kept out of training went from {training.LossFirst:0.00} to {training.LossLast:0.00} nats per token in {training.Steps:N0} steps: {training.TrainableParameters:N0} adapter parameters, {passes} over the records, {training.Tokens:N0} tokens at {training.TokensPerSecond:N0} per second."));
        LossChart(training);
        _html.AddRaw("</section>");
    }

    private void LossChart(TrainingResult training)
    {
        double highest = Math.Max(training.LossFirst, Math.Max(training.LossLast, training.Curve.Select(static point => point.Loss).DefaultIfEmpty().Max()));
        double step = NiceStep(highest / 4);
        double top = Math.Max(step, Math.Ceiling(highest / step) * step);
        int last = Math.Max(1, Math.Max(training.Steps, training.Curve.Select(static point => point.Step).DefaultIfEmpty().Max()));

        _html.Add($"<figure class=\"chart\"><div class=\"plot\" role=\"img\" aria-label=\"Training loss by step; held-out loss {training.LossFirst:0.00} before and {training.LossLast:0.00} after\">");
        _html.AddRaw("<svg viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        int lines = (int)Math.Round(top / step);
        for (int i = 0; i <= lines; i++)
        {
            string y = Number(1000 - (1000.0 * i / lines));
            _html.Add($"<line class=\"grid\" x1=\"0\" x2=\"1000\" y1=\"{y}\" y2=\"{y}\"/>");
        }

        _html.Add($"<polyline class=\"curve\" points=\"{Points(training.Curve, last, top)}\"/>");
        _html.AddRaw("</svg>");

        // Labels are text beside the drawing, not in it: the drawing stretches with the page, letters must not.
        for (int i = 0; i <= lines; i++)
        {
            _html.Add($"<span class=\"y-label\" style=\"top:{Percent(1 - ((double)i / lines))}\">{step * i:0.####}</span>");
        }

        for (int i = 0; i <= 4; i++)
        {
            string edge = i == 0 ? " first" : i == 4 ? " last" : "";
            _html.Add($"<span class=\"x-label{new RawHtml(edge)}\" style=\"left:{Percent(i / 4.0)}\">{Math.Round(last * i / 4.0):N0}</span>");
        }

        HeldOutMark("first", 0, training.LossFirst, top, "held-out, before");
        HeldOutMark("last", 1, training.LossLast, top, "held-out, after");
        _html.AddRaw("</div><figcaption>Training loss (line, nats per token) by optimiser step; the circles are the loss on held-out questions.</figcaption></figure>");
    }

    private void HeldOutMark(string edge, double x, double loss, double top, string label)
    {
        // A label below its circle would leave the drawing where the loss is small, one above where it is large.
        string side = loss / top > 0.5 ? "below" : "above";
        _html.Add($"<span class=\"held {edge} {side}\" style=\"left:{Percent(x)};top:{Percent(1 - (loss / top))}\"><i></i><span>{label} {loss:0.00}</span></span>");
    }

    private static string Points(IReadOnlyList<LossPoint> curve, int lastStep, double top)
    {
        var points = new StringBuilder();
        int buckets = Math.Min(DrawnPoints, curve.Count);
        for (int bucket = 0; bucket < buckets; bucket++)
        {
            int from = (int)((long)curve.Count * bucket / buckets);
            int to = (int)((long)curve.Count * (bucket + 1) / buckets);
            double loss = 0;
            double at = 0;
            for (int i = from; i < to; i++)
            {
                loss += curve[i].Loss / (to - from);
                at += (double)curve[i].Step / (to - from);
            }

            points.Append(bucket == 0 ? "" : " ").Append(Number(1000 * at / lastStep)).Append(',').Append(Number(1000 - (1000 * loss / top)));
        }

        return points.ToString();
    }

    private void Accuracy()
    {
        HeldOutResult heldOut = _result.Training.HeldOut;
        InfluenceResult influence = _result.Influence;
        Section("accuracy", "Does it know, and do we know why", "Two measurements over all held-out questions, none of whose wordings occurs in the training data.");
        _html.AddRaw("<div class=\"pair\"><div><h3>Answered exactly</h3><div class=\"bars\">");
        AccuracyBar("With adapter", heldOut.AdapterCorrect, heldOut.Total, "own");
        AccuracyBar("Base model", heldOut.BaseCorrect, heldOut.Total, "other");
        _html.AddRaw("</div></div><div><h3>Right record among the first three</h3><div class=\"bars\">");
        AccuracyBar($"Influence ({influence.Method})", influence.Top3, influence.Total, "own");
        AccuracyBar("DataInf", influence.DataInfTop3, influence.Total, "other");
        AccuracyBar("BM25, question", influence.Bm25Top3, influence.Total, "other");
        AccuracyBar("BM25, question and answer", influence.Bm25WithAnswerTop3, influence.Total, "other");
        _html.AddRaw("</div></div></div></section>");
    }

    private void AccuracyBar(string label, int part, int total, string barClass) => Bar(
        Encoded(label),
        Share(part, total),
        string.Create(CultureInfo.InvariantCulture, $"{PercentText(Share(part, total))}, {part:N0} of {total:N0}"),
        barClass);

    // 1, 2, 2.5 or 5 times a power of ten: the steps people count in.
    private static double NiceStep(double rough)
    {
        if (!(rough > 1e-9))
        {
            return 1;
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double ratio = rough / power;
        return power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 2.5 ? 2.5 : ratio <= 5 ? 5 : 10);
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
