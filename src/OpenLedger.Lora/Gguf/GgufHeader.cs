using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace OpenLedger.Lora.Gguf;

/// <summary>
/// Parses and validates the head of a GGUF file: magic, version, metadata, tensor descriptions. Not a reader of tensor data: it
/// returns only when every tensor is known to lie inside the file, aligned, without overlap and without holes.
/// </summary>
/// <remarks>
/// Format: <see href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md"/>. Where the text leaves room, <c>gguf.cpp</c> of
/// llama.cpp v0.5.0 decides. Stricter than it: alignment is a multiple of eight up to 64 KiB, text is valid UTF-8, truth values are
/// 0 or 1, nothing follows the last tensor but its padding. Looser: arrays may be nested, and tensors may be described in any order.
/// </remarks>
internal sealed class GgufHeader
{
    /// <summary>Everything before the data. A vocabulary of 256,000 tokens with its merges takes about 15 MB.</summary>
    public const int MaxLength = 256 << 20;

    /// <summary>Longest key or tensor name; the format's own limit for keys.</summary>
    public const int MaxNameLength = 65_535;

    public const int DefaultAlignment = 32;

    public const int MaxAlignment = 65_536;

    /// <summary>ggml knows no tensor of more dimensions.</summary>
    public const int MaxRank = 4;

    /// <summary>Arrays inside arrays, counted from the outermost; nobody writes more than two.</summary>
    public const int MaxArrayDepth = 4;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _path;

    private GgufHeader(string path) => _path = path;

    public Dictionary<string, object> Metadata { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, GgufTensorInfo> Tensors { get; } = new(StringComparer.Ordinal);

    public int Version { get; private set; }

    public int Alignment { get; private set; } = DefaultAlignment;

    /// <summary>First byte of the data section, counted from the start of the file.</summary>
    public long DataStart { get; private set; }

    /// <summary>Parses a head.</summary>
    /// <param name="head">The file from its start, at least up to the end of the head or to <see cref="MaxLength"/>.</param>
    /// <param name="fileLength">Length of the whole file.</param>
    /// <param name="path">Named in exceptions.</param>
    public static GgufHeader Parse(ReadOnlySpan<byte> head, long fileLength, string path)
    {
        GgufHeader header = new(path);
        Cursor cursor = new(head[..Math.Min(head.Length, MaxLength)], fileLength, path);
        header.Read(ref cursor);
        return header;
    }

    private void Read(ref Cursor cursor)
    {
        ReadOnlySpan<byte> magic = cursor.Take(4, "the magic number");
        if (!magic.SequenceEqual("GGUF"u8))
        {
            throw Invalid("the file does not start with 'GGUF'");
        }

        uint version = cursor.UInt32("the version");
        if (version is not (2 or 3))
        {
            throw new ModelFormatException(
                ModelFormatError.ConfigUnsupported,
                _path,
                BinaryPrimitives.ReverseEndianness(version) is > 0 and <= 3
                    ? "the file is big-endian; only little-endian GGUF is read"
                    : $"GGUF version {version} is not read, only 2 and 3; convert the file with a current version of llama.cpp");
        }

        Version = (int)version;

        // The least that an entry can take bounds both counts before anything is allocated for them.
        const int SmallestTensor = 8 + 1 + 4 + 4 + 8;
        const int SmallestEntry = 8 + 1 + 4 + 1;
        ulong tensorCount = cursor.Count("tensors", SmallestTensor);
        ulong entryCount = cursor.Count("metadata entries", SmallestEntry);
        for (ulong i = 0; i < entryCount; i++)
        {
            ReadEntry(ref cursor);
        }

        ReadAlignment();
        for (ulong i = 0; i < tensorCount; i++)
        {
            GgufTensorInfo tensor = ReadTensor(ref cursor);
            if (!Tensors.TryAdd(tensor.Name, tensor))
            {
                throw new ModelFormatException(ModelFormatError.DuplicateName, _path, tensor.Name, "the name occurs twice");
            }
        }

        CheckCoverage(cursor.Position, cursor.FileLength);
    }

    private void ReadEntry(ref Cursor cursor)
    {
        string key = cursor.Name("a metadata key");
        object value = ReadValue(ref cursor, cursor.UInt32("a value type"), key, depth: 0);
        if (!Metadata.TryAdd(key, value))
        {
            throw new ModelFormatException(ModelFormatError.DuplicateName, _path, $"metadata '{key}' occurs twice");
        }
    }

    private object ReadValue(ref Cursor cursor, uint type, string key, int depth)
    {
        switch ((GgufValueType)type)
        {
            case GgufValueType.UInt8:
                return cursor.Take(1, key)[0];
            case GgufValueType.Int8:
                return (sbyte)cursor.Take(1, key)[0];
            case GgufValueType.UInt16:
                return BinaryPrimitives.ReadUInt16LittleEndian(cursor.Take(2, key));
            case GgufValueType.Int16:
                return BinaryPrimitives.ReadInt16LittleEndian(cursor.Take(2, key));
            case GgufValueType.UInt32:
                return BinaryPrimitives.ReadUInt32LittleEndian(cursor.Take(4, key));
            case GgufValueType.Int32:
                return BinaryPrimitives.ReadInt32LittleEndian(cursor.Take(4, key));
            case GgufValueType.Float32:
                return BinaryPrimitives.ReadSingleLittleEndian(cursor.Take(4, key));
            case GgufValueType.Boolean:
                return Truth(cursor.Take(1, key)[0], key);
            case GgufValueType.Text:
                return cursor.Text(key);
            case GgufValueType.Array:
                return ReadArray(ref cursor, key, depth + 1);
            case GgufValueType.UInt64:
                return BinaryPrimitives.ReadUInt64LittleEndian(cursor.Take(8, key));
            case GgufValueType.Int64:
                return BinaryPrimitives.ReadInt64LittleEndian(cursor.Take(8, key));
            case GgufValueType.Float64:
                return BinaryPrimitives.ReadDoubleLittleEndian(cursor.Take(8, key));
            default:
                throw Invalid($"metadata '{key}' has the unknown value type {type}");
        }
    }

    private object ReadArray(ref Cursor cursor, string key, int depth)
    {
        if (depth > MaxArrayDepth)
        {
            throw Invalid($"metadata '{key}' nests more than {MaxArrayDepth} arrays");
        }

        uint type = cursor.UInt32(key);
        switch ((GgufValueType)type)
        {
            case GgufValueType.UInt8:
                return ReadNumbers<byte>(ref cursor, key);
            case GgufValueType.Int8:
                return ReadNumbers<sbyte>(ref cursor, key);
            case GgufValueType.UInt16:
                return ReadNumbers<ushort>(ref cursor, key);
            case GgufValueType.Int16:
                return ReadNumbers<short>(ref cursor, key);
            case GgufValueType.UInt32:
                return ReadNumbers<uint>(ref cursor, key);
            case GgufValueType.Int32:
                return ReadNumbers<int>(ref cursor, key);
            case GgufValueType.Float32:
                return ReadNumbers<float>(ref cursor, key);
            case GgufValueType.UInt64:
                return ReadNumbers<ulong>(ref cursor, key);
            case GgufValueType.Int64:
                return ReadNumbers<long>(ref cursor, key);
            case GgufValueType.Float64:
                return ReadNumbers<double>(ref cursor, key);
            case GgufValueType.Boolean:
                return Array.ConvertAll(ReadNumbers<byte>(ref cursor, key), b => Truth(b, key));
            case GgufValueType.Text:
                // The smallest text is its length alone.
                string[] texts = new string[cursor.Count($"elements of '{key}'", smallest: 8)];
                for (int i = 0; i < texts.Length; i++)
                {
                    texts[i] = cursor.Text(key);
                }

                return texts;
            case GgufValueType.Array:
                object[] arrays = new object[cursor.Count($"elements of '{key}'", smallest: 4 + 8)];
                for (int i = 0; i < arrays.Length; i++)
                {
                    arrays[i] = ReadArray(ref cursor, key, depth + 1);
                }

                return arrays;
            default:
                throw Invalid($"metadata '{key}' is an array of the unknown value type {type}");
        }
    }

    private static unsafe T[] ReadNumbers<T>(ref Cursor cursor, string key)
        where T : unmanaged
    {
        int count = (int)cursor.Count($"elements of '{key}'", sizeof(T));
        T[] values = new T[count];
        cursor.Take(count * sizeof(T), key).CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private bool Truth(byte value, string key) => value <= 1 ? value == 1 : throw Invalid($"metadata '{key}' holds {value} for a truth value");

    private void ReadAlignment()
    {
        if (!Metadata.TryGetValue("general.alignment", out object? value))
        {
            return;
        }

        if (value is not uint alignment || alignment is < 8 or > MaxAlignment || !BitOperations.IsPow2(alignment))
        {
            throw Invalid($"'general.alignment' is {value} ({value.GetType().Name}), not a power of two from 8 to {MaxAlignment} stored as u32");
        }

        Alignment = (int)alignment;
    }

    private GgufTensorInfo ReadTensor(ref Cursor cursor)
    {
        string name = cursor.Name("a tensor name");
        uint rank = cursor.UInt32(name);
        if (rank > MaxRank)
        {
            throw ShapeInvalid(name, $"it has {rank} dimensions, more than {MaxRank}");
        }

        // Stored innermost first.
        int[] shape = new int[rank];
        long elements = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            ulong extent = cursor.UInt64(name);
            if (extent > int.MaxValue)
            {
                throw ShapeInvalid(name, $"extent {extent} is larger than {int.MaxValue}");
            }

            shape[i] = (int)extent;

            // The largest block is 292 bytes for 256 values and the largest single value 8 bytes.
            if (extent != 0 && elements > long.MaxValue / 8 / (long)extent)
            {
                throw ShapeInvalid(name, "the number of bytes overflows 64 bits");
            }

            elements *= (long)extent;
        }

        uint type = cursor.UInt32(name);
        ulong offset = cursor.UInt64(name);
        if (!GgufTensorTypes.TryGet(type, out GgufTensorTypes.Layout layout))
        {
            throw new ModelFormatException(ModelFormatError.DataTypeUnsupported, _path, name, GgufTensorTypes.DescribeUnknown(type));
        }

        int row = shape.Length == 0 ? 1 : shape[^1];
        if (row % layout.BlockLength != 0)
        {
            throw ShapeInvalid(name, $"rows of {row} values cannot be {layout.Name}, which has blocks of {layout.BlockLength}");
        }

        if (offset % (ulong)Alignment != 0)
        {
            throw OffsetsInvalid(name, $"its data begins at {offset}, which is not a multiple of the alignment {Alignment}");
        }

        return offset <= long.MaxValue
            ? new GgufTensorInfo(name, layout, shape, elements, (long)offset)
            : throw OffsetsInvalid(name, $"its data begins at {offset}, beyond the end of every file");
    }

    private void CheckCoverage(long headLength, long fileLength)
    {
        // A file without tensors may end with its head, without the padding.
        DataStart = AlignUp(headLength);
        long dataLength = Math.Max(0, fileLength - DataStart);
        long position = 0;
        long end = 0;
        foreach (GgufTensorInfo tensor in Tensors.Values.OrderBy(t => t.Offset).ThenBy(t => t.ByteLength))
        {
            if (tensor.Offset != position)
            {
                throw OffsetsInvalid(
                    tensor.Name,
                    $"its data begins at {tensor.Offset}, {(tensor.Offset < position ? "inside the data of another tensor" : "after a hole")}; expected {position}");
            }

            // Cannot overflow: offsets are contiguous inside the file, and one tensor has less than 2^63 bytes by its own check.
            if (tensor.ByteLength > dataLength - tensor.Offset)
            {
                throw new ModelFormatException(
                    ModelFormatError.Truncated,
                    _path,
                    tensor.Name,
                    $"it has {tensor.ByteLength} bytes from {tensor.Offset}, the file holds {dataLength} bytes of data");
            }

            end = tensor.Offset + tensor.ByteLength;
            position = AlignUp(end);
        }

        // Some writers pad the last tensor, some do not.
        if (dataLength > position)
        {
            throw new ModelFormatException(
                ModelFormatError.OffsetsInvalid, _path, $"{dataLength - end} bytes after the last tensor belong to no tensor");
        }
    }

    private long AlignUp(long value) => (value + Alignment - 1) & -Alignment;

    private ModelFormatException Invalid(string reason) => new(ModelFormatError.HeaderInvalid, _path, reason);

    private ModelFormatException ShapeInvalid(string tensor, string reason) => new(ModelFormatError.ShapeInvalid, _path, tensor, reason);

    private ModelFormatException OffsetsInvalid(string tensor, string reason) => new(ModelFormatError.OffsetsInvalid, _path, tensor, reason);

    /// <summary>Reads forward through the head and never past its end.</summary>
    private ref struct Cursor
    {
        private readonly ReadOnlySpan<byte> _head;
        private readonly string _path;

        public Cursor(ReadOnlySpan<byte> head, long fileLength, string path)
        {
            _head = head;
            _path = path;
            FileLength = fileLength;
        }

        public long FileLength { get; }

        public int Position { get; private set; }

        public ReadOnlySpan<byte> Take(int count, string what)
        {
            if (count > _head.Length - Position)
            {
                throw PastTheEnd($"{what} needs {count} bytes at {Position}");
            }

            ReadOnlySpan<byte> bytes = _head.Slice(Position, count);
            Position += count;
            return bytes;
        }

        public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

        public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));

        /// <summary>A number of things of at least <paramref name="smallest"/> bytes, all of which fit into the rest of the head.</summary>
        public ulong Count(string what, int smallest)
        {
            ulong count = UInt64(what);
            return count <= (ulong)((_head.Length - Position) / smallest)
                ? count
                : throw PastTheEnd($"{count} {what} are announced at {Position}");
        }

        public string Name(string what)
        {
            int start = Position;
            ulong length = Length(what);
            if (length is 0 or > MaxNameLength)
            {
                throw new ModelFormatException(
                    ModelFormatError.HeaderInvalid, _path, $"{what} at {start} has {length} bytes, allowed are 1 to {MaxNameLength}");
            }

            return Decode((int)length, what);
        }

        public string Text(string what) => Decode((int)Length(what), what);

        private ulong Length(string what)
        {
            ulong length = UInt64(what);
            return length <= (ulong)(_head.Length - Position)
                ? length
                : throw PastTheEnd($"the text of {what} announces {length} bytes at {Position}");
        }

        private string Decode(int length, string what)
        {
            int start = Position;
            try
            {
                return StrictUtf8.GetString(Take(length, what));
            }
            catch (DecoderFallbackException exception)
            {
                throw new ModelFormatException(
                    ModelFormatError.HeaderInvalid, _path, $"the text of {what} at {start} is not valid UTF-8", exception);
            }
        }

        private readonly ModelFormatException PastTheEnd(string what) => FileLength > MaxLength
            ? new ModelFormatException(ModelFormatError.TooLarge, _path, $"{what}; everything before the data may have {MaxLength} bytes")
            : new ModelFormatException(ModelFormatError.Truncated, _path, $"{what}; the file ends at {_head.Length}");
    }
}
