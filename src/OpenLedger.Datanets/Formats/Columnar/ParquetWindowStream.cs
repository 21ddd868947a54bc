namespace OpenLedger.Datanets.Formats;

/// <summary>
/// What the library reads instead of the file: the checked pages of one column at a time, and after them a footer of our own making.
/// </summary>
/// <remarks>
/// Reading outside of the window throws <see cref="EndOfStreamException"/> also for single bytes, because the library takes the -1 of a stream's
/// end for a byte and would read on for ever.
/// </remarks>
internal sealed class ParquetWindowStream : Stream
{
    private readonly Stream _file;
    private readonly long _footerStart;
    private readonly byte[] _tail;
    private long _windowStart;
    private long _windowEnd;
    private long _position;

    public ParquetWindowStream(Stream file, long footerStart, byte[] footer)
    {
        _file = file;
        _footerStart = footerStart;
        _tail = [.. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];
        _windowEnd = 4; // the magic at the beginning
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _footerStart + _tail.Length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public void Open(long start, long length)
    {
        _windowStart = start;
        _windowEnd = start + length;
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (_position >= _footerStart && _position < Length)
        {
            int offset = (int)(_position - _footerStart);
            int length = Math.Min(buffer.Length, _tail.Length - offset);
            _tail.AsSpan(offset, length).CopyTo(buffer);
            _position += length;
            return length;
        }

        if (_position < _windowStart || _position >= _windowEnd)
        {
            throw new EndOfStreamException("The library read outside of the column's pages.");
        }

        _file.Position = _position;
        int read = _file.Read(buffer[..(int)Math.Min(buffer.Length, _windowEnd - _position)]);
        if (read == 0)
        {
            throw new EndOfStreamException("The file became shorter while it was read.");
        }

        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads at once: the caller waits for the file anyway, and the checks are the same.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override int ReadByte()
    {
        byte value = 0;
        return Read(new Span<byte>(ref value)) == 1 ? value : throw new EndOfStreamException();
    }

    public override long Seek(long offset, SeekOrigin origin) => _position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
