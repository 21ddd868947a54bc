using System.Numerics;

namespace OpenLedger.Datanets.Versions;

/// <summary>Which records a branch holds, one bit each, and by which step each of them entered where that was not its own.</summary>
internal sealed class BranchContent
{
    private readonly Dictionary<long, long> _entries = [];
    private ulong[] _members = new ulong[16];

    public long Count { get; private set; }

    public bool Contains(long record)
    {
        long word = record >> 6;
        return word < _members.Length && (_members[word] & (1UL << (int)(record & 63))) != 0;
    }

    /// <summary>The step by which a member entered.</summary>
    public long EntryOf(long record) => _entries.Count > 0 && _entries.TryGetValue(record, out long entry) ? entry : record;

    public void Add(long record, long entry)
    {
        int word = checked((int)(record >> 6));
        if (word >= _members.Length)
        {
            Array.Resize(ref _members, Math.Max(word + 1, 2 * _members.Length));
        }

        if (!Contains(record))
        {
            _members[word] |= 1UL << (int)(record & 63);
            Count++;
        }

        if (entry != record)
        {
            _entries[record] = entry;
        }
    }

    public void Remove(long record)
    {
        if (Contains(record))
        {
            _members[record >> 6] &= ~(1UL << (int)(record & 63));
            _entries.Remove(record);
            Count--;
        }
    }

    /// <summary>The members that another content does not have, in the order of their positions.</summary>
    public IEnumerable<long> Except(BranchContent other)
    {
        for (long word = 0; word < _members.Length; word++)
        {
            ulong rest = _members[word] & ~(word < other._members.Length ? other._members[word] : 0);
            for (; rest != 0; rest &= rest - 1)
            {
                yield return (word << 6) | (long)BitOperations.TrailingZeroCount(rest);
            }
        }
    }
}
