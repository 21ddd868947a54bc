namespace OpenLedger.Datanets.Formats;

/// <summary>Cuts a stream of bytes into lines, without reading it: the caller fills the buffer, so that both kinds of I/O share the rules.</summary>
/// <remarks>
/// Lines end in LF or CR LF; a byte order mark at the beginning and blank lines are dropped. Memory is bounded by the longest legal
/// line. One caller at a time.
/// </remarks>
internal sealed class LineScanner(string sourceName, JsonLinesOptions options)
{
    private const int InitialBufferLength = 64 << 10;

    private byte[] _buffer = new byte[InitialBufferLength];
    private int _start; // of the line
    private int _searched; // no line break before this
    private int _end; // of the bytes read
    private long _bufferPosition; // of _buffer[0] in the file
    private long _lineNumber = 1;
    private bool _isFirst = true;
    private bool _isLast;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Whether every line was found.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The bytes of a line without its line break; until the next call of <see cref="Room"/>.</summary>
    public ReadOnlyMemory<byte> Bytes(LinePlace place) => _buffer.AsMemory(place.Offset, place.Length);

    /// <summary>Finds the next line that is not blank.</summary>
    /// <returns><see langword="false"/> when the buffer must be filled first, or at the end.</returns>
    /// <exception cref="DatanetException"><see cref="DatanetError.LimitExceeded"/>: the line is too long.</exception>
    public bool TryRead(out LinePlace place)
    {
        while (!IsAtEnd)
        {
            int length = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (length < 0 && !_isLast)
            {
                _searched = _end;
                if (_end - _start > options.MaxLineBytes + 4L) // a byte order mark and the CR of an unfinished CR LF do not count
                {
                    throw TooLong(_bufferPosition + _start);
                }

                break;
            }

            int lineEnd = length < 0 ? _end : _searched + length;
            int start = _start;
            if (_isFirst && _buffer.AsSpan(start, lineEnd - start).StartsWith(ByteOrderMark))
            {
                start += ByteOrderMark.Length;
            }

            _isFirst = false;
            _start = _searched = length < 0 ? _end : lineEnd + 1;
            IsAtEnd = length < 0;
            long lineNumber = _lineNumber++;
            ReadOnlySpan<byte> line = _buffer.AsSpan(start, lineEnd - start);
            if (line.EndsWith("\r"u8))
            {
                line = line[..^1];
            }

            if (line.Length > options.MaxLineBytes)
            {
                _lineNumber = lineNumber;
                throw TooLong(_bufferPosition + start);
            }

            if (line.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                place = new LinePlace(lineNumber, _bufferPosition + start, start, line.Length);
                return true;
            }
        }

        place = default;
        return false;
    }

    /// <summary>Where the caller puts the next bytes of the file: at least one.</summary>
    public Memory<byte> Room()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _bufferPosition += _start;
            _searched -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, checked(2 * _buffer.Length));
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Says how many bytes the caller put there; none means the end of the file.</summary>
    /// <exception cref="DatanetException"><see cref="DatanetError.LimitExceeded"/>: the file is too long.</exception>
    public void Filled(int count)
    {
        _isLast = count == 0;
        _end += count;
        if (_bufferPosition + _end > options.MaxFileBytes)
        {
            throw JsonLinesReader.Fault(
                DatanetError.LimitExceeded, sourceName, _lineNumber, options.MaxFileBytes, $"the file is longer than {options.MaxFileBytes} bytes");
        }
    }

    private DatanetException TooLong(long position) => JsonLinesReader.Fault(
        DatanetError.LimitExceeded, sourceName, _lineNumber, position, $"the line is longer than {options.MaxLineBytes} bytes");
}
