using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>Writes delimited text after RFC 4180, with formulas neutralised.</summary>
/// <remarks>
/// Null and a missing member are an empty cell, empty text is a quoted empty cell, lists and objects are JSON in a cell. Read with the same
/// <see cref="RowLayout"/>, the rows come back equal. Not safe for concurrent use.
/// </remarks>
public sealed class CsvWriter : IRowWriter
{
    private const int FlushLength = 64 << 10;

    private readonly Stream _stream;
    private readonly RowLayout _layout;
    private readonly CsvWriterOptions _options;
    private readonly bool _leaveOpen;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushLength);
    private readonly ArrayBufferWriter<byte> _cell = new();
    private readonly SearchValues<byte> _special;
    private readonly byte[] _newLine;
    private bool _hasHeader;
    private bool _isComplete;

    /// <summary>Creates a writer.</summary>
    /// <param name="stream">A writable stream; written from where it stands.</param>
    /// <param name="layout">The columns; see <see cref="RowLayout.Infer"/>.</param>
    /// <param name="options">The dialect, or <see langword="null"/> for comma-separated text with a header.</param>
    /// <param name="leaveOpen"><see langword="true"/> to leave the stream open when the writer is disposed.</param>
    /// <exception cref="ArgumentException">The stream is not writable, or an option is illegal.</exception>
    public CsvWriter(Stream stream, RowLayout layout, CsvWriterOptions? options = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(layout);
        if (!stream.CanWrite)
        {
            throw new ArgumentException("The stream is not writable.", nameof(stream));
        }

        _options = options ?? new CsvWriterOptions();
        _options.Validate();
        _stream = stream;
        _layout = layout;
        _leaveOpen = leaveOpen;
        _newLine = Encoding.ASCII.GetBytes(_options.NewLine);
        _special = SearchValues.Create([(byte)_options.Delimiter, (byte)'"', (byte)'\r', (byte)'\n']);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(JsonElement row, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        RowFault.ThrowIfNotAnObject(row);
        WriteHeaderOnce();
        WriteRow(row);
        if (_buffer.WrittenCount >= FlushLength)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        WriteHeaderOnce();
        _isComplete = true;
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isComplete = true;
        if (!_leaveOpen)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void WriteHeaderOnce()
    {
        if (_hasHeader || !_options.WriteHeader)
        {
            return;
        }

        _hasHeader = true;
        for (int i = 0; i < _layout.Columns.Count; i++)
        {
            WriteDelimiter(i);
            WriteText(Encoding.UTF8.GetBytes(_layout.Columns[i].Name), _layout.Columns[i].Name);
        }

        _buffer.Write(_newLine);
    }

    private void WriteRow(JsonElement row)
    {
        int start = _buffer.WrittenCount;
        int found = 0;
        for (int i = 0; i < _layout.Columns.Count; i++)
        {
            RowColumn column = _layout.Columns[i];
            WriteDelimiter(i);
            if (row.TryGetProperty(column.Name, out JsonElement value))
            {
                found++;
                WriteValue(column, value);
            }
            else if (_options.Quoting == CsvQuoting.None && column.Kind == RowValueKind.Text)
            {
                throw NotInLayout(column, "misses");
            }
        }

        if (found != row.GetPropertyCount())
        {
            string extra = row.EnumerateObject().First(member => _layout.Columns.All(column => column.Name != member.Name)).Name;
            throw new DatanetException(DatanetError.InvalidMapping, $"The row has the member '{extra}', for which the layout has no column.");
        }

        if (_buffer.WrittenCount == start)
        {
            throw new DatanetException(DatanetError.InvalidMapping, "A row of one empty cell is a blank line, which readers skip; write JSON Lines or Parquet.");
        }

        _buffer.Write(_newLine);
    }

    private void WriteValue(RowColumn column, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null && column.Kind != RowValueKind.Json)
        {
            if (_options.Quoting == CsvQuoting.None && column.Kind == RowValueKind.Text)
            {
                throw NotInLayout(column, "has null in");
            }

            return;
        }

        if (column.Kind == RowValueKind.Text && value.ValueKind == JsonValueKind.String)
        {
            WriteText(Utf8Of(value), column.Name);
            return;
        }

        column.ThrowIfNotFit(value);
        _cell.ResetWrittenCount();
        using (Utf8JsonWriter json = new(_cell, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            value.WriteTo(json);
        }

        WriteCell(_cell.WrittenSpan, column.Name, isGuarded: false); // JSON begins with none of the risky characters but a number's minus
    }

    private static DatanetException NotInLayout(RowColumn column, string fault) => new(
        DatanetError.InvalidMapping, $"A row {fault} the text column '{column.Name}'; without quoting that would be read as empty text.");

    private static byte[] Utf8Of(JsonElement text)
    {
        try
        {
            return Encoding.UTF8.GetBytes(text.GetString()!);
        }
        catch (InvalidOperationException exception)
        {
            throw new DatanetException(DatanetError.InvalidJson, "A text holds half a surrogate pair.", exception);
        }
    }

    private void WriteText(ReadOnlySpan<byte> text, string column) =>
        WriteCell(text, column, _options.GuardFormulas && CsvDialect.NeedsGuard(text));

    private void WriteCell(ReadOnlySpan<byte> content, string column, bool isGuarded)
    {
        // White space at the ends is quoted because spreadsheets trim it; the empty text because an empty cell is null.
        bool needsQuotes = content.IsEmpty || content.IndexOfAny(_special) >= 0 || IsBlank(content[0]) || IsBlank(content[^1]);
        if (_options.Quoting == CsvQuoting.None)
        {
            if (content.IndexOfAny((byte)_options.Delimiter, (byte)'\r', (byte)'\n') >= 0)
            {
                throw new DatanetException(
                    DatanetError.InvalidMapping, $"A text of the column '{column}' holds a delimiter or a line break, which needs quoting; see CsvWriterOptions.Quoting.");
            }

            needsQuotes = false;
        }

        WriteByte(needsQuotes, '"');
        WriteByte(isGuarded, '\'');
        if (!needsQuotes)
        {
            _buffer.Write(content);
            return;
        }

        for (int quote = content.IndexOf((byte)'"'); quote >= 0; quote = content.IndexOf((byte)'"'))
        {
            _buffer.Write(content[..(quote + 1)]);
            _buffer.Write("\""u8);
            content = content[(quote + 1)..];
        }

        _buffer.Write(content);
        WriteByte(true, '"');
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t';

    private void WriteDelimiter(int column) => WriteByte(column > 0, _options.Delimiter);

    private void WriteByte(bool condition, char value)
    {
        if (condition)
        {
            _buffer.Write([(byte)value]);
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(_buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
        _buffer.ResetWrittenCount();
    }
}
