namespace OpenLedger.Datanets.Formats;

/// <summary>A stream whose first bytes were already read to see what it is.</summary>
internal sealed class PrefixedStream(byte[] prefix, Stream rest) : ForwardStream
{
    private int _position;

    public override int Read(Span<byte> buffer)
    {
        if (_position == prefix.Length)
        {
            return rest.Read(buffer);
        }

        int length = Math.Min(buffer.Length, prefix.Length - _position);
        prefix.AsSpan(_position, length).CopyTo(buffer);
        _position += length;
        return length;
    }
}
