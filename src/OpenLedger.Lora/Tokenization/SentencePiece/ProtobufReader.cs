using System.Buffers.Binary;
using System.Text;

namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>Reads the fields of one protocol buffer message; every length is checked against what is left.</summary>
/// <remarks>The format: https://protobuf.dev/programming-guides/encoding. Groups, which proto2 abandoned, are refused.</remarks>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message, string source)
{
    private const int VarintBytes = 10;

    private ReadOnlySpan<byte> _rest = message;
    private WireType _type;

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    /// <summary>Goes to the next field; false at the end of the message. Its value must be read, or skipped, before the next call.</summary>
    public bool TryReadField(out int number)
    {
        number = 0;
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong tag = Varint();
        _type = (WireType)(tag & 7);
        if (tag >> 3 is 0 or > int.MaxValue || _type is not (WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32))
        {
            throw Fault($"a field has the tag {tag}");
        }

        number = (int)(tag >> 3);
        return true;
    }

    public void Skip()
    {
        switch (_type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Bytes:
                Bytes();
                break;
            default:
                Take(_type == WireType.Fixed64 ? 8u : 4u);
                break;
        }
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Require(WireType.Bytes);
        return Take(Varint());
    }

    public string Text()
    {
        ReadOnlySpan<byte> bytes = Bytes();
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Fault("a text is not valid UTF-8");
    }

    public float Single()
    {
        Require(WireType.Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
    }

    /// <summary>A 32-bit number or a truth value; a negative one has 64 bits on the wire.</summary>
    public int Integer()
    {
        Require(WireType.Varint);
        long value = (long)Varint();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Fault($"{value} is no 32-bit number");
    }

    public readonly TokenizerFormatException Fault(string reason) => new(TokenizerFormatError.MalformedFile, $"'{source}': {reason}.");

    private readonly void Require(WireType type)
    {
        if (_type != type)
        {
            throw Fault($"a field has the wire type {_type} instead of {type}");
        }
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            throw Fault($"a field of {count} bytes reaches beyond the end");
        }

        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < VarintBytes && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw Fault("a number has no end");
    }
}
