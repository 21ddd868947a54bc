using PayableAi.Reporting;

namespace OpenLedger.Samples.Tests.Reporting;

public sealed class ConsoleStoryTests
{
    private const string Report = "artifacts/payable-ai/a-folder-with-a-long-name/report.html";
    private const string Result = "artifacts/payable-ai/a-folder-with-a-long-name/result.json";

    [Theory]
    [InlineData(24)]
    [InlineData(40)]
    [InlineData(61)]
    [InlineData(80)]
    [InlineData(120)]
    public void Tell_AnyWidth_NoLineIsWiderApartFromPaths(int width)
    {
        foreach (bool terminal in new[] { false, true })
        {
            string output = Told(new ConsoleStoryOptions { Width = width, IsTerminal = terminal, NoColor = true });

            IEnumerable<string> lines = output.Split('\n', '\r').Where(static line => !line.Contains("artifacts/", StringComparison.Ordinal));
            Assert.All(lines, line => Assert.True(TerminalText.Cells(line) <= width, $"{TerminalText.Cells(line)} cells: {line}"));
            Assert.Contains($"  report  {Report}", output, StringComparison.Ordinal);
            Assert.Contains($"  result  {Result}", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Tell_Redirected_HasHeadingsAnswersAndTableInOrder()
    {
        string output = Told(new ConsoleStoryOptions());

        string[] expected =
        [
            "1 Contribute", "2 Fine-tune", "3 Serve", "When does Marrow Light begin its day?", "base     the old mill road",
            "adapter  half past six (correct)", "because  hm-004 by Mira Solberg, 86.1% of the influence", "4 Attribute", "5 Settle", "6 Show",
            "Contributor   Records used  Share           Paid (OPEN)", "Oskar Lind               9  28.9%  0.001300950150000001",
            "3 of 3 answers correct", "26 of 26 checks passed",
        ];
        int at = 0;
        foreach (string text in expected)
        {
            at = output.IndexOf(text, at, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{text}' is missing or out of order in:\n{output}");
        }
    }

    [Fact]
    public void Tell_RedirectedOrNoColor_HasNoEscapeSequences()
    {
        Assert.DoesNotContain('\u001b', Told(new ConsoleStoryOptions()));
        Assert.DoesNotContain('\u001b', Told(new ConsoleStoryOptions { IsTerminal = true, NoColor = true }));
        Assert.Contains("\u001b[1m1 Contribute\u001b[0m", Told(new ConsoleStoryOptions { IsTerminal = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void Tell_Quiet_IsOneLine()
    {
        string output = Told(new ConsoleStoryOptions { Quiet = true, IsTerminal = true, Width = 30 });

        Assert.Equal(
            "payable-ai: 3 of 3 answers correct, 0.0045 OPEN paid to 3 contributors, 26 of 26 checks passed, "
            + $"200 of 200 changed bytes noticed, 94.4 s, 1,312 MiB: {Result}{Environment.NewLine}",
            output);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(10, 10)]
    [InlineData(37, 10)]
    [InlineData(1000, 10)]
    public void Progress_Redirected_WritesALinePerTenth(int steps, int lines)
    {
        using var writer = new StringWriter();
        var story = new ConsoleStory(writer, new ConsoleStoryOptions());
        for (int step = 1; step <= steps; step++)
        {
            story.Progress(step, steps, 4.0 / step, 7812.4, TimeSpan.FromSeconds(step));
        }

        string[] written = writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines, written.Length);
        Assert.DoesNotContain('\r', writer.ToString().Replace(Environment.NewLine, "\n", StringComparison.Ordinal));
        Assert.Contains("100%", written[^1], StringComparison.Ordinal);
        Assert.EndsWith("done", written[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_HalfWay_ShowsBarLossSpeedAndTimeLeft()
    {
        using var writer = new StringWriter();
        new ConsoleStory(writer, new ConsoleStoryOptions()).Progress(320, 640, 0.5321, 7812.4, TimeSpan.FromSeconds(70));

        Assert.Equal("  ###############...............   50%  loss 0.532  7,812 tokens/s  ETA 1:10" + Environment.NewLine, writer.ToString());
    }

    [Fact]
    public void Progress_Terminal_RedrawsOneLineAndErasesTheLongerOne()
    {
        using var writer = new StringWriter();
        var story = new ConsoleStory(writer, new ConsoleStoryOptions { IsTerminal = true, NoColor = true });

        story.Progress(1, 4, 1, 12_345, TimeSpan.FromSeconds(600));
        story.Progress(2, 4, 1, 9, TimeSpan.FromSeconds(4));
        Assert.DoesNotContain('\n', writer.ToString());
        string[] draws = writer.ToString().Split('\r')[1..];
        Assert.Equal(2, draws.Length);
        Assert.Equal(draws[0].Length, draws[1].Length);
        Assert.Contains("\u2588\u2588\u2591", draws[0], StringComparison.Ordinal);

        // Whatever comes next begins on a line of its own.
        story.Note("interrupted");
        Assert.EndsWith(Environment.NewLine + "  interrupted" + Environment.NewLine, writer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(6, 5)]
    public void Progress_StepOutOfRange_IsRefused(int step, int total)
    {
        var story = new ConsoleStory(TextWriter.Null, new ConsoleStoryOptions());

        Assert.Throws<ArgumentOutOfRangeException>(() => story.Progress(step, total, 1, 1, TimeSpan.Zero));
    }

    [Fact]
    public void Tell_HostileText_CannotMoveTheCursor()
    {
        using var writer = new StringWriter();
        var story = new ConsoleStory(writer, new ConsoleStoryOptions { Width = 60 });
        RunResult run = Runs.Saying("a\u001b[2J\r\nb\u0007\u202Ec\u009b");
        story.Note(run.Machine.Os);
        story.Answer(run.Answers[0]);
        story.Finish(run, "r\u001b", "s");

        string output = writer.ToString().Replace(Environment.NewLine, "", StringComparison.Ordinal);
        Assert.DoesNotContain(output, char.IsControl);
        Assert.DoesNotContain('\u202E', output);
    }

    [Fact]
    public void Finish_WideCharacters_KeepTheColumnsAligned()
    {
        RunResult run = Runs.Typical();
        using var writer = new StringWriter();
        new ConsoleStory(writer, new ConsoleStoryOptions()).Finish(
            run with { Payouts = [run.Payouts[0] with { Contributor = "山田太郎" }, run.Payouts[1]] }, Report, Result);

        string[] lines = [.. writer.ToString().Split(Environment.NewLine).Where(static line => line.Contains("0.0013", StringComparison.Ordinal) || line.Contains("山田", StringComparison.Ordinal))];
        Assert.Equal(2, lines.Length);
        Assert.Equal(TerminalText.Cells(lines[0]), TerminalText.Cells(lines[1]));
    }

    private static string Told(ConsoleStoryOptions options)
    {
        using var writer = new StringWriter();
        var story = new ConsoleStory(writer, options);
        RunResult run = Runs.Typical();
        story.Step(StoryStep.Contribute, "Three contributors put 370 records into two datanets; one duplicate was refused, with a reason.");
        story.Step(StoryStep.FineTune);
        for (int step = 1; step <= 640; step++)
        {
            story.Progress(step, 640, 4.0 / step, 7812.4, TimeSpan.FromSeconds(step / 10.0));
        }

        story.Step(StoryStep.Serve);
        foreach (AnswerResult answer in run.Answers)
        {
            story.Answer(answer);
        }

        story.Step(StoryStep.Attribute, "Averylongwordwithoutanyblankthatmustbebrokensomewherebecausethewindowisnotwideenoughforallofitandthensomemoreofitstillgoes on.");
        story.Step(StoryStep.Settle);
        story.Step(StoryStep.Show);
        story.Finish(run, Report, Result);
        return writer.ToString();
    }
}
