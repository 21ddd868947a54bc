using System.Buffers.Binary;
using System.Text;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Deduplication.Near;

// near/layouts          layout (8 hex digits)        → nothing           every layout that has signatures, so that erasure finds them all
// near/<layout>         leaf index, 8 bytes          → stamp, signature  or nothing when the record was erased
//                       eight bytes 255              → generation        only once signatures were filled in between others
// near/marks-<layout>   leaf index, 8 bytes          → earlier leaf index, 8 bytes; similarity in millionths, 4 bytes
//
// Integers are big-endian, so that keys are in the order of positions. A stamp is a random number: two transactions that give the same
// position to different records, one of them rolled back, have different stamps. It says nothing about the record.
/// <summary>Where the signatures of a datanet are kept in its store.</summary>
internal sealed class SignatureItems(string layout, int signatureLength)
{
    public const int StampLength = sizeof(ulong);
    private const string Layouts = "near/layouts";
    private static readonly byte[] GenerationKey = [255, 255, 255, 255, 255, 255, 255, 255]; // behind every position

    private readonly string _signatures = "near/" + layout;
    private readonly string _marks = "near/marks-" + layout;

    public static byte[] Key(long position)
    {
        byte[] key = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, position);
        return key;
    }

    public void Register(IItemWriter writer, string datanetId) => writer.PutItem(datanetId, Layouts, Encoding.ASCII.GetBytes(layout), default);

    public void Put(IItemWriter writer, string datanetId, SignatureItem item)
    {
        ReadOnlySpan<byte> signature = item.Signature is null ? [] : item.Signature.Rows.Span;
        byte[] value = new byte[StampLength + signature.Length];
        BinaryPrimitives.WriteUInt64BigEndian(value, item.Stamp);
        signature.CopyTo(value.AsSpan(StampLength));
        writer.PutItem(datanetId, _signatures, Key(item.Position), value);
    }

    /// <summary>Tells every process that items were added before the last one.</summary>
    public void PutGeneration(IItemWriter writer, string datanetId, ulong generation)
    {
        byte[] value = new byte[StampLength];
        BinaryPrimitives.WriteUInt64BigEndian(value, generation);
        writer.PutItem(datanetId, _signatures, GenerationKey, value);
    }

    public SignatureItem? Find(IItemReader reader, string datanetId, long position) =>
        reader.FindItem(datanetId, _signatures, Key(position)) is byte[] value ? Read(datanetId, position, value) : null;

    /// <summary>Up to <paramref name="count"/> items after a position, in order.</summary>
    public SignaturePage ReadAfter(IItemReader reader, string datanetId, long position, int count)
    {
        IReadOnlyList<StoredItem> stored = reader.ReadItems(datanetId, _signatures, Key(position + 1), default, count);
        List<SignatureItem> items = new(stored.Count);
        foreach (StoredItem item in stored)
        {
            if (item.Key.Span.SequenceEqual(GenerationKey) && item.Value.Length == StampLength)
            {
                return new SignaturePage(items, IsEnd: true, BinaryPrimitives.ReadUInt64BigEndian(item.Value.Span));
            }

            if (item.Key.Length != sizeof(long) || BinaryPrimitives.ReadInt64BigEndian(item.Key.Span) is not (>= 0 and long found))
            {
                throw Damaged(datanetId, "a key is no position");
            }

            items.Add(Read(datanetId, found, item.Value.Span));
        }

        return new SignaturePage(items, IsEnd: stored.Count < count, Generation: 0);
    }

    public void PutMark(IItemWriter writer, string datanetId, long position, NearDuplicateMatch earlier)
    {
        byte[] value = new byte[sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt64BigEndian(value, earlier.Position);
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(sizeof(long)), (int)Math.Round(earlier.Similarity * 1_000_000));
        writer.PutItem(datanetId, _marks, Key(position), value);
    }

    public NearDuplicateMatch? FindMark(IItemReader reader, string datanetId, long position) =>
        reader.FindItem(datanetId, _marks, Key(position)) is byte[] value ? ReadMark(datanetId, value) : null;

    /// <summary>Removes the signature of a record in every layout, and every mark on it or to it.</summary>
    public static void Erase(IItemWriter writer, string datanetId, long position)
    {
        byte[] key = Key(position);
        foreach (StoredItem item in writer.ReadItems(datanetId, Layouts, default, default, int.MaxValue))
        {
            SignatureItems items = new(Encoding.ASCII.GetString(item.Key.Span), signatureLength: 0);
            if (writer.FindItem(datanetId, items._signatures, key) is { Length: 0 })
            {
                continue; // erased before, and nothing resembles an erased record
            }

            // Removed first: only a removed value is sure to be overwritten in the files.
            writer.RemoveItem(datanetId, items._signatures, key);
            writer.PutItem(datanetId, items._signatures, key, default);
            writer.RemoveItem(datanetId, items._marks, key);
            items.EraseMarksTo(writer, datanetId, position);
        }
    }

    private void EraseMarksTo(IItemWriter writer, string datanetId, long position)
    {
        const int PageSize = 1000;
        for (long from = position + 1; ;)
        {
            IReadOnlyList<StoredItem> page = writer.ReadItems(datanetId, _marks, Key(from), default, PageSize);
            foreach (StoredItem item in page)
            {
                if (ReadMark(datanetId, item.Value.Span).Position == position)
                {
                    writer.RemoveItem(datanetId, _marks, item.Key);
                }
            }

            if (page.Count < PageSize)
            {
                return;
            }

            from = BinaryPrimitives.ReadInt64BigEndian(page[^1].Key.Span) + 1;
        }
    }

    private SignatureItem Read(string datanetId, long position, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return new SignatureItem(position, 0, null);
        }

        if (value.Length != StampLength && value.Length != StampLength + signatureLength)
        {
            throw Damaged(datanetId, $"the signature of record {position} has {value.Length} bytes");
        }

        return new SignatureItem(
            position, BinaryPrimitives.ReadUInt64BigEndian(value), new MinHashSignature(value[StampLength..].ToArray()));
    }

    private static NearDuplicateMatch ReadMark(string datanetId, ReadOnlySpan<byte> value) =>
        value.Length == sizeof(long) + sizeof(int)
            ? new NearDuplicateMatch(
                BinaryPrimitives.ReadInt64BigEndian(value), BinaryPrimitives.ReadInt32BigEndian(value[sizeof(long)..]) / 1_000_000d)
            : throw Damaged(datanetId, $"a mark has {value.Length} bytes");

    private static DatanetException Damaged(string datanetId, string what) => new(
        DatanetError.StoreCorrupt, $"The near-duplicate items of the datanet '{datanetId}' are damaged: {what}; restore the store from a copy.");
}
