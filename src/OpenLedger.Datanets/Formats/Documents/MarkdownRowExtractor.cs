using System.Text;

namespace OpenLedger.Datanets.Formats;

/// <summary>Makes rows of Markdown: one per section, code kept as it stands, the YAML block at the beginning left out.</summary>
/// <remarks>
/// Headings are those of CommonMark: <c># …</c> and underlined ones, outside of code. The text of a row stays Markdown. Safe for concurrent use.
/// </remarks>
public sealed class MarkdownRowExtractor : IRowExtractor
{
    private readonly DocumentOptions _options;

    /// <summary>Creates an extractor.</summary>
    /// <param name="options">Lengths and limits, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public MarkdownRowExtractor(DocumentOptions? options = null)
    {
        _options = options ?? new DocumentOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".md", ".markdown"];

    /// <summary>Reads Markdown without waiting: <see cref="ExtractAsync"/> for streams in memory. The stream is read by the call, not by the walk.</summary>
    /// <inheritdoc cref="IRowExtractor.ExtractAsync" path="/*[not(self::summary) and not(@name='cancellationToken')]"/>
    public IEnumerable<SourceRow> Extract(Stream document, string fileName) =>
        Read(DocumentRows.ReadAll(document, fileName, _options.MaxFileBytes), fileName);

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceRow> ExtractAsync(Stream document, string fileName, CancellationToken cancellationToken = default) =>
        DocumentRows.ExtractAsync(document, fileName, _options.MaxFileBytes, bytes => Read(bytes, fileName), cancellationToken);

    private IEnumerable<SourceRow> Read(byte[] bytes, string fileName)
    {
        string[] lines = DocumentRows.DecodeText(bytes, fileName).Split('\n');
        DocumentRows rows = new(fileName, _options);
        HeadingPath headings = new();
        StringBuilder section = new();
        string? fence = null;
        for (int i = FrontMatterLength(lines); i < lines.Length; i++)
        {
            string line = lines[i];
            fence = NextFence(fence, line, out bool isInCode);
            int level = isInCode ? 0 : HeadingLevel(line);
            bool isUnderlined = !isInCode && level == 0 && UnderlineLevel(lines, i) > 0;
            if (level == 0 && !isUnderlined)
            {
                section.Append(line).Append('\n');
                continue;
            }

            foreach (SourceRow row in rows.Make(headings.First, headings.Path, section.ToString()))
            {
                yield return row;
            }

            section.Clear();
            headings.Enter(isUnderlined ? UnderlineLevel(lines, i) : level, isUnderlined ? line.Trim() : HeadingText(line));
            i += isUnderlined ? 1 : 0;
        }

        foreach (SourceRow row in rows.Make(headings.First, headings.Path, section.ToString()))
        {
            yield return row;
        }
    }

    /// <summary>The lines of a YAML block between <c>---</c> at the very beginning.</summary>
    private static int FrontMatterLength(string[] lines)
    {
        if (lines[0].TrimEnd() != "---")
        {
            return 0;
        }

        int end = Array.FindIndex(lines, 1, line => line.TrimEnd() is "---" or "...");
        return end < 0 ? 0 : end + 1;
    }

    /// <summary>The fence that is open after a line, and whether the line itself is code or a fence.</summary>
    private static string? NextFence(string? open, string line, out bool isInCode)
    {
        string trimmed = line.TrimStart(' ');
        bool isIndented = line.Length - trimmed.Length > 3;
        int length = 0;
        while (length < trimmed.Length && trimmed[length] == trimmed[0] && (trimmed[0] is '`' or '~'))
        {
            length++;
        }

        isInCode = open is not null || (length >= 3 && !isIndented);
        if (open is not null)
        {
            bool closes = !isIndented && length >= open.Length && trimmed[0] == open[0] && trimmed[length..].Trim().Length == 0;
            return closes ? null : open;
        }

        return isInCode && !(trimmed[0] == '`' && trimmed[length..].Contains('`', StringComparison.Ordinal)) ? trimmed[..length] : null;
    }

    private static int HeadingLevel(string line)
    {
        string trimmed = line.TrimStart(' ');
        int level = 0;
        while (level < trimmed.Length && trimmed[level] == '#')
        {
            level++;
        }

        bool isHeading = line.Length - trimmed.Length <= 3 && level is >= 1 and <= 6
            && (level == trimmed.Length || char.IsWhiteSpace(trimmed[level]));
        return isHeading ? level : 0;
    }

    private static string HeadingText(string line)
    {
        string text = line.Trim().TrimStart('#').Trim();
        string open = text.TrimEnd('#');
        return open.Length == 0 || (open.Length < text.Length && char.IsWhiteSpace(open[^1])) ? open.TrimEnd() : text;
    }

    /// <summary>1 or 2 when the next line underlines this one, which must be a paragraph of one line.</summary>
    private static int UnderlineLevel(string[] lines, int index)
    {
        string line = lines[index].Trim();
        bool isParagraph = line.Length > 0 && lines[index].Length - lines[index].TrimStart(' ').Length <= 3
            && line[0] is not ('>' or '-' or '*' or '+' or '|' or '#')
            && (index == 0 || lines[index - 1].Trim().Length == 0);
        if (!isParagraph || index + 1 == lines.Length)
        {
            return 0;
        }

        string next = lines[index + 1].Trim();
        return next.Length >= 2 && next.All(c => c == '=') ? 1 : next.Length >= 2 && next.All(c => c == '-') ? 2 : 0;
    }
}
