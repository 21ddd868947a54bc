using System.Buffers.Binary;

namespace OpenLedger.Datanets.Formats;

/// <summary>
/// What Apache.Arrow reads instead of the file: one message after another, each checked before its first byte is handed on.
/// </summary>
/// <remarks>
/// The library allocates what a message claims, and follows offsets in circles. Here lengths are compared with the limits and the file, offsets
/// must point forward, and types are those that rows can have. An Arrow file is an Arrow stream between two magics; its footer is not needed.
/// Source: "Arrow columnar format, serialization and IPC", apache/arrow.
/// </remarks>
internal sealed class ArrowFrameStream(Stream file, ColumnarOptions options, bool isFile) : ForwardStream
{
    private const int MaxFields = 10_000;
    private const int MaxDepth = 32;
    private const byte SchemaMessage = 1;
    private const byte DictionaryMessage = 2;
    private const byte BatchMessage = 3;

    private byte[] _head = []; // prefix and metadata of the current message
    private int _headPosition;
    private long _bodyLeft;
    private bool _isEnd;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (_headPosition == _head.Length && _bodyLeft == 0 && !_isEnd)
        {
            ReadMessage();
        }

        if (_headPosition < _head.Length)
        {
            int length = Math.Min(buffer.Length, _head.Length - _headPosition);
            _head.AsSpan(_headPosition, length).CopyTo(buffer);
            _headPosition += length;
            return length;
        }

        if (_bodyLeft == 0)
        {
            return 0;
        }

        int read = file.Read(buffer[..(int)Math.Min(buffer.Length, _bodyLeft)]);
        if (read == 0)
        {
            throw new EndOfStreamException("The file ends inside a message.");
        }

        _bodyLeft -= read;
        return read;
    }

    private void ReadMessage()
    {
        byte[] prefix = new byte[8];
        int read = file.ReadAtLeast(prefix.AsSpan(0, 4), 4, throwOnEndOfStream: false);
        if (read < 4)
        {
            _isEnd = true;
            if (read > 0 || isFile)
            {
                throw new EndOfStreamException("The file ends without an end mark.");
            }

            return;
        }

        // Since 0.15 a mark stands before the length.
        int prefixLength = 4;
        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (length == -1)
        {
            file.ReadExactly(prefix, 4, 4);
            prefixLength = 8;
            length = BinaryPrimitives.ReadInt32LittleEndian(prefix.AsSpan(4));
        }

        if (length < 0 || length > options.MaxMetadataBytes)
        {
            throw new FormatException(FormattableString.Invariant($"a message claims {length} bytes of metadata, beyond MaxMetadataBytes"));
        }

        _head = new byte[prefixLength + length];
        prefix.AsSpan(0, prefixLength).CopyTo(_head);
        file.ReadExactly(_head, prefixLength, length);
        _headPosition = 0;
        if (length == 0)
        {
            _isEnd = true;
            return;
        }

        _bodyLeft = Check(_head.AsSpan(prefixLength));
        if (file.CanSeek && _bodyLeft > file.Length - file.Position)
        {
            throw new EndOfStreamException("A message is longer than the file.");
        }
    }

    private long Check(ReadOnlySpan<byte> metadata)
    {
        FlatTable message = FlatTable.Root(metadata);
        long body = message.Int64(3);
        if (body < 0 || body > Math.Min(options.MaxGroupBytes, int.MaxValue))
        {
            throw new FormatException(FormattableString.Invariant($"a message claims {body} bytes, beyond MaxGroupBytes"));
        }

        if (!message.TryTable(2, out FlatTable header))
        {
            throw new FormatException("a message has no header");
        }

        switch (message.Byte(1))
        {
            case SchemaMessage:
                int fields = 0;
                CheckFields(header, 1, ref fields, 0);
                CheckMetadata(header, 2);
                break;
            case DictionaryMessage when header.TryTable(1, out FlatTable data):
                CheckBatch(data);
                break;
            case BatchMessage:
                CheckBatch(header);
                break;
            default:
                throw new FormatException("a message is neither schema nor rows");
        }

        return body;
    }

    private void CheckBatch(FlatTable batch)
    {
        long rows = batch.Int64(0);
        if (rows < 0 || rows > options.MaxGroupRows)
        {
            throw new FormatException(FormattableString.Invariant($"a batch has {rows} rows, beyond MaxGroupRows"));
        }

        if (batch.Has(3))
        {
            throw new FormatException("the batches are compressed, which is not read; write them without compression, or Parquet");
        }

        batch.VectorLength(1, 16);
        batch.VectorLength(2, 16);
        if (batch.VectorLength(4, 8) > 0)
        {
            throw new FormatException("a batch holds view types, which are not read");
        }
    }

    private static void CheckMetadata(FlatTable table, int field)
    {
        for (int i = table.VectorLength(field, 4) - 1; i >= 0; i--)
        {
            table.VectorTable(field, i);
        }
    }

    private static void CheckFields(FlatTable parent, int vector, ref int count, int depth)
    {
        int children = parent.VectorLength(vector, 4);
        count += children;
        if (depth > MaxDepth || count > MaxFields)
        {
            throw new FormatException(FormattableString.Invariant($"the schema nests deeper than {MaxDepth} or has more than {MaxFields} fields"));
        }

        for (int i = 0; i < children; i++)
        {
            FlatTable field = parent.VectorTable(vector, i);

            // Null, numbers, binary, text, boolean, decimal, date, time, timestamp, list, structure, fixed binary and list, map, duration, large ones.
            if (field.Byte(2) is 0 or 11 or 14 or > 21)
            {
                throw new FormatException(FormattableString.Invariant($"the schema has a type ({field.Byte(2)}) that rows cannot have"));
            }

            CheckMetadata(field, 6);
            CheckFields(field, 5, ref count, depth + 1);
        }
    }
}
