using System.Text;
using System.Text.Unicode;

namespace OpenLedger.Datanets.Formats;

/// <summary>Makes rows of the sections of a document; the shape is that of <see cref="IRowExtractor"/>.</summary>
internal sealed class DocumentRows(string fileName, DocumentOptions options)
{
    private static readonly byte[] TextName = JsonRowBuilder.EncodeName("text");
    private static readonly byte[] TitleName = JsonRowBuilder.EncodeName("title");
    private static readonly byte[] HeadingName = JsonRowBuilder.EncodeName("heading");
    private static readonly byte[] SourceName = JsonRowBuilder.EncodeName("source");
    private static readonly byte[] PartName = JsonRowBuilder.EncodeName("part");

    private readonly JsonRowBuilder _json = new();
    private int _part;

    public IEnumerable<SourceRow> Make(string? title, string? heading, string text)
    {
        foreach (string chunk in TextChunker.Split(text, options.MaxChunkLength, options.OverlapLength))
        {
            _json.Clear();
            _json.BeginObject();
            Add(TextName, chunk);
            Add(TitleName, title);
            Add(HeadingName, heading);
            Add(SourceName, fileName);
            _json.Name(PartName);
            _json.Number((long)++_part);
            _json.EndObject();
            yield return new SourceRow(fileName, RowUnit.Part, _part, _json.ToArray());
        }
    }

    /// <summary>Reads a document as a whole, up to the limit.</summary>
    public static byte[] ReadAll(Stream document, string fileName, int maxBytes)
    {
        RowFault.ThrowIfNotReadable(document, fileName);
        using MemoryStream copy = new();
        byte[] buffer = new byte[64 << 10];
        int read;
        while ((read = document.Read(buffer)) > 0)
        {
            if (copy.Length + read > maxBytes)
            {
                throw RowFault.FileTooLong(fileName, maxBytes);
            }

            copy.Write(buffer, 0, read);
        }

        return copy.ToArray();
    }

    /// <summary>Reads a text document: UTF-8, byte order mark off, line breaks as LF.</summary>
    public static string ReadText(Stream document, string fileName, int maxBytes)
    {
        ReadOnlySpan<byte> bytes = ReadAll(document, fileName, maxBytes);
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

    private void Add(byte[] name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _json.Name(name);
            _json.Text(value.AsSpan());
        }
    }
}
