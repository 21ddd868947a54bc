using System.Buffers.Binary;

namespace OpenLedger.Datanets.Formats;

/// <summary>A table of a FlatBuffers message that may be hostile: every offset points forward and inside.</summary>
/// <remarks>Source: "FlatBuffers internals", google/flatbuffers. What breaks a rule throws <see cref="FormatException"/>.</remarks>
internal readonly ref struct FlatTable
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _position;
    private readonly int _vtable;
    private readonly int _vtableLength;

    private FlatTable(ReadOnlySpan<byte> bytes, int position)
    {
        _bytes = bytes;
        _position = position;
        long vtable = (long)position - Int32(bytes, position);
        _vtable = vtable >= 0 && vtable <= bytes.Length - 4 ? (int)vtable : throw Damaged();
        _vtableLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[_vtable..]);
        if (_vtableLength < 4 || _vtableLength > bytes.Length - _vtable)
        {
            throw Damaged();
        }
    }

    public static FlatTable Root(ReadOnlySpan<byte> bytes) => new(bytes, Follow(bytes, 0));

    public byte Byte(int field) => Place(field) is int place and > 0 && place < _bytes.Length ? _bytes[place] : (byte)0;

    public long Int64(int field)
    {
        int place = Place(field);
        return place == 0 ? 0 : place <= _bytes.Length - 8 ? BinaryPrimitives.ReadInt64LittleEndian(_bytes[place..]) : throw Damaged();
    }

    public bool Has(int field) => Place(field) > 0;

    public bool TryTable(int field, out FlatTable table)
    {
        int place = Place(field);
        table = place == 0 ? default : new FlatTable(_bytes, Follow(_bytes, place));
        return place > 0;
    }

    /// <summary>The number of elements of a vector, which lie inside; 0 when there is none.</summary>
    public int VectorLength(int field, int elementLength)
    {
        int place = Place(field);
        if (place == 0)
        {
            return 0;
        }

        int vector = Follow(_bytes, place);
        long length = (uint)Int32(_bytes, vector);
        return length * elementLength <= _bytes.Length - vector - 4 ? (int)length : throw Damaged();
    }

    public FlatTable VectorTable(int field, int index)
    {
        int vector = Follow(_bytes, Place(field));
        return new FlatTable(_bytes, Follow(_bytes, vector + 4 + (4 * index)));
    }

    private static int Int32(ReadOnlySpan<byte> bytes, int position) =>
        position >= 0 && position <= bytes.Length - 4 ? BinaryPrimitives.ReadInt32LittleEndian(bytes[position..]) : throw Damaged();

    private static int Follow(ReadOnlySpan<byte> bytes, int position)
    {
        int offset = Int32(bytes, position);
        return offset > 0 && offset <= bytes.Length - 4 - position ? position + offset : throw Damaged();
    }

    private static FormatException Damaged() => new("an offset of the metadata points outside of them");

    private int Place(int field)
    {
        int slot = 4 + (2 * field);
        int offset = slot + 2 <= _vtableLength ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes[(_vtable + slot)..]) : 0;
        return offset == 0 ? 0 : _position + offset < _bytes.Length ? _position + offset : throw Damaged();
    }
}
