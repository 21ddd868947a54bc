namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>A growing array of equal pieces, in chunks: growing copies nothing, and no chunk is too large for an array.</summary>
internal sealed class EntryColumn<T>(int width)
    where T : unmanaged
{
    private const int ChunkBits = 14;
    private readonly List<T[]> _chunks = [];

    public long Bytes => (long)_chunks.Count * (width << ChunkBits) * System.Runtime.CompilerServices.Unsafe.SizeOf<T>();

    public Span<T> this[int entry] => _chunks[entry >> ChunkBits].AsSpan((entry & ((1 << ChunkBits) - 1)) * width, width);

    /// <summary>Makes sure that <paramref name="entry"/> exists.</summary>
    public void Reserve(int entry)
    {
        while (entry >> ChunkBits >= _chunks.Count)
        {
            _chunks.Add(new T[width << ChunkBits]);
        }
    }
}
