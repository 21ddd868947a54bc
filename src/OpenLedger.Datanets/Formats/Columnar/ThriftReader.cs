using System.Text;

namespace OpenLedger.Datanets.Formats;

/// <summary>Reads the compact protocol of Apache Thrift from bytes that may be hostile.</summary>
/// <remarks>
/// Every read is bounded by the span; what does not fit throws <see cref="FormatException"/>, and <see cref="IsExhausted"/> tells whether more
/// bytes could have helped. Source: "Thrift compact protocol encoding", apache/thrift doc/specs.
/// </remarks>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    public const int True = 1;
    public const int False = 2;
    public const int Byte = 3;
    public const int I16 = 4;
    public const int I32 = 5;
    public const int I64 = 6;
    public const int Double = 7;
    public const int Binary = 8;
    public const int List = 9;
    public const int Set = 10;
    public const int Map = 11;
    public const int Struct = 12;

    private const int MaxDepth = 16;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    /// <summary>Whether a read failed because the bytes ended.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Reads a field's head; <see langword="false"/> at the end of the structure.</summary>
    /// <param name="lastField">The id before; 0 at the beginning.</param>
    /// <param name="type">The wire type.</param>
    public bool TryReadField(ref int lastField, out int type)
    {
        byte head = ReadByte();
        type = head & 15;
        if (head == 0)
        {
            return false;
        }

        int delta = head >> 4;
        int field = delta == 0 ? (int)ReadInteger() : lastField + delta;
        if (field is <= 0 or > short.MaxValue || type is 0 or > Struct)
        {
            throw new FormatException("a field has an impossible head");
        }

        lastField = field;
        return true;
    }

    public long ReadInteger()
    {
        ulong value = ReadVariable();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int ReadInt32()
    {
        long value = ReadInteger();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new FormatException("a number is too large");
    }

    public ReadOnlySpan<byte> ReadBinary()
    {
        ulong length = ReadVariable();
        if (length > (ulong)(_bytes.Length - Position))
        {
            IsExhausted = length <= int.MaxValue;
            throw new FormatException("a text is longer than what is left");
        }

        ReadOnlySpan<byte> value = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return value;
    }

    public string ReadText()
    {
        ReadOnlySpan<byte> value = ReadBinary();
        return System.Text.Unicode.Utf8.IsValid(value) ? Encoding.UTF8.GetString(value) : throw new FormatException("a name is not UTF-8");
    }

    /// <summary>Reads a list's head. Each element takes at least one byte, so the count is bounded by the bytes.</summary>
    public int ReadListHead(out int elementType)
    {
        byte head = ReadByte();
        elementType = head & 15;
        ulong count = (ulong)(head >> 4);
        if (count == 15)
        {
            count = ReadVariable();
        }

        if (count > (ulong)(_bytes.Length - Position))
        {
            IsExhausted = count <= int.MaxValue;
            throw new FormatException("a list is longer than what is left");
        }

        return (int)count;
    }

    public static void Expect(int type, int expected)
    {
        if (type != expected)
        {
            throw new FormatException("a field has another type than the format says");
        }
    }

    public void Skip(int type, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException("the metadata nest too deep");
        }

        switch (type)
        {
            case True or False:
                break; // the value is in the head
            case Byte:
                ReadByte();
                break;
            case I16 or I32 or I64:
                ReadVariable();
                break;
            case Double:
                for (int i = 0; i < 8; i++)
                {
                    ReadByte();
                }

                break;
            case Binary:
                ReadBinary();
                break;
            case List or Set:
                int count = ReadListHead(out int elementType);
                for (int i = 0; i < count; i++)
                {
                    SkipElement(elementType, depth + 1);
                }

                break;
            case Struct:
                int field = 0;
                while (TryReadField(ref field, out int fieldType))
                {
                    Skip(fieldType, depth + 1);
                }

                break;
            case Map:
                SkipMap(depth);
                break;
            default:
                throw new FormatException("a field has an unknown type");
        }
    }

    private void SkipMap(int depth)
    {
        ulong count = ReadVariable();
        if (count == 0)
        {
            return;
        }

        byte types = ReadByte();
        if (count > (ulong)(_bytes.Length - Position))
        {
            throw new FormatException("a map is longer than what is left");
        }

        for (ulong i = 0; i < count; i++)
        {
            SkipElement(types >> 4, depth + 1);
            SkipElement(types & 15, depth + 1);
        }
    }

    /// <summary>A boolean takes a byte of its own inside a list.</summary>
    private void SkipElement(int type, int depth) => Skip(type is True or False ? Byte : type, depth);

    private ulong ReadVariable()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = ReadByte();
            value |= (ulong)(next & 0x7F) << Math.Min(shift, 63);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("a number has more than 10 bytes");
    }

    private byte ReadByte()
    {
        if (Position >= _bytes.Length)
        {
            IsExhausted = true;
            throw new FormatException("the metadata end too early");
        }

        return _bytes[Position++];
    }
}
