using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Gguf;

/// <summary>Writes GGUF files of version 3: the same tensors and metadata always give the same bytes.</summary>
/// <remarks>Quantisation to <c>q8_0</c> and <c>q4_0</c> gives the bytes of ggml's reference quantiser.</remarks>
public static class GgufWriter
{
    /// <summary>ggml keeps names in arrays of 64 bytes, the last of which is zero.</summary>
    private const int MaxTensorNameLength = 63;

    /// <summary>Values converted at a time; a multiple of the block length.</summary>
    private const int ConversionChunk = 4096;

    /// <summary>Writes a file as a whole: on failure the previous file, if any, is untouched.</summary>
    /// <param name="path">Destination; its folder exists. Replaced if present.</param>
    /// <param name="metadata">
    /// Entries in the order of the file. A value is a number of any GGUF type (<see cref="byte"/> to <see cref="ulong"/>,
    /// <see cref="float"/>, <see cref="double"/>), a <see cref="bool"/>, a <see cref="string"/>, or an array of one of these; the .NET
    /// type decides the stored type. <c>general.alignment</c> (<see cref="uint"/>, a power of two from 8 to 65,536) is obeyed.
    /// </param>
    /// <param name="tensors">The tensors in the order of the file.</param>
    /// <exception cref="ArgumentException">
    /// A name repeats or is too long, a shape does not fit its values or its type, a metadata value has a type that GGUF lacks, or values
    /// to be quantised are not finite or too large for a half-precision scale.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, object>> metadata, IEnumerable<GgufTensor> tensors)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(tensors);
        KeyValuePair<string, object>[] entries = [.. metadata];
        GgufTensor[] list = [.. tensors];
        int alignment = Validate(entries, list);
        byte[] head = BuildHead(entries, list, alignment);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(head);
            foreach (GgufTensor tensor in list)
            {
                WriteValues(stream, tensor);
                stream.Write(new byte[Padding(ByteLength(tensor), alignment)]);
            }
        });
    }

    private static int Validate(KeyValuePair<string, object>[] metadata, GgufTensor[] tensors)
    {
        int alignment = GgufHeader.DefaultAlignment;
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach ((string key, object value) in metadata)
        {
            if (!keys.Add(key) || key.Length == 0 || Encoding.UTF8.GetByteCount(key) > GgufHeader.MaxNameLength)
            {
                throw new ArgumentException($"The metadata key '{key}' is empty, too long or occurs twice.", nameof(metadata));
            }

            if (key == "general.alignment")
            {
                alignment = value is uint and >= 8 and <= GgufHeader.MaxAlignment && BitOperations.IsPow2((uint)value)
                    ? (int)(uint)value
                    : throw new ArgumentException(
                        $"'general.alignment' is {value}; it must be a uint, a power of two from 8 to {GgufHeader.MaxAlignment}.", nameof(metadata));
            }
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (GgufTensor tensor in tensors)
        {
            if (!names.Add(tensor.Name) || tensor.Name.Length == 0 || Encoding.UTF8.GetByteCount(tensor.Name) > MaxTensorNameLength)
            {
                throw new ArgumentException(
                    $"The tensor name '{tensor.Name}' is empty, longer than {MaxTensorNameLength} bytes or occurs twice.", nameof(tensors));
            }

            ValidateShape(tensor);
        }

        return alignment;
    }

    private static void ValidateShape(GgufTensor tensor)
    {
        GgufTensorTypes.Layout layout = GgufTensorTypes.Of(tensor.Type).Layout;
        long count = tensor.Shape.Count <= GgufHeader.MaxRank ? 1 : -1;
        foreach (int extent in tensor.Shape)
        {
            // Values are shorter than 2^31, so a larger partial product is a mismatch already and must not overflow.
            count = extent < 0 || count is < 0 or > int.MaxValue ? -1 : count * extent;
        }

        if (count != tensor.Values.Length)
        {
            throw new ArgumentException(
                $"Tensor '{tensor.Name}' has {tensor.Values.Length} values, which do not fill shape [{string.Join(", ", tensor.Shape)}] of at most {GgufHeader.MaxRank} extents.",
                nameof(tensor));
        }

        if ((tensor.Shape.Count == 0 ? 1 : tensor.Shape[^1]) % layout.BlockLength != 0)
        {
            throw new ArgumentException(
                $"Tensor '{tensor.Name}' [{string.Join(", ", tensor.Shape)}] cannot be {layout.Name}: its last extent is no multiple of {layout.BlockLength}.",
                nameof(tensor));
        }

        if (layout.BlockLength > 1)
        {
            // 65,504 is the largest half; q4_0 divides by 8 and q8_0 by 127, so this bound keeps both scales finite.
            const float Largest = 65_504f * 8;
            float largest = tensor.Values.IsEmpty ? 0 : TensorPrimitives.MaxMagnitude(tensor.Values.Span);
            if (!(Math.Abs(largest) <= Largest))
            {
                throw new ArgumentException(
                    $"Tensor '{tensor.Name}' holds {largest}; {layout.Name} takes finite values up to {Largest} in magnitude.", nameof(tensor));
            }
        }
    }

    private static byte[] BuildHead(KeyValuePair<string, object>[] metadata, GgufTensor[] tensors, int alignment)
    {
        using MemoryStream buffer = new();
        using (BinaryWriter writer = new(buffer, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write("GGUF"u8);
            writer.Write(3u);
            writer.Write((ulong)tensors.Length);
            writer.Write((ulong)metadata.Length);
            foreach ((string key, object value) in metadata)
            {
                WriteText(writer, key);
                WriteValue(writer, key, value);
            }

            long offset = 0;
            foreach (GgufTensor tensor in tensors)
            {
                WriteText(writer, tensor.Name);
                writer.Write((uint)tensor.Shape.Count);
                for (int i = tensor.Shape.Count - 1; i >= 0; i--)
                {
                    writer.Write((ulong)tensor.Shape[i]);
                }

                writer.Write(GgufTensorTypes.Of(tensor.Type).Id);
                writer.Write((ulong)offset);
                offset += ByteLength(tensor);
                offset += Padding(offset, alignment);
            }
        }

        buffer.Write(new byte[Padding(buffer.Position, alignment)]);
        return buffer.ToArray();
    }

    private static void WriteValue(BinaryWriter writer, string key, object value)
    {
        if (value is Array array)
        {
            // Exact types, because the runtime lets an int[] pass for a uint[].
            GgufValueType type = TypeOf(array.GetType().GetElementType()!, key);
            writer.Write((uint)GgufValueType.Array);
            writer.Write((uint)type);
            writer.Write((ulong)array.Length);
            foreach (object element in array)
            {
                WriteScalar(writer, element);
            }

            return;
        }

        ArgumentNullException.ThrowIfNull(value, key);
        writer.Write((uint)TypeOf(value.GetType(), key));
        WriteScalar(writer, value);
    }

    private static GgufValueType TypeOf(Type type, string key) =>
        type == typeof(byte) ? GgufValueType.UInt8
        : type == typeof(sbyte) ? GgufValueType.Int8
        : type == typeof(ushort) ? GgufValueType.UInt16
        : type == typeof(short) ? GgufValueType.Int16
        : type == typeof(uint) ? GgufValueType.UInt32
        : type == typeof(int) ? GgufValueType.Int32
        : type == typeof(float) ? GgufValueType.Float32
        : type == typeof(bool) ? GgufValueType.Boolean
        : type == typeof(string) ? GgufValueType.Text
        : type == typeof(ulong) ? GgufValueType.UInt64
        : type == typeof(long) ? GgufValueType.Int64
        : type == typeof(double) ? GgufValueType.Float64
        : throw new ArgumentException($"Metadata '{key}' is a {type.Name}, which GGUF cannot store.");

    private static void WriteScalar(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case byte number:
                writer.Write(number);
                break;
            case sbyte number:
                writer.Write(number);
                break;
            case ushort number:
                writer.Write(number);
                break;
            case short number:
                writer.Write(number);
                break;
            case uint number:
                writer.Write(number);
                break;
            case int number:
                writer.Write(number);
                break;
            case float number:
                writer.Write(number);
                break;
            case bool truth:
                writer.Write(truth);
                break;
            case ulong number:
                writer.Write(number);
                break;
            case long number:
                writer.Write(number);
                break;
            case double number:
                writer.Write(number);
                break;
            default:
                WriteText(writer, (string)value);
                break;
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteValues(Stream stream, GgufTensor tensor)
    {
        Span<byte> buffer = new byte[ConversionChunk * sizeof(float)];
        ReadOnlySpan<float> values = tensor.Values.Span;
        while (values.Length > 0)
        {
            ReadOnlySpan<float> chunk = values[..Math.Min(values.Length, ConversionChunk)];
            Span<byte> bytes = buffer[..(int)ByteLength(tensor.Type, chunk.Length)];
            Convert(tensor.Type, chunk, bytes);
            stream.Write(bytes);
            values = values[chunk.Length..];
        }
    }

    private static void Convert(GgufTensorType type, ReadOnlySpan<float> values, Span<byte> bytes)
    {
        switch (type)
        {
            case GgufTensorType.F32:
                MemoryMarshal.AsBytes(values).CopyTo(bytes);
                break;
            case GgufTensorType.F16:
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(bytes));
                break;
            case GgufTensorType.BF16:
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes[(i * 2)..], BFloat16Conversion.Narrow(values[i]));
                }

                break;
            case GgufTensorType.Q8_0:
                GgufBlocks.EncodeQ8(values, bytes);
                break;
            default:
                GgufBlocks.EncodeQ4(values, bytes);
                break;
        }
    }

    private static long ByteLength(GgufTensor tensor) => ByteLength(tensor.Type, tensor.Values.Length);

    private static long ByteLength(GgufTensorType type, long count)
    {
        GgufTensorTypes.Layout layout = GgufTensorTypes.Of(type).Layout;
        return count / layout.BlockLength * layout.BlockBytes;
    }

    private static int Padding(long length, int alignment) => (int)(-length & (alignment - 1));
}
