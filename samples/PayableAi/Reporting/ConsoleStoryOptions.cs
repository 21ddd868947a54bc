namespace PayableAi.Reporting;

/// <summary>How a <see cref="ConsoleStory"/> writes.</summary>
public sealed record ConsoleStoryOptions
{
    /// <summary>The narrowest width that is laid out for; smaller values count as this one.</summary>
    public const int MinimumWidth = 24;

    /// <summary>Width in cells.</summary>
    /// <value>80</value>
    public int Width { get; init; } = 80;

    /// <summary>Whether a person looks on: the progress bar is then redrawn in place, and headings are bold.</summary>
    /// <value>false</value>
    public bool IsTerminal { get; init; }

    /// <summary>Whether escape sequences are kept out although a person looks on.</summary>
    /// <value>false</value>
    public bool NoColor { get; init; }

    /// <summary>Whether only the last line is written.</summary>
    /// <value>false</value>
    public bool Quiet { get; init; }

    /// <summary>
    /// The options for standard output: a terminal unless redirected or <c>TERM=dumb</c>; no colour where <c>NO_COLOR</c> is set and not
    /// empty (no-color.org). Redirected output is 80 wide, so that logs do not depend on a window.
    /// </summary>
    /// <param name="quiet">Whether only the last line is written.</param>
    public static ConsoleStoryOptions ForStandardOutput(bool quiet)
    {
        bool terminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new ConsoleStoryOptions
        {
            // A terminal that does not tell its size reports 0.
            Width = terminal && Console.WindowWidth > 0 ? Math.Min(Console.WindowWidth, 120) : 80,
            IsTerminal = terminal,
            NoColor = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Quiet = quiet,
        };
    }
}
