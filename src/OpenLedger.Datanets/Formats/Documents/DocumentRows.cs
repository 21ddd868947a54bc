using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace OpenLedger.Datanets.Formats;

/// <summary>Makes rows of the sections or pages of a document, in the shape that <see cref="IRowExtractor"/> describes.</summary>
/// <remarks>For writers of extractors. Not safe for concurrent use.</remarks>
public sealed class DocumentRows
{
    private static readonly byte[] TextName = JsonRowBuilder.EncodeName("text");
    private static readonly byte[] TitleName = JsonRowBuilder.EncodeName("title");
    private static readonly byte[] HeadingName = JsonRowBuilder.EncodeName("heading");
    private static readonly byte[] SourceName = JsonRowBuilder.EncodeName("source");
    private static readonly byte[] PageName = JsonRowBuilder.EncodeName("page");
    private static readonly byte[] PartName = JsonRowBuilder.EncodeName("part");

    private readonly JsonRowBuilder _json = new();
    private readonly string _fileName;
    private readonly DocumentOptions _options;
    private int _part;

    /// <summary>Creates the rows of one document.</summary>
    /// <param name="fileName">The file's name without folders, for messages and for the rows.</param>
    /// <param name="options">The lengths.</param>
    /// <exception cref="ArgumentException">The name is empty, or an option is outside its range.</exception>
    public DocumentRows(string fileName, DocumentOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _fileName = fileName;
        _options = options;
    }

    /// <summary>Cuts a text into rows.</summary>
    /// <param name="title">The document's title, or <see langword="null"/>.</param>
    /// <param name="heading">The headings above the text, or <see langword="null"/>.</param>
    /// <param name="text">The text with LF as line break; blank text gives no row. Half a surrogate pair becomes U+FFFD.</param>
    /// <param name="page">The 1-based page, or <see langword="null"/> where there are none.</param>
    /// <returns>The rows, numbered on from the rows before; walk them before the next call.</returns>
    public IEnumerable<SourceRow> Make(string? title, string? heading, string text, int? page = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Walk(title, heading, text, page);
    }

    /// <summary>Reads a document as a whole, up to a limit.</summary>
    /// <param name="document">A readable stream; not disposed.</param>
    /// <param name="fileName">The name for messages.</param>
    /// <param name="maxBytes">Most bytes.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.LimitExceeded"/>.</exception>
    public static byte[] ReadAll(Stream document, string fileName, int maxBytes)
    {
        RowFault.ThrowIfNotReadable(document, fileName);
        using MemoryStream copy = new();
        byte[] buffer = new byte[64 << 10];
        int read;
        while ((read = document.Read(buffer)) > 0)
        {
            Append(copy, buffer.AsSpan(0, read), fileName, maxBytes);
        }

        return copy.ToArray();
    }

    /// <summary>Reads a document as a whole without blocking, then walks its rows: an <see cref="IRowExtractor"/> made of a synchronous reader.</summary>
    /// <param name="document">A readable stream; read when the walk begins, not disposed.</param>
    /// <param name="fileName">The name for messages.</param>
    /// <param name="maxBytes">Most bytes.</param>
    /// <param name="read">Makes the rows of the bytes; called once per walk.</param>
    /// <param name="cancellationToken">Ends the reading, or the walk between two rows.</param>
    /// <exception cref="ArgumentException">The stream is not readable or the name empty.</exception>
    /// <exception cref="DatanetException">While walking: <see cref="DatanetError.LimitExceeded"/>, and what <paramref name="read"/> throws.</exception>
    public static IAsyncEnumerable<SourceRow> ExtractAsync(
        Stream document, string fileName, int maxBytes, Func<byte[], IEnumerable<SourceRow>> read, CancellationToken cancellationToken = default)
    {
        RowFault.ThrowIfNotReadable(document, fileName);
        ArgumentNullException.ThrowIfNull(read);
        return WalkAsync(document, fileName, maxBytes, read, cancellationToken);
    }

    /// <summary>Decodes a text document: UTF-8, byte order mark off, line breaks as LF.</summary>
    internal static string DecodeText(ReadOnlySpan<byte> bytes, string fileName)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            bytes = bytes[3..];
        }

        if (!Utf8.IsValid(bytes))
        {
            throw new DatanetException(DatanetError.InvalidUtf8, $"{fileName}: the text is not UTF-8; save it as UTF-8.");
        }

        if (bytes.Contains((byte)0))
        {
            throw new DatanetException(DatanetError.InvalidDocument, $"{fileName}: the file holds NUL bytes, so it is no text.");
        }

        return Encoding.UTF8.GetString(bytes).ReplaceLineEndings("\n");
    }

    private static async IAsyncEnumerable<SourceRow> WalkAsync(
        Stream document,
        string fileName,
        int maxBytes,
        Func<byte[], IEnumerable<SourceRow>> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using MemoryStream copy = new();
        byte[] buffer = new byte[64 << 10];
        int length;
        while ((length = await document.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            Append(copy, buffer.AsSpan(0, length), fileName, maxBytes);
        }

        foreach (SourceRow row in read(copy.ToArray()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    private static void Append(MemoryStream copy, ReadOnlySpan<byte> bytes, string fileName, int maxBytes)
    {
        if (copy.Length + bytes.Length > maxBytes)
        {
            throw RowFault.FileTooLong(fileName, maxBytes);
        }

        copy.Write(bytes);
    }

    private IEnumerable<SourceRow> Walk(string? title, string? heading, string text, int? page)
    {
        foreach (string chunk in TextChunker.Split(text, _options.MaxChunkLength, _options.OverlapLength))
        {
            _json.Clear();
            _json.BeginObject();
            Add(TextName, chunk);
            Add(TitleName, title);
            Add(HeadingName, heading);
            Add(SourceName, _fileName);
            if (page is { } number)
            {
                _json.Name(PageName);
                _json.Number((long)number);
            }

            _json.Name(PartName);
            _json.Number((long)++_part);
            _json.EndObject();
            yield return page is { } place
                ? new SourceRow(_fileName, RowUnit.Page, place, _json.ToArray())
                : new SourceRow(_fileName, RowUnit.Part, _part, _json.ToArray());
        }
    }

    private void Add(byte[] name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _json.Name(name);
            _json.Text(value.AsSpan());
        }
    }
}
