using System.IO.Compression;
using System.Text;
using System.Xml;

namespace OpenLedger.Datanets.Formats;

/// <summary>Makes rows of Word documents (.docx): one per section under a heading, tables as lines of cells with tabs between.</summary>
/// <remarks>
/// Reads the body; headers, footers, notes and comments are left out, deleted text too. XML is read without DTDs and without a resolver, so nothing
/// outside of the file is opened. Source: ECMA-376 part 1, 17. Safe for concurrent use.
/// </remarks>
public sealed class DocxRowExtractor : IRowExtractor
{
    private const string WordNamespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    private const string StrictNamespace = "http://purl.oclc.org/ooxml/wordprocessingml/main";
    private const int MaxXmlDepth = 256;

    private readonly DocumentOptions _options;

    /// <summary>Creates an extractor.</summary>
    /// <param name="options">Lengths and limits, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public DocxRowExtractor(DocumentOptions? options = null)
    {
        _options = options ?? new DocumentOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".docx"];

    /// <summary>Reads a Word document without waiting: <see cref="ExtractAsync"/> for streams in memory. The stream is read by the call, not by the walk.</summary>
    /// <inheritdoc cref="IRowExtractor.ExtractAsync" path="/*[not(self::summary) and not(@name='cancellationToken')]"/>
    public IEnumerable<SourceRow> Extract(Stream document, string fileName) =>
        Read(DocumentRows.ReadAll(document, fileName, _options.MaxFileBytes), fileName);

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceRow> ExtractAsync(Stream document, string fileName, CancellationToken cancellationToken = default) =>
        DocumentRows.ExtractAsync(document, fileName, _options.MaxFileBytes, bytes => Read(bytes, fileName), cancellationToken);

    private IEnumerable<SourceRow> Read(byte[] bytes, string fileName)
    {
        using ZipArchive archive = SafeZip.Open(bytes, fileName, _options);
        byte[] body = ReadPart(archive, "word/document.xml", fileName)
            ?? throw SafeZip.Damaged(fileName, "it has no part 'word/document.xml'");
        try
        {
            Dictionary<string, int> styles = ReadStyles(ReadPart(archive, "word/styles.xml", fileName));
            string? title = ReadTitle(ReadPart(archive, "docProps/core.xml", fileName));
            List<Paragraph> paragraphs = ReadParagraphs(body, styles);
            return Walk(paragraphs, title, fileName);
        }
        catch (XmlException exception)
        {
            throw SafeZip.Damaged(fileName, exception.Message, exception);
        }
    }

    private IEnumerable<SourceRow> Walk(List<Paragraph> paragraphs, string? title, string fileName)
    {
        DocumentRows rows = new(fileName, _options);
        HeadingPath headings = new();
        StringBuilder section = new();
        foreach (Paragraph paragraph in paragraphs)
        {
            if (paragraph.Level == 0)
            {
                section.Append(paragraph.Text).Append(paragraph.IsRow ? "\n" : "\n\n");
                continue;
            }

            foreach (SourceRow row in rows.Make(title ?? headings.First, headings.Path, section.ToString()))
            {
                yield return row;
            }

            section.Clear();
            headings.Enter(paragraph.Level, paragraph.Text.Trim());
        }

        foreach (SourceRow row in rows.Make(title ?? headings.First, headings.Path, section.ToString()))
        {
            yield return row;
        }
    }

    private byte[]? ReadPart(ZipArchive archive, string name, string fileName) =>
        archive.GetEntry(name) is { } entry ? SafeZip.Read(entry, fileName, _options) : null;

    private XmlReader OpenXml(byte[] part) => XmlReader.Create(
        new MemoryStream(part, writable: false),
        new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = _options.MaxPartBytes,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        });

    private List<Paragraph> ReadParagraphs(byte[] body, Dictionary<string, int> styles)
    {
        List<Paragraph> paragraphs = [];
        StringBuilder text = new();
        List<string> cells = [];
        int level = 0;
        int tableDepth = 0;
        using XmlReader xml = OpenXml(body);
        while (ReadNext(xml))
        {
            if (xml.NamespaceURI is not (WordNamespace or StrictNamespace))
            {
                continue;
            }

            bool isStart = xml.NodeType == XmlNodeType.Element;
            bool isEnd = xml.NodeType == XmlNodeType.EndElement || (isStart && xml.IsEmptyElement);
            switch (xml.LocalName)
            {
                case "t" when isStart && !xml.IsEmptyElement:
                    ReadText(xml, text);
                    break;
                case "tab" or "ptab" when isStart:
                    text.Append('\t');
                    break;
                case "br" or "cr" when isStart:
                    text.Append('\n');
                    break;
                case "noBreakHyphen" when isStart:
                    text.Append('-');
                    break;
                case "pStyle" when isStart:
                    level = styles.GetValueOrDefault(Attribute(xml, "val") ?? "", level);
                    break;
                case "outlineLvl" when isStart:
                    level = OutlineLevel(xml) is > 0 and var outline ? outline : level;
                    break;
                case "tabs" when isStart && !xml.IsEmptyElement:
                    SkipElement(xml); // tab stops of the paragraph's layout are called tab too
                    break;
                case "tbl":
                    tableDepth += isStart && !xml.IsEmptyElement ? 1 : isEnd && !isStart ? -1 : 0;
                    if (tableDepth == 0)
                    {
                        paragraphs.Add(new Paragraph("", 0, false));
                    }

                    break;
                case "tc" when isEnd && tableDepth > 0:
                    cells.Add(text.ToString().Trim().Replace('\n', ' '));
                    text.Clear();
                    break;
                case "tr" when isEnd && tableDepth > 0:
                    paragraphs.Add(new Paragraph(string.Join('\t', cells), 0, IsRow: true));
                    cells.Clear();
                    break;
                case "p" when isEnd:
                    if (tableDepth > 0)
                    {
                        text.Append('\n');
                    }
                    else
                    {
                        paragraphs.Add(new Paragraph(text.ToString(), level, false));
                        text.Clear();
                    }

                    level = 0;
                    break;
                default:
                    break;
            }
        }

        return paragraphs;
    }

    /// <summary>The styles that are headings: those called "heading 1" to "heading 9" or with an outline level; "title" is a heading above all.</summary>
    private Dictionary<string, int> ReadStyles(byte[]? part)
    {
        Dictionary<string, int> levels = new(StringComparer.Ordinal);
        for (int i = 1; i <= 9; i++)
        {
            levels[FormattableString.Invariant($"Heading{i}")] = i;
        }

        levels["Title"] = 1;
        if (part is null)
        {
            return levels;
        }

        string? style = null;
        using XmlReader xml = OpenXml(part);
        while (ReadNext(xml))
        {
            if (xml.NodeType != XmlNodeType.Element || xml.NamespaceURI is not (WordNamespace or StrictNamespace))
            {
                continue;
            }

            switch (xml.LocalName)
            {
                case "style":
                    style = Attribute(xml, "styleId");
                    break;
                case "name" when style is not null:
                    string name = Attribute(xml, "val") ?? "";
                    bool isHeading = name.StartsWith("heading ", StringComparison.OrdinalIgnoreCase) && name.Length == 9 && name[8] is >= '1' and <= '9';
                    if (isHeading)
                    {
                        levels[style] = name[8] - '0';
                    }

                    break;
                case "outlineLvl" when style is not null:
                    if (OutlineLevel(xml) is > 0 and var level)
                    {
                        levels[style] = level;
                    }

                    break;
                default:
                    break;
            }
        }

        return levels;
    }

    private string? ReadTitle(byte[]? part)
    {
        if (part is null)
        {
            return null;
        }

        StringBuilder title = new();
        using XmlReader xml = OpenXml(part);
        while (ReadNext(xml))
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "title" && !xml.IsEmptyElement)
            {
                ReadText(xml, title);
                break;
            }
        }

        string text = title.ToString().Trim();
        return text.Length is > 0 and <= 1000 ? text : null;
    }

    private static bool ReadNext(XmlReader xml)
    {
        if (!xml.Read())
        {
            return false;
        }

        if (xml.Depth > MaxXmlDepth)
        {
            throw new XmlException($"The elements nest deeper than {MaxXmlDepth}.");
        }

        return true;
    }

    private static void ReadText(XmlReader xml, StringBuilder text)
    {
        int depth = xml.Depth;
        while (ReadNext(xml) && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace or XmlNodeType.CDATA)
            {
                text.Append(xml.Value);
            }
        }
    }

    private static void SkipElement(XmlReader xml)
    {
        int depth = xml.Depth;
        while (ReadNext(xml) && xml.Depth > depth)
        {
            // nothing in it is text
        }
    }

    /// <summary>The heading level of an outline level, which counts from 0 and has 9 for body text; 0 when there is none.</summary>
    private static int OutlineLevel(XmlReader xml) =>
        int.TryParse(Attribute(xml, "val"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int outline) && outline < 9
            ? outline + 1
            : 0;

    private static string? Attribute(XmlReader xml, string name) => xml.GetAttribute(name, xml.NamespaceURI);

    private sealed record Paragraph(string Text, int Level, bool IsRow);
}
