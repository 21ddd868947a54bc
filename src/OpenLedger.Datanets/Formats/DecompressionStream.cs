using System.IO.Compression;

namespace OpenLedger.Datanets.Formats;

/// <summary>Unpacks gzip and stops where the file turns out to be a bomb.</summary>
internal sealed class DecompressionStream : Stream
{
    private const int MaxRatio = 500;
    private const long FreeBytes = 16L << 20; // what a bomb may unpack before the ratio counts

    private readonly GZipStream _gzip;
    private readonly long _packedLength;
    private readonly string _sourceName;
    private long _unpacked;

    /// <summary>Creates a stream over a file, which it disposes.</summary>
    public DecompressionStream(Stream file, string sourceName)
    {
        _packedLength = file.Length;
        _sourceName = sourceName;
        _gzip = new GZipStream(file, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = _gzip.Read(buffer);
        }
        catch (InvalidDataException exception)
        {
            throw new DatanetException(DatanetError.InvalidDocument, $"{_sourceName}: the gzip file is damaged.", exception);
        }

        _unpacked += read;
        if (_unpacked > FreeBytes && _unpacked / Math.Max(1, _packedLength) > MaxRatio)
        {
            throw new DatanetException(DatanetError.LimitExceeded, $"{_sourceName}: the file unpacks to more than {MaxRatio} times its size.");
        }

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }
}
