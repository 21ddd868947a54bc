using System.Buffers.Binary;
using System.Security.Cryptography;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Reading;

/// <summary>Chooses a fixed number of records at random, but always the same ones: those whose keyed hash is smallest.</summary>
/// <remarks>
/// The order of reading does not matter, and a record added later displaces at most one chosen before ("bottom-k sampling", Cohen and Kaplan,
/// 2007). The hash is SHA-256 over the ASCII text <c>openledger-sample/1:</c>, the seed as eight bytes big-endian, and the record's digest.
/// Not safe for concurrent use.
/// </remarks>
public sealed class SeededSample
{
    private readonly PriorityQueue<(long Item, RecordDigest Digest), Sha256Digest> _chosen =
        new(Comparer<Sha256Digest>.Create((left, right) => right.CompareTo(left))); // the largest hash leaves first
    private readonly HashSet<RecordDigest> _seen = [];
    private readonly int _count;
    private readonly ulong _seed;

    /// <summary>Starts a choice.</summary>
    /// <param name="count">How many to choose, from 1 on.</param>
    /// <param name="seed">Another seed chooses others.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is less than 1.</exception>
    public SeededSample(int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _count = count;
        _seed = seed;
    }

    /// <summary>Considers a record; one that was considered before is ignored.</summary>
    /// <param name="record">The record's digest.</param>
    /// <param name="item">What <see cref="Chosen"/> returns for it, for example its leaf index.</param>
    public void Offer(RecordDigest record, long item)
    {
        Sha256Digest rank = Rank(record);
        if (_chosen.Count == _count && _chosen.TryPeek(out _, out Sha256Digest largest) && rank >= largest)
        {
            return;
        }

        if (!_seen.Add(record))
        {
            return;
        }

        _chosen.Enqueue((item, record), rank);
        if (_chosen.Count > _count)
        {
            _seen.Remove(_chosen.Dequeue().Digest);
        }
    }

    /// <summary>The items chosen so far, in ascending order.</summary>
    public long[] Chosen() => [.. _chosen.UnorderedItems.Select(entry => entry.Element.Item).Order()];

    private Sha256Digest Rank(RecordDigest record)
    {
        ReadOnlySpan<byte> tag = "openledger-sample/1:"u8;
        Span<byte> input = stackalloc byte[20 + sizeof(ulong) + Sha256Digest.Length];
        tag.CopyTo(input);
        BinaryPrimitives.WriteUInt64BigEndian(input[20..], _seed);
        record.CopyTo(input[28..]);
        Span<byte> digest = stackalloc byte[Sha256Digest.Length];
        SHA256.HashData(input, digest);
        return new Sha256Digest(digest);
    }
}
