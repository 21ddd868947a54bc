using System.Buffers;
using System.Text;

namespace OpenLedger.Datanets.Formats;

/// <summary>Writes the compact protocol of Apache Thrift: as much of it as a Parquet footer needs.</summary>
internal sealed class ThriftWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Stack<int> _fields = new();
    private int _field;

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void BeginStruct()
    {
        _fields.Push(_field);
        _field = 0;
    }

    public void EndStruct()
    {
        Byte(0);
        _field = _fields.Pop();
    }

    public void Int32(int field, int value)
    {
        Head(field, ThriftReader.I32);
        Integer(value);
    }

    public void Int64(int field, long value)
    {
        Head(field, ThriftReader.I64);
        Integer(value);
    }

    public void Text(int field, string value)
    {
        Head(field, ThriftReader.Binary);
        TextElement(value);
    }

    public void TextElement(string value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value);
        Variable((ulong)utf8.Length);
        _bytes.Write(utf8);
    }

    public void List(int field, int elementType, int count)
    {
        Head(field, ThriftReader.List);
        if (count < 15)
        {
            Byte((byte)((count << 4) | elementType));
            return;
        }

        Byte((byte)(0xF0 | elementType));
        Variable((ulong)count);
    }

    public void Struct(int field)
    {
        Head(field, ThriftReader.Struct);
        BeginStruct();
    }

    private void Head(int field, int type)
    {
        int delta = field - _field; // fields are written in order, so it fits
        Byte((byte)((delta << 4) | type));
        _field = field;
    }

    private void Byte(byte value) => _bytes.Write((ReadOnlySpan<byte>)[value]);

    private void Integer(long value) => Variable(unchecked(((ulong)value << 1) ^ (ulong)(value >> 63)));

    private void Variable(ulong value)
    {
        while (value > 127)
        {
            Byte((byte)((value & 127) | 128));
            value >>= 7;
        }

        Byte((byte)value);
    }
}
