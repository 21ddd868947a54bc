using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenLedger.Lora.Safetensors;

/// <summary>Writes safetensors files: the same tensors and metadata always give the same bytes.</summary>
public static class SafetensorsWriter
{
    private const int ConversionBlock = 4096;

    /// <summary>Writes a file as a whole: on failure the previous file, if any, is untouched.</summary>
    /// <param name="path">Destination; its folder exists. Replaced if present.</param>
    /// <param name="tensors">The tensors, in any order; the file orders them by element size, then by name.</param>
    /// <param name="metadata">Free text entries of the header, written in order of their keys.</param>
    /// <exception cref="ArgumentException">
    /// A name repeats or is <c>__metadata__</c>, a shape does not fit its values, or values are to be neither <c>F32</c> nor <c>BF16</c>.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        SafetensorsTensor[] ordered =
            [.. tensors.OrderByDescending(t => SafetensorsDataTypes.SizeOf(t.DataType)).ThenBy(t => t.Name, StringComparer.Ordinal)];
        Validate(ordered);
        byte[] header = BuildHeader(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (SafetensorsTensor tensor in ordered)
            {
                WriteValues(stream, tensor);
            }
        });
    }

    private static void Validate(SafetensorsTensor[] tensors)
    {
        HashSet<string> names = new(StringComparer.Ordinal) { "__metadata__" };
        foreach (SafetensorsTensor tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException($"The tensor name '{tensor.Name}' occurs twice or is reserved.", nameof(tensors));
            }

            if (tensor.Bytes is null && tensor.DataType is not (SafetensorsDataType.F32 or SafetensorsDataType.BF16))
            {
                throw new ArgumentException(
                    $"Tensor '{tensor.Name}' asks for {tensor.DataType}; values are written as F32 and BF16, other types with FromBytes.", nameof(tensors));
            }

            long count = 1;
            foreach (int extent in tensor.Shape)
            {
                // Values are shorter than 2^31, so a larger partial product is a mismatch already and must not overflow.
                count = extent < 0 || count > int.MaxValue ? -1 : count * extent;
                if (count < 0)
                {
                    break;
                }
            }

            long available = tensor.Bytes is { } bytes
                ? bytes.Length % SafetensorsDataTypes.SizeOf(tensor.DataType) == 0 ? bytes.Length / SafetensorsDataTypes.SizeOf(tensor.DataType) : -1
                : tensor.Values.Length;
            if (count != available || count < 0)
            {
                throw new ArgumentException(
                    $"Tensor '{tensor.Name}' has {(tensor.Bytes is null ? $"{available} values" : $"{tensor.Bytes.Value.Length} bytes")}, which do not fill shape [{string.Join(", ", tensor.Shape)}].",
                    nameof(tensors));
            }
        }
    }

    private static byte[] BuildHeader(SafetensorsTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach (SafetensorsTensor tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", SafetensorsDataTypes.NameOf(tensor.DataType));
                json.WriteStartArray("shape");
                foreach (int extent in tensor.Shape)
                {
                    json.WriteNumberValue(extent);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += tensor.Bytes?.Length ?? (long)tensor.Values.Length * SafetensorsDataTypes.SizeOf(tensor.DataType);
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of eight align the data for readers that use it in place.
        byte[] header = new byte[(buffer.WrittenCount + 7) / 8 * 8];
        header.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(header);
        return header;
    }

    private static void WriteValues(Stream stream, SafetensorsTensor tensor)
    {
        if (tensor.Bytes is { } bytes)
        {
            stream.Write(bytes.Span);
            return;
        }

        ReadOnlySpan<float> values = tensor.Values.Span;
        if (tensor.DataType == SafetensorsDataType.F32)
        {
            for (; values.Length > 0; values = values[Math.Min(values.Length, int.MaxValue / 8)..])
            {
                stream.Write(MemoryMarshal.AsBytes(values[..Math.Min(values.Length, int.MaxValue / 8)]));
            }

            return;
        }

        Span<ushort> block = stackalloc ushort[ConversionBlock];
        while (values.Length > 0)
        {
            int count = Math.Min(values.Length, ConversionBlock);
            for (int i = 0; i < count; i++)
            {
                block[i] = BFloat16Conversion.Narrow(values[i]);
            }

            stream.Write(MemoryMarshal.AsBytes(block[..count]));
            values = values[count..];
        }
    }
}
