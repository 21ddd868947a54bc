using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace OpenLedger.Datanets.Formats;

/// <summary>Writes one row after another as JSON text into a buffer that it keeps.</summary>
/// <remarks>
/// Not <see cref="System.Text.Json.Utf8JsonWriter"/>: the cells of a file are UTF-8 already and mostly need no escape, so that a row is little
/// more than a copy; the state machine of the general writer costs three times that.
/// </remarks>
internal sealed class JsonRowBuilder
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    private byte[] _buffer = new byte[4096];
    private int _length;
    private bool _needsComma;

    public int Length => _length;

    public void Clear()
    {
        _length = 0;
        _needsComma = false;
    }

    public byte[] ToArray() => _buffer.AsSpan(0, _length).ToArray();

    public void BeginObject() => Open((byte)'{');

    public void EndObject() => Close((byte)'}');

    public void BeginArray() => Open((byte)'[');

    public void EndArray() => Close((byte)']');

    /// <summary>Encodes a name once for <see cref="Name(ReadOnlySpan{byte})"/>: quotes, escapes and the colon.</summary>
    public static byte[] EncodeName(string name)
    {
        JsonRowBuilder builder = new();
        builder.Text(Encoding.UTF8.GetBytes(name));
        builder.Raw(":"u8);
        return builder.ToArray();
    }

    public void Name(ReadOnlySpan<byte> encoded)
    {
        Separate();
        Raw(encoded);
        _needsComma = false;
    }

    public void Null() => Literal("null"u8);

    public void Boolean(bool value) => Literal(value ? "true"u8 : "false"u8);

    /// <summary>Writes a value that is JSON already.</summary>
    public void Literal(ReadOnlySpan<byte> json)
    {
        Separate();
        Raw(json);
        _needsComma = true;
    }

    public void Number(long value)
    {
        Separate();
        Utf8Formatter.TryFormat(value, Room(32), out int written);
        _length += written;
        _needsComma = true;
    }

    public void Number(ulong value)
    {
        Separate();
        Utf8Formatter.TryFormat(value, Room(32), out int written);
        _length += written;
        _needsComma = true;
    }

    /// <summary>Writes the shortest text that reads back as the same number; it must be finite.</summary>
    public void Number(double value)
    {
        Separate();
        value.TryFormat(Room(32), out int written, provider: System.Globalization.CultureInfo.InvariantCulture);
        _length += written;
        _needsComma = true;
    }

    /// <inheritdoc cref="Number(double)"/>
    public void Number(float value)
    {
        Separate();
        value.TryFormat(Room(32), out int written, provider: System.Globalization.CultureInfo.InvariantCulture);
        _length += written;
        _needsComma = true;
    }

    /// <summary>Writes text; the bytes must be valid UTF-8.</summary>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        Separate();
        Span<byte> room = Room(utf8.Length + 2);
        room[0] = (byte)'"';
        int special = utf8.IndexOfAny(Escaped);
        if (special < 0)
        {
            utf8.CopyTo(room[1..]);
            room[utf8.Length + 1] = (byte)'"';
            _length += utf8.Length + 2;
        }
        else
        {
            _length++;
            Escape(utf8, special);
            Raw("\""u8);
        }

        _needsComma = true;
    }

    /// <summary>Writes text of UTF-16; half a surrogate pair becomes U+FFFD.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        Text(utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8)));
        ArrayPool<byte>.Shared.Return(utf8);
    }

    private void Escape(ReadOnlySpan<byte> utf8, int special)
    {
        while (special >= 0)
        {
            Raw(utf8[..special]);
            byte value = utf8[special];
            switch (value)
            {
                case (byte)'"': Raw("\\\""u8); break;
                case (byte)'\\': Raw("\\\\"u8); break;
                case (byte)'\n': Raw("\\n"u8); break;
                case (byte)'\r': Raw("\\r"u8); break;
                case (byte)'\t': Raw("\\t"u8); break;
                default:
                    Raw("\\u00"u8);
                    Raw([Hex(value >> 4), Hex(value & 15)]);
                    break;
            }

            utf8 = utf8[(special + 1)..];
            special = utf8.IndexOfAny(Escaped);
        }

        Raw(utf8);
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);

    private void Open(byte bracket)
    {
        Separate();
        Raw([bracket]);
        _needsComma = false;
    }

    private void Close(byte bracket)
    {
        Raw([bracket]);
        _needsComma = true;
    }

    private void Separate()
    {
        if (_needsComma)
        {
            Raw(","u8);
        }
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Room(int length)
    {
        if (_buffer.Length - _length < length)
        {
            Array.Resize(ref _buffer, Math.Max(checked(2 * _buffer.Length), checked(_length + length)));
        }

        return _buffer.AsSpan(_length);
    }
}
