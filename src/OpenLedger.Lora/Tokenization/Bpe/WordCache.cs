using System.Runtime.InteropServices;

namespace OpenLedger.Lora.Tokenization.Bpe;

/// <summary>
/// Remembers the ids of short words, in a fixed number of places: a new word replaces the one that had its place. Texts chosen to
/// collide cost speed only.
/// </summary>
/// <remarks>Safe for concurrent use without locks: an entry is immutable, and whoever loses a race computes again.</remarks>
internal sealed class WordCache
{
    private const int PlaceCount = 1 << 15;
    private const int LongestWord = 32;

    // Allocated by the first use: many tokenizers are loaded to be looked at only.
    private Entry?[]? _places;

    /// <summary>The ids of a word, or null; <paramref name="place"/> is for <see cref="Store"/>, -1 where the word is too long.</summary>
    public int[]? Find(ReadOnlySpan<char> word, out int place)
    {
        if (word.Length > LongestWord)
        {
            place = -1;
            return null;
        }

        place = (int)(Hash(word) & (PlaceCount - 1));
        Entry?[]? places = Volatile.Read(ref _places);
        Entry? entry = places is null ? null : Volatile.Read(ref places[place]);
        return entry is not null && word.SequenceEqual(entry.Word) ? entry.Ids : null;
    }

    public void Store(ReadOnlySpan<char> word, int place, ReadOnlySpan<int> ids)
    {
        if (place < 0)
        {
            return;
        }

        Entry?[] places = Volatile.Read(ref _places) ?? Interlocked.CompareExchange(ref _places, new Entry?[PlaceCount], null) ?? _places;
        Volatile.Write(ref places[place], new Entry(word.ToString(), ids.ToArray()));
    }

    private static uint Hash(ReadOnlySpan<char> word)
    {
        ulong hash = (ulong)word.Length * 0x9E3779B97F4A7C15;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(word);
        while (bytes.Length >= sizeof(ulong))
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(bytes)) * 0xFF51AFD7ED558CCD;
            hash ^= hash >> 32;
            bytes = bytes[sizeof(ulong)..];
        }

        ulong rest = 0;
        for (int i = 0; i < bytes.Length; i += sizeof(char))
        {
            rest = (rest << 16) | MemoryMarshal.Read<ushort>(bytes[i..]);
        }

        hash = (hash ^ rest) * 0xFF51AFD7ED558CCD;
        return (uint)(hash >> 40);
    }

    private sealed record Entry(string Word, int[] Ids);
}
