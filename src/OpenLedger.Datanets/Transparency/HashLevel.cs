using System.Diagnostics;

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

    public ReadOnlySpan<byte> this[long index] => Slot(index);

    /// <summary>Hashes <paramref name="index"/> and <paramref name="index"/> + 1, adjacent in memory; the index is even.</summary>
    public ReadOnlySpan<byte> Pair(long index) =>
        _chunks[(int)(index >> ChunkShift)].AsSpan((int)(index & ChunkMask) * HashLength, 2 * HashLength);

    /// <summary>Adds a hash and returns where the caller writes its 32 bytes.</summary>
    public Span<byte> Add()
    {
        Reserve(Count + 1);
        return Slot(Count++);
    }

    /// <summary>Makes room for <paramref name="count"/> hashes in all, so that what follows cannot fail for lack of memory.</summary>
    public void Reserve(long count)
    {
        while ((long)_chunks.Count << ChunkShift < count)
        {
            _chunks.Add(new byte[HashLength << ChunkShift]);
        }
    }

    /// <summary>Where hash <paramref name="index"/> is or will be; several threads may write different slots of a reserved row.</summary>
    public Span<byte> Slot(long index) =>
        _chunks[(int)(index >> ChunkShift)].AsSpan((int)(index & ChunkMask) * HashLength, HashLength);

    /// <summary>Declares the reserved slots below <paramref name="count"/> written.</summary>
    public void Extend(long count)
    {
        Debug.Assert(count >= Count && count <= (long)_chunks.Count << ChunkShift);
        Count = count;
    }
}
