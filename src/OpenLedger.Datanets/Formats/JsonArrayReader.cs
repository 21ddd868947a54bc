using System.Diagnostics;
using System.Text.Json;
using System.Text.Unicode;

namespace OpenLedger.Datanets.Formats;

/// <summary>Reads JSON files: one array whose elements are the rows, one object that is the only row, or several objects after each other.</summary>
/// <remarks>
/// Hugging Face and LLaMA-Factory write arrays; some tools write JSON Lines into <c>.json</c>, which is read too. The file is never held as a
/// whole: memory is bounded by the longest row. Safe for concurrent use.
/// </remarks>
public static class JsonArrayReader
{
    private const int InitialBufferLength = 64 << 10;

    /// <summary>Reads a stream from where it stands.</summary>
    /// <param name="stream">A readable stream; read while the result is walked, not disposed.</param>
    /// <param name="sourceName">The name for messages, usually the file's.</param>
    /// <param name="options">
    /// The limits, or <see langword="null"/> for the defaults; <see cref="JsonLinesOptions.MaxLineBytes"/> is the longest row.
    /// </param>
    /// <returns>The rows with <see cref="RowUnit.Row"/>; the sequence can be walked once. An array's elements need not be objects.</returns>
    /// <exception cref="ArgumentException">The stream is not readable, or an option is outside its range.</exception>
    /// <exception cref="DatanetException">
    /// While walking: <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/> or
    /// <see cref="DatanetError.LimitExceeded"/>, with <see cref="DatanetException.BytePosition"/>.
    /// </exception>
    public static IEnumerable<SourceRow> Read(Stream stream, string sourceName, JsonLinesOptions? options = null)
    {
        RowFault.ThrowIfNotReadable(stream, sourceName);
        options ??= new JsonLinesOptions();
        options.Validate();
        return Walk(new Scanner(stream, sourceName, options));
    }

    private static IEnumerable<SourceRow> Walk(Scanner scanner)
    {
        while (scanner.TryRead(out SourceRow? row))
        {
            yield return row;
        }
    }

    /// <summary>Finds one row after another; the tokens of a row are read again when it is parsed, which keeps positions exact.</summary>
    private sealed class Scanner(Stream stream, string sourceName, JsonLinesOptions options)
    {
        private byte[] _buffer = new byte[InitialBufferLength];
        private int _consumed; // tokens before this are read
        private int _end;
        private int _rowStart = -1;
        private long _bufferPosition; // of _buffer[0] in the file
        private bool _isLast;
        private bool _isStarted;
        private bool _isArray;
        private bool _isArrayClosed;
        private long _row = 1;
        private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = options.MaxDepth, AllowMultipleValues = true });

        public bool TryRead(out SourceRow row)
        {
            while (true)
            {
                int rowEnd = Advance();
                if (rowEnd >= 0)
                {
                    row = Parse(_rowStart, rowEnd);
                    _rowStart = -1;
                    _row++;
                    return true;
                }

                if (_isLast)
                {
                    Debug.Assert(_rowStart < 0 && (!_isArray || _isArrayClosed), "the reader refuses a value that the file's end cuts");
                    row = null!;
                    return false;
                }

                Fill();
            }
        }

        /// <summary>Reads tokens up to the end of a row; -1 when the buffer ends before.</summary>
        private int Advance()
        {
            if (!_isStarted)
            {
                if (_end < 3 && !_isLast)
                {
                    return -1;
                }

                _isStarted = true;
                _consumed = _buffer.AsSpan(0, _end).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
            }

            int offset = _consumed;
            Utf8JsonReader reader = new(_buffer.AsSpan(offset, _end - offset), _isLast, _state);
            int rowDepth = _isArray && !_isArrayClosed ? 1 : 0;
            try
            {
                while (reader.Read())
                {
                    if (reader.CurrentDepth == 0 && rowDepth == 0 && _rowStart < 0 && _row == 1 && !_isArray && reader.TokenType == JsonTokenType.StartArray)
                    {
                        _isArray = true;
                        rowDepth = 1;
                        continue;
                    }

                    if (_rowStart < 0)
                    {
                        if (_isArray && reader.CurrentDepth == 0)
                        {
                            if (_isArrayClosed)
                            {
                                throw Fault(DatanetError.InvalidJson, offset + (int)reader.TokenStartIndex, "text after the end of the array");
                            }

                            _isArrayClosed = true; // the closing bracket
                            continue;
                        }

                        _rowStart = offset + (int)reader.TokenStartIndex;
                    }

                    bool isEnd = reader.CurrentDepth == rowDepth
                        && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName);
                    if (isEnd)
                    {
                        _state = reader.CurrentState;
                        _consumed = offset + (int)reader.BytesConsumed;
                        return _consumed;
                    }
                }
            }
            catch (JsonException exception)
            {
                // The reader counts lines and bytes from where its state began, which is the file's first byte.
                throw Fault(DatanetError.InvalidJson, offset + (int)Math.Min(reader.BytesConsumed, _end - offset), "not JSON: " + Reason(exception), exception);
            }

            _state = reader.CurrentState;
            _consumed = offset + (int)reader.BytesConsumed;
            int open = _rowStart >= 0 ? _rowStart : _consumed; // an unfinished token counts as well
            if (_end - open > options.MaxLineBytes + 1L)
            {
                throw Fault(DatanetError.LimitExceeded, open, FormattableString.Invariant($"the row is longer than {options.MaxLineBytes} bytes"));
            }

            return -1;
        }

        private void Fill()
        {
            int keep = _isStarted ? (_rowStart >= 0 ? _rowStart : _consumed) : 0;
            if (keep > 0)
            {
                _buffer.AsSpan(keep, _end - keep).CopyTo(_buffer);
                _bufferPosition += keep;
                _consumed -= keep;
                _rowStart -= _rowStart >= 0 ? keep : 0;
                _end -= keep;
            }

            if (_end == _buffer.Length)
            {
                Array.Resize(ref _buffer, checked(2 * _buffer.Length));
            }

            int read = stream.Read(_buffer, _end, _buffer.Length - _end);
            _isLast = read == 0;
            _end += read;
            if (_bufferPosition + _end > options.MaxFileBytes)
            {
                throw RowFault.FileTooLong(sourceName, options.MaxFileBytes);
            }
        }

        private SourceRow Parse(int start, int end)
        {
            ReadOnlySpan<byte> text = _buffer.AsSpan(start, end - start);
            if (text.Length > options.MaxLineBytes)
            {
                throw Fault(DatanetError.LimitExceeded, start, FormattableString.Invariant($"the row is longer than {options.MaxLineBytes} bytes"));
            }

            if (!Utf8.IsValid(text))
            {
                throw Fault(DatanetError.InvalidUtf8, start, "the bytes are not UTF-8");
            }

            try
            {
                JsonElement value = JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = options.MaxDepth, AllowDuplicateProperties = false });
                return new SourceRow(sourceName, RowUnit.Row, _row, text.ToArray(), value);
            }
            catch (JsonException exception)
            {
                throw Fault(DatanetError.InvalidJson, start + (int)(exception.BytePositionInLine ?? 0), Reason(exception), exception);
            }
            catch (InvalidOperationException exception) // the search for repeated names reads every name
            {
                throw Fault(DatanetError.InvalidJson, start, "a name holds half a surrogate pair", exception);
            }
        }

        private static string Reason(JsonException exception)
        {
            string message = exception.Message;
            int cut = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            return (cut < 0 ? message : message[..cut]).TrimEnd('.', ' ');
        }

        private DatanetException Fault(DatanetError error, int position, string reason, Exception? cause = null)
        {
            long bytePosition = _bufferPosition + position;
            return new DatanetException(
                error, FormattableString.Invariant($"{SourceRow.FormatPosition(sourceName, RowUnit.Row, _row)}: {reason} (byte {bytePosition} of the file)."), cause)
            {
                BytePosition = bytePosition,
            };
        }
    }
}
