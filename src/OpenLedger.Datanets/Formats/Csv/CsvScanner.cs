using System.Buffers;
using System.Text.Unicode;

namespace OpenLedger.Datanets.Formats;

/// <summary>Finds rows and cells in the bytes of a delimited file; what the cells mean is <see cref="CsvRowMaker"/>'s.</summary>
/// <remarks>
/// A row that does not end in the buffer is searched again from its beginning after the buffer was filled. The buffer is filled to the brim and
/// doubled when one row fills it, so every byte is searched at most three times however the stream cuts its reads.
/// </remarks>
internal sealed class CsvScanner
{
    private const int InitialBufferLength = 128 << 10;

    private readonly Stream _stream;
    private readonly string _sourceName;
    private readonly CsvOptions _options;
    private readonly byte _delimiter;
    private readonly bool _hasQuotes;
    private readonly SearchValues<byte> _ends;
    private byte[] _buffer = new byte[InitialBufferLength];
    private int _start; // of the current row
    private int _next; // after the current row and its line break
    private int _end; // of the bytes read
    private long _bufferPosition; // of _buffer[0] in the file
    private bool _isLast;
    private bool _isStarted;
    private Cell[] _cells = new Cell[16];
    private long _nextLine = 1;
    private byte[] _unescaped = [];

    public CsvScanner(Stream stream, string sourceName, CsvOptions options)
    {
        _stream = stream;
        _sourceName = sourceName;
        _options = options;
        _delimiter = (byte)options.Delimiter;
        _hasQuotes = options.Quoting == CsvQuoting.Rfc4180;
        _ends = SearchValues.Create([_delimiter, (byte)'\n', (byte)'\r']);
    }

    /// <summary>1-based line at which the current row begins.</summary>
    public long Line { get; private set; }

    public int CellCount { get; private set; }

    public bool IsQuoted(int cell) => _cells[cell].IsQuoted;

    /// <summary>The content of a cell, without quotes; valid until the next call.</summary>
    public ReadOnlySpan<byte> GetCell(int index)
    {
        Cell cell = _cells[index];
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start + cell.Offset, cell.Length);
        return cell.HasDoubledQuotes ? Unescape(bytes) : bytes;
    }

    /// <summary>Finds the next row that is not blank.</summary>
    public bool TryReadRow()
    {
        while (true)
        {
            _start = _next;
            Line = _nextLine;
            Outcome outcome;
            while ((outcome = Scan()) == Outcome.NeedsMore)
            {
                Fill();
            }

            if (outcome == Outcome.End)
            {
                return false;
            }

            bool isBlank = CellCount == 1 && _cells[0].Length == 0 && !_cells[0].IsQuoted;
            if (!isBlank)
            {
                CheckText();
                return true;
            }
        }
    }

    public DatanetException Fault(DatanetError error, int cell, string reason)
    {
        long position = _bufferPosition + _start + (cell < CellCount ? _cells[cell].Offset : 0);
        return Fault(error, Line, cell, position, reason);
    }

    private Outcome Scan()
    {
        if (!_isStarted && (_end >= 3 || _isLast))
        {
            SkipByteOrderMark();
        }

        if (!_isStarted)
        {
            return Outcome.NeedsMore;
        }

        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _end);
        int position = _start;
        if (position == _end)
        {
            return _isLast ? Outcome.End : Outcome.NeedsMore;
        }

        CellCount = 0;
        bool sawQuotes = false;
        while (true)
        {
            Cell cell;
            if (_hasQuotes && position < _end && bytes[position] == (byte)'"')
            {
                sawQuotes = true;
                if (!TryScanQuoted(bytes, position, out cell, out position))
                {
                    return Outcome.NeedsMore;
                }
            }
            else
            {
                int length = bytes[position..].IndexOfAny(_ends);
                if (length < 0)
                {
                    if (!_isLast)
                    {
                        ThrowIfTooLong(position, _end);
                        return Outcome.NeedsMore;
                    }

                    length = _end - position;
                }

                cell = new Cell(position - _start, length, false, false);
                position += length;
            }

            ThrowIfTooLong(_start + cell.Offset, position);
            Add(cell);
            if (position == _end || bytes[position] != _delimiter)
            {
                return EndRow(bytes, position, sawQuotes);
            }

            position++; // an empty last cell after a delimiter at the end of the file is still a cell
        }
    }

    /// <summary>Steps over a quoted cell to the byte after its closing quote.</summary>
    private bool TryScanQuoted(ReadOnlySpan<byte> bytes, int open, out Cell cell, out int next)
    {
        bool hasDoubled = false;
        int position = open + 1;
        while (true)
        {
            int length = bytes[position..].IndexOf((byte)'"');
            int quote = position + length;
            bool isUndecided = length < 0 || quote + 1 == _end; // a quote at the buffer's end may be half of two
            if (isUndecided && !_isLast)
            {
                ThrowIfTooLong(open, _end);
                cell = default;
                next = open;
                return false;
            }

            if (length < 0)
            {
                throw Fault(DatanetError.InvalidCsv, Line, CellCount, _bufferPosition + open, "the quote that opens this cell is never closed");
            }

            if (quote + 1 < _end && bytes[quote + 1] == (byte)'"')
            {
                hasDoubled = true;
                position = quote + 2;
                continue;
            }

            next = quote + 1;
            cell = new Cell(open + 1 - _start, quote - open - 1, true, hasDoubled);
            if (next < _end && bytes[next] != _delimiter && bytes[next] is not ((byte)'\n' or (byte)'\r'))
            {
                throw Fault(
                    DatanetError.InvalidCsv, Line, CellCount, _bufferPosition + next,
                    "text follows the closing quote; double the quotes inside a quoted cell, or read without quoting");
            }

            return true;
        }
    }

    private Outcome EndRow(ReadOnlySpan<byte> bytes, int position, bool sawQuotes)
    {
        if (position == _end && !_isLast)
        {
            return Outcome.NeedsMore;
        }

        if (position - _start > _options.MaxRowBytes)
        {
            throw Fault(DatanetError.LimitExceeded, Line, 0, _bufferPosition + _start, FormattableString.Invariant($"the row is longer than {_options.MaxRowBytes} bytes"));
        }

        int lineBreak = 0;
        if (position < _end)
        {
            lineBreak = 1;
            if (bytes[position] == (byte)'\r')
            {
                if (position + 1 == _end && !_isLast)
                {
                    return Outcome.NeedsMore; // CR LF or CR?
                }

                lineBreak += position + 1 < _end && bytes[position + 1] == (byte)'\n' ? 1 : 0;
            }
        }

        _next = position + lineBreak;
        _nextLine = Line + 1 + (sawQuotes ? LineBreaks(bytes[_start..position]) : 0);
        return Outcome.Row;
    }

    private static int LineBreaks(ReadOnlySpan<byte> row)
    {
        int count = row.Count((byte)'\n');
        for (int i = row.IndexOf((byte)'\r'); i >= 0;)
        {
            count += i + 1 < row.Length && row[i + 1] == (byte)'\n' ? 0 : 1;
            int further = row[(i + 1)..].IndexOf((byte)'\r');
            i = further < 0 ? -1 : i + 1 + further;
        }

        return count;
    }

    private void SkipByteOrderMark()
    {
        ReadOnlySpan<byte> head = _buffer.AsSpan(0, _end);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            throw Fault(DatanetError.InvalidUtf8, 1, 0, 0, "the file is UTF-16; save it as UTF-8");
        }

        _isStarted = true;
        _start = _next = head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
    }

    private void CheckText()
    {
        if (Utf8.IsValid(_buffer.AsSpan(_start, _next - _start)))
        {
            return;
        }

        int cell = 0;
        while (cell < CellCount && Utf8.IsValid(_buffer.AsSpan(_start + _cells[cell].Offset, _cells[cell].Length)))
        {
            cell++;
        }

        throw Fault(DatanetError.InvalidUtf8, cell, "the bytes are not UTF-8");
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _bufferPosition += _start;
            _end -= _start;
            _start = _next = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, checked(2 * _buffer.Length));
        }

        while (_end < _buffer.Length && !_isLast)
        {
            int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _isLast = read == 0;
            _end += read;
        }

        if (_bufferPosition + _end > _options.MaxFileBytes)
        {
            throw RowFault.FileTooLong(_sourceName, _options.MaxFileBytes);
        }
    }

    private void Add(Cell cell)
    {
        if (CellCount == _options.MaxColumns)
        {
            throw Fault(DatanetError.LimitExceeded, CellCount, FormattableString.Invariant($"the row has more than {_options.MaxColumns} cells"));
        }

        if (CellCount == _cells.Length)
        {
            Array.Resize(ref _cells, 2 * _cells.Length);
        }

        _cells[CellCount++] = cell;
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> bytes)
    {
        if (_unescaped.Length < bytes.Length)
        {
            _unescaped = new byte[bytes.Length];
        }

        int length = 0;
        while (!bytes.IsEmpty)
        {
            int quote = bytes.IndexOf((byte)'"');
            int copied = quote < 0 ? bytes.Length : quote + 1;
            bytes[..copied].CopyTo(_unescaped.AsSpan(length));
            length += copied;
            bytes = bytes[Math.Min(bytes.Length, quote < 0 ? copied : quote + 2)..];
        }

        return _unescaped.AsSpan(0, length);
    }

    private void ThrowIfTooLong(int cellStart, int end)
    {
        if (end - _start > _options.MaxRowBytes + 2L) // a line break that belongs to the row's end does not count
        {
            throw Fault(DatanetError.LimitExceeded, Line, CellCount, _bufferPosition + _start, FormattableString.Invariant($"the row is longer than {_options.MaxRowBytes} bytes"));
        }

        if (end - cellStart > _options.MaxCellBytes + 2L)
        {
            throw Fault(DatanetError.LimitExceeded, Line, CellCount, _bufferPosition + cellStart, FormattableString.Invariant($"the cell is longer than {_options.MaxCellBytes} bytes"));
        }
    }

    private DatanetException Fault(DatanetError error, long line, int column, long position, string reason) =>
        new(error, FormattableString.Invariant($"{_sourceName}:{line}: column {column + 1}: {reason} (byte {position} of the file)."))
        {
            LineNumber = line,
            BytePosition = position,
        };

    private enum Outcome
    {
        Row,
        NeedsMore,
        End,
    }

    /// <summary>A cell without its quotes; the offset counts from the row's first byte.</summary>
    private readonly record struct Cell(int Offset, int Length, bool IsQuoted, bool HasDoubledQuotes);
}
