namespace OpenLedger.Datanets.Transparency;

/// <summary>A growing row of 32-byte hashes in fixed chunks, so that growth never copies and never needs one huge array.</summary>
internal sealed class HashLevel
{
    private const int HashLength = 32;
    private const int ChunkShift = 15;
    private const int ChunkMask = (1 << ChunkShift) - 1;

    private readonly List<byte[]> _chunks = [];

    /// <summary>How many hashes the row holds.</summary>
    public long Count { get; private set; }

    public ReadOnlySpan<byte> this[long index] =>
        _chunks[(int)(index >> ChunkShift)].AsSpan((int)(index & ChunkMask) * HashLength, HashLength);

    /// <summary>Hashes <paramref name="index"/> and <paramref name="index"/> + 1, adjacent in memory; the index is even.</summary>
    public ReadOnlySpan<byte> Pair(long index) =>
        _chunks[(int)(index >> ChunkShift)].AsSpan((int)(index & ChunkMask) * HashLength, 2 * HashLength);

    /// <summary>Adds a hash and returns where the caller writes its 32 bytes.</summary>
    public Span<byte> Add()
    {
        int chunk = (int)(Count >> ChunkShift);
        int offset = (int)(Count & ChunkMask) * HashLength;
        if (chunk == _chunks.Count)
        {
            _chunks.Add(new byte[HashLength << ChunkShift]);
        }

        Count++;
        return _chunks[chunk].AsSpan(offset, HashLength);
    }
}
