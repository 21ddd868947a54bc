using System.Globalization;
using System.Numerics;

namespace PayableAi.Reporting;

/// <summary>
/// Tells a run on a console: headings, a live progress bar, the answers, the payouts. No line is wider than the width, apart from file
/// paths and the one line of a quiet run, which must stay in one piece. What comes from models and files cannot move the cursor.
/// </summary>
/// <remarks>Not safe for use from several threads at once.</remarks>
public sealed class ConsoleStory
{
    private const string Bold = "\u001b[1m";
    private const string Dim = "\u001b[2m";
    private const string Plain = "\u001b[0m";

    private readonly TextWriter _writer;
    private readonly ConsoleStoryOptions _options;
    private readonly int _width;
    private readonly bool _blocks;

    // What stands on the line that is being redrawn; null while there is none.
    private string? _live;
    private int _tenths;
    private bool _started;

    /// <summary>Creates a teller.</summary>
    /// <param name="writer">Where to write; it stays the caller's.</param>
    /// <param name="options">How to write.</param>
    public ConsoleStory(TextWriter writer, ConsoleStoryOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(options);
        _writer = writer;
        _options = options;
        _width = Math.Max(ConsoleStoryOptions.MinimumWidth, options.Width);

        // Block characters only where the encoding has them (UTF-8, UTF-16): elsewhere a bar of question marks would appear.
        _blocks = options.IsTerminal && writer.Encoding.CodePage is 65001 or 1200;
    }

    /// <summary>Begins a step: a heading such as <c>1 Contribute</c>, and what happens in it.</summary>
    /// <param name="step">The step.</param>
    /// <param name="description">One sentence; may be empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is no member of the enum.</exception>
    public void Step(StoryStep step, string description = "")
    {
        ArgumentNullException.ThrowIfNull(description);
        string title = step switch
        {
            StoryStep.Contribute => "1 Contribute",
            StoryStep.FineTune => "2 Fine-tune",
            StoryStep.Serve => "3 Serve",
            StoryStep.Attribute => "4 Attribute",
            StoryStep.Settle => "5 Settle",
            StoryStep.Show => "6 Show",
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Steps go from 1 (Contribute) to 6 (Show)."),
        };
        if (_options.Quiet)
        {
            return;
        }

        EndLive();
        if (_started)
        {
            _writer.WriteLine();
        }

        _started = true;
        _tenths = 0;
        _writer.WriteLine(Styled(Bold, title));
        if (description.Length > 0)
        {
            Note(description);
        }
    }

    /// <summary>Writes a paragraph under the current heading, wrapped and indented.</summary>
    /// <param name="text">The text.</param>
    public void Note(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!_options.Quiet)
        {
            EndLive();
            Paragraph(text, "  ", "  ");
        }
    }

    /// <summary>
    /// Shows how far training is. On a terminal one line is redrawn; otherwise a line is written for every tenth part, and the last.
    /// </summary>
    /// <param name="step">Steps done, from 1 to <paramref name="totalSteps"/>.</param>
    /// <param name="totalSteps">Steps in all.</param>
    /// <param name="loss">Training loss in nats per token.</param>
    /// <param name="tokensPerSecond">Speed in tokens per second.</param>
    /// <param name="elapsed">Time since the first step began; the time left is estimated from it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is not from 1 to the total.</exception>
    public void Progress(int step, int totalSteps, double loss, double tokensPerSecond, TimeSpan elapsed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, totalSteps);
        if (_options.Quiet)
        {
            return;
        }

        int tenths = (int)(10L * step / totalSteps);
        if (!_options.IsTerminal)
        {
            if (tenths > _tenths || (step == totalSteps && _tenths < 10))
            {
                _writer.WriteLine(ProgressLine(step, totalSteps, loss, tokensPerSecond, elapsed, _width));
                _writer.Flush();
            }

            _tenths = Math.Max(_tenths, tenths);
            return;
        }

        // One cell stays free: a full last column makes some terminals wrap, and the next redraw would leave a ghost above.
        string line = ProgressLine(step, totalSteps, loss, tokensPerSecond, elapsed, _width - 1);
        if (line != _live)
        {
            int previous = _live is null ? 0 : TerminalText.Cells(_live);
            _writer.Write('\r' + TerminalText.PadRight(line, previous));
            _writer.Flush();
            _live = line;
        }

        if (step == totalSteps)
        {
            EndLive();
        }
    }

    /// <summary>Shows a question with the base's answer beside the adapter's.</summary>
    /// <param name="answer">The answer.</param>
    public void Answer(AnswerResult answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (_options.Quiet)
        {
            return;
        }

        EndLive();
        _writer.WriteLine();
        Paragraph(answer.Question, "  ", "  ");
        Paragraph(Shown(answer.Base), "    base     ", "             ");
        Paragraph($"{Shown(answer.Adapter)}  ({(answer.Correct ? "correct" : $"wrong, expected: {answer.Expected}")})", "    adapter  ", "             ");
        if (answer.Influence.Count > 0)
        {
            AnswerInfluence first = answer.Influence[0];
            Paragraph(string.Create(CultureInfo.InvariantCulture, $"{first.Record} by {first.Contributor}, {first.WeightPpb / 1e7:0.0}% of the influence: {first.Text}"), "    because  ", "             ");
        }
    }

    /// <summary>
    /// Ends the story: what each contributor was paid, the checks, and where the report and the result lie; or one line where quiet.
    /// </summary>
    /// <param name="result">The run.</param>
    /// <param name="reportPath">Path of the report.</param>
    /// <param name="resultPath">Path of the result.</param>
    /// <exception cref="ArgumentException">The result contradicts itself.</exception>
    public void Finish(RunResult result, string reportPath, string resultPath)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentException.ThrowIfNullOrEmpty(reportPath);
        ArgumentException.ThrowIfNullOrEmpty(resultPath);
        RunResultRules.Require(result, nameof(result));
        EndLive();
        if (_options.Quiet)
        {
            _writer.WriteLine(TerminalText.OneLine(Summary(result, resultPath)));
            _writer.Flush();
            return;
        }

        _writer.WriteLine();
        foreach (string line in PayoutTable(result.Payouts))
        {
            _writer.WriteLine(line);
        }

        _writer.WriteLine();
        Note(string.Create(CultureInfo.InvariantCulture, $"{Correct(result)}; held-out {result.Training.HeldOut.AdapterCorrect} of {result.Training.HeldOut.Total} with the adapter, {result.Training.HeldOut.BaseCorrect} without."));
        Note(string.Create(CultureInfo.InvariantCulture, $"{Checks(result)}; {result.DurationSeconds:0.0} s, {result.PeakMemoryMiB:N0} MiB."));
        _writer.WriteLine();
        _writer.WriteLine($"  report  {TerminalText.OneLine(reportPath)}");
        _writer.WriteLine($"  result  {TerminalText.OneLine(resultPath)}");
        _writer.Flush();
    }

    private static string Summary(RunResult result, string resultPath)
    {
        BigInteger paid = result.Payouts.Aggregate(BigInteger.Zero, static (sum, payout) => sum + OpenAmount.Parse(payout.Paid));
        int contributors = result.Payouts.Count(static payout => OpenAmount.Parse(payout.Paid) > 0);
        return string.Create(CultureInfo.InvariantCulture, $"payable-ai: {Correct(result)}, {OpenAmount.Exact(paid)} OPEN paid to {contributors} contributor{(contributors == 1 ? "" : "s")}, {Checks(result)}, {result.DurationSeconds:0.0} s, {result.PeakMemoryMiB:N0} MiB: {resultPath}");
    }

    private static string Correct(RunResult result) =>
        string.Create(CultureInfo.InvariantCulture, $"{result.Answers.Count(static answer => answer.Correct)} of {result.Answers.Count} answers correct");

    private static string Checks(RunResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Verification.Passed} of {result.Verification.Checks} checks passed, {result.Tamper.Rejected} of {result.Tamper.Flips} changed bytes noticed");

    private static string Shown(string text) => string.IsNullOrWhiteSpace(text) ? "(nothing)" : text;

    private IEnumerable<string> PayoutTable(IReadOnlyList<PayoutResult> payouts)
    {
        string[][] rows =
        [
            ["Contributor", "Records used", "Share", "Paid (OPEN)"],
            .. payouts.Select(static payout => new[]
            {
                TerminalText.OneLine(payout.Contributor),
                payout.RecordsUsed.ToString("N0", CultureInfo.InvariantCulture),
                (payout.SharePpb / 1e7).ToString("0.0", CultureInfo.InvariantCulture) + "%",
                OpenAmount.Exact(OpenAmount.Parse(payout.Paid)),
            }),
        ];
        int[] widths = [.. Enumerable.Range(0, 4).Select(column => rows.Max(row => TerminalText.Cells(row[column])))];
        widths[0] = Math.Min(widths[0], 24);
        int total = 2 + widths.Sum() + 6;
        if (total > _width)
        {
            return Stacked(rows);
        }

        string[] lines = [.. rows.Select(row => $"  {TerminalText.PadRight(TerminalText.Fit(row[0], widths[0]), widths[0])}  {TerminalText.PadLeft(row[1], widths[1])}  {TerminalText.PadLeft(row[2], widths[2])}  {TerminalText.PadLeft(row[3], widths[3])}")];
        return [Styled(Bold, lines[0]), "  " + new string('-', total - 2), .. lines[1..]];
    }

    // A window too narrow for the table gets one block per contributor instead of a torn table.
    private IEnumerable<string> Stacked(string[][] rows)
    {
        foreach (string[] row in rows.Skip(1))
        {
            yield return "  " + TerminalText.Fit(row[0], _width - 2);
            yield return "    " + TerminalText.Fit($"{row[1]} records, {row[2]}", _width - 4);
            foreach (string line in TerminalText.Wrap($"{row[3]} OPEN", _width - 4))
            {
                yield return "    " + line;
            }
        }
    }

    private string ProgressLine(int step, int totalSteps, double loss, double tokensPerSecond, TimeSpan elapsed, int width)
    {
        TimeSpan left = TimeSpan.FromSeconds(Math.Max(0, elapsed.TotalSeconds) / step * (totalSteps - step));
        string clock = left.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)left.TotalHours}:{left.Minutes:00}:{left.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{left.Minutes}:{left.Seconds:00}");
        string share = string.Create(CultureInfo.InvariantCulture, $"{100L * step / totalSteps,3}%");
        string end = step == totalSteps ? "done    " : $"ETA {clock}";

        // The narrower the window, the less is said; the percentage and the loss are said always.
        string[] figures =
        [
            string.Create(CultureInfo.InvariantCulture, $"{share}  loss {loss:0.000}  {tokensPerSecond:N0} tokens/s  {end}"),
            string.Create(CultureInfo.InvariantCulture, $"{share}  loss {loss:0.000}  {end}"),
            string.Create(CultureInfo.InvariantCulture, $"{share}  loss {loss:0.000}"),
        ];
        string figure = Array.Find(figures, candidate => 2 + candidate.Length + 2 + 10 <= width)
            ?? Array.Find(figures, candidate => 2 + candidate.Length <= width)
            ?? figures[^1];
        int bar = Math.Min(30, width - 2 - figure.Length - 2);
        if (bar < 10)
        {
            return TerminalText.Fit("  " + figure.TrimEnd(), width);
        }

        int full = (int)((long)bar * step / totalSteps);
        return "  " + new string(_blocks ? '\u2588' : '#', full) + new string(_blocks ? '\u2591' : '.', bar - full) + "  " + figure.TrimEnd();
    }

    private void Paragraph(string text, string first, string rest)
    {
        string indent = first;
        foreach (string line in TerminalText.Wrap(text, _width - first.Length))
        {
            _writer.WriteLine((indent.AsSpan().Trim(' ').IsEmpty ? indent : Styled(Dim, indent)) + line);
            indent = rest;
        }
    }

    private void EndLive()
    {
        if (_live is not null)
        {
            _writer.WriteLine();
            _live = null;
        }
    }

    private string Styled(string style, string text) => _options is { IsTerminal: true, NoColor: false } ? style + text + Plain : text;
}
