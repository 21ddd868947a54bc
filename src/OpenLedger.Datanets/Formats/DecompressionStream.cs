using System.IO.Compression;

namespace OpenLedger.Datanets.Formats;

/// <summary>Unpacks gzip and stops where the file turns out to be a bomb.</summary>
internal sealed class DecompressionStream : ForwardStream
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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }
}
