namespace PayableAi.Reporting;

/// <summary>
/// The report of a run as one HTML file: inline styles and drawings, no script, nothing loaded from anywhere. Readable on a phone and
/// on paper, in light and in dark.
/// </summary>
/// <remarks>Safe to call from several threads. The same result gives the same bytes.</remarks>
public static class HtmlReport
{
    /// <summary>The page as text.</summary>
    /// <param name="result">The run to show.</param>
    /// <exception cref="ArgumentException">The result contradicts itself; the message lists every fault.</exception>
    public static string Render(RunResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        RunResultRules.Require(result, nameof(result));
        return new ReportPage(result).Render();
    }

    /// <summary>Writes the page atomically: a reader sees the old file or the whole new one.</summary>
    /// <param name="path">The file; its folder is created where it is missing.</param>
    /// <param name="result">The run to show.</param>
    /// <exception cref="ArgumentException">The result contradicts itself; nothing is written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, RunResult result)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.WriteText(path, Render(result));
    }
}
