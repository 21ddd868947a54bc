using System.Buffers.Binary;

namespace OpenLedger.Datanets.Deduplication.Near;

// bucket → newest entry → next older entry → ... → End
//
// A table knows numbers of entries only; the key of an entry is read from its signature, which halves the memory. Chains instead of open
// addressing, because any number of entries may have one key.
/// <summary>Finds the entries that agree in all rows of one band.</summary>
internal sealed class BandTable
{
    /// <summary>Follows the oldest entry of a bucket.</summary>
    public const int End = -1;

    private const int Removed = -2;
    private const int FirstCapacity = 1024; // a power of two, as every capacity

    private readonly EntryColumn<byte> _signatures;
    private readonly EntryColumn<int> _older = new(1);
    private readonly int _offset;
    private readonly int _rows;
    private readonly double _maxLoad;
    private int[] _newest = NewBuckets(FirstCapacity);
    private int _count;

    /// <param name="signatures">The signatures of all entries.</param>
    /// <param name="offset">Where the band begins in a signature.</param>
    /// <param name="rows">Bytes of the band.</param>
    /// <param name="maxLoad">Entries per bucket before the table grows; differs per band, so that no two tables grow at the same insertion.</param>
    public BandTable(EntryColumn<byte> signatures, int offset, int rows, double maxLoad)
    {
        _signatures = signatures;
        _offset = offset;
        _rows = rows;
        _maxLoad = maxLoad;
    }

    public long Bytes => ((long)_newest.Length * sizeof(int)) + _older.Bytes;

    /// <summary>The key of this band in a signature; exact up to 8 rows, else a 64-bit hash of them.</summary>
    public ulong KeyOf(ReadOnlySpan<byte> signature)
    {
        ReadOnlySpan<byte> rows = signature.Slice(_offset, _rows);
        if (rows.Length == sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(rows);
        }

        ulong key = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            key = i % sizeof(ulong) == 0 ? Shingler.Mix(key) ^ rows[i] : key ^ ((ulong)rows[i] << (8 * (i % sizeof(ulong))));
        }

        return key;
    }

    /// <summary>The newest entry with this key, or <see cref="End"/>.</summary>
    public int First(ulong key) => Match(_newest[Bucket(key)], key);

    /// <summary>The newest entry with this key that is older than <paramref name="entry"/>, or <see cref="End"/>.</summary>
    public int Older(int entry, ulong key) => Match(_older[entry][0], key);

    /// <summary>Adds the entry after the one added last.</summary>
    public void Add(int entry)
    {
        _older.Reserve(entry);
        if (_count >= _maxLoad * _newest.Length)
        {
            Grow(entry);
        }

        Link(entry);
        _count++;
    }

    /// <summary>Takes out an entry, whose signature must still be there.</summary>
    public void Remove(int entry)
    {
        ref int link = ref _newest[Bucket(KeyOf(_signatures[entry]))];
        while (link != entry)
        {
            link = ref _older[link][0];
        }

        link = _older[entry][0];
        _older[entry][0] = Removed;
        _count--;
    }

    private static int[] NewBuckets(int capacity)
    {
        int[] buckets = new int[capacity];
        Array.Fill(buckets, End);
        return buckets;
    }

    private int Match(int entry, ulong key)
    {
        while (entry != End && KeyOf(_signatures[entry]) != key)
        {
            entry = _older[entry][0];
        }

        return entry;
    }

    // In the order of entries, so that signatures are read in a row.
    private void Grow(int count)
    {
        _newest = NewBuckets(checked(_newest.Length * 2));
        for (int entry = 0; entry < count; entry++)
        {
            if (_older[entry][0] != Removed)
            {
                Link(entry);
            }
        }
    }

    private void Link(int entry)
    {
        ref int newest = ref _newest[Bucket(KeyOf(_signatures[entry]))];
        _older[entry][0] = newest;
        newest = entry;
    }

    private int Bucket(ulong key) => (int)(Shingler.Mix(key) & (ulong)(_newest.Length - 1));
}
