using System.Text.Json;

namespace OpenLedger.Lora.Safetensors;

/// <summary>
/// Parses and validates the JSON header of a safetensors file. Not a reader of tensor data: it sees the header bytes and the length
/// of the data section, nothing else, and returns only when every tensor has been checked.
/// </summary>
/// <remarks>
/// Rules of the format (huggingface/safetensors, README and <c>tensor.rs</c>): the data section is covered by the tensors exactly,
/// without holes and without overlaps, and byte lengths equal shape times element size.
/// </remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>Cap of the reference implementation, so that a forged length cannot make the reader parse gigabytes.</summary>
    public const long MaxLength = 100_000_000;

    /// <summary>More dimensions than any checkpoint has; keeps a forged shape from costing memory.</summary>
    private const int MaxRank = 32;

    private readonly string _path;

    private SafetensorsHeader(string path) => _path = path;

    public Dictionary<string, SafetensorsTensorInfo> Tensors { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string path)
    {
        SafetensorsHeader header = new(path);
        try
        {
            header.Read(json);
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(
                ModelFormatError.HeaderInvalid, path, $"the header is not valid JSON: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // Utf8JsonReader.GetString reports unpaired surrogates and invalid UTF-8 inside strings this way.
            throw new ModelFormatException(
                ModelFormatError.HeaderInvalid, path, $"the header holds text that is not valid UTF-8: {exception.Message}", exception);
        }

        header.CheckCoverage(dataLength);
        return header;
    }

    private void Read(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw Invalid("the header does not start with '{'");
        }

        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 4 });
        reader.Read();
        bool metadataSeen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == "__metadata__")
            {
                if (metadataSeen)
                {
                    throw new ModelFormatException(ModelFormatError.DuplicateName, _path, "'__metadata__' occurs twice");
                }

                metadataSeen = true;
                ReadMetadata(ref reader);
            }
            else
            {
                SafetensorsTensorInfo tensor = ReadTensor(ref reader, name);
                if (!Tensors.TryAdd(name, tensor))
                {
                    throw new ModelFormatException(ModelFormatError.DuplicateName, _path, name, "the name occurs twice");
                }
            }
        }

        // Trailing spaces are the format's padding; anything else makes the reader throw here.
        while (reader.Read())
        {
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        // The reference implementation reads an optional field, so writers exist that say null.
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid("'__metadata__' is not an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw Invalid($"metadata '{key}' is not a string");
            }

            if (!Metadata.TryAdd(key, reader.GetString()!))
            {
                throw new ModelFormatException(ModelFormatError.DuplicateName, _path, $"metadata '{key}' occurs twice");
            }
        }
    }

    private SafetensorsTensorInfo ReadTensor(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid("its header entry is not an object", name);
        }

        string? typeName = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            reader.Read();
            switch (field)
            {
                case "dtype" when typeName is null && reader.TokenType == JsonTokenType.String:
                    typeName = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadIntegers(ref reader, name, field, MaxRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadIntegers(ref reader, name, field, 2);
                    break;
                default:
                    throw Invalid($"field '{field}' is unknown, repeated or of the wrong type", name);
            }
        }

        if (typeName is null || shape is null || offsets is not { Count: 2 })
        {
            throw Invalid("needs 'dtype', 'shape' and 'data_offsets' with two numbers", name);
        }

        return Check(name, typeName, shape, offsets[0], offsets[1]);
    }

    private SafetensorsTensorInfo Check(string name, string typeName, List<long> shape, long begin, long end)
    {
        if (!SafetensorsDataTypes.TryParse(typeName, out SafetensorsDataType type))
        {
            throw new ModelFormatException(ModelFormatError.DataTypeUnsupported, _path, name, $"element type '{typeName}' is unknown");
        }

        long elements = 1;
        int[] extents = new int[shape.Count];
        for (int i = 0; i < extents.Length; i++)
        {
            long extent = shape[i];
            if (extent > int.MaxValue)
            {
                throw ShapeInvalid(name, $"extent {extent} is larger than {int.MaxValue}");
            }

            extents[i] = (int)extent;
            if (extent != 0 && elements > long.MaxValue / extent / 8)
            {
                throw ShapeInvalid(name, "the number of bytes overflows 64 bits");
            }

            elements *= extent;
        }

        if (begin > end)
        {
            throw new ModelFormatException(ModelFormatError.OffsetsInvalid, _path, name, $"its data ends at {end}, before it begins at {begin}");
        }

        long expected = elements * SafetensorsDataTypes.SizeOf(type);
        return end - begin == expected
            ? new SafetensorsTensorInfo(name, type, extents, elements, begin)
            : throw ShapeInvalid(
                name, $"shape {SafetensorsTensorInfo.FormatShape(extents)} of {typeName} needs {expected} bytes, the offsets give {end - begin}");
    }

    private void CheckCoverage(long dataLength)
    {
        long position = 0;
        foreach (SafetensorsTensorInfo tensor in Tensors.Values.OrderBy(t => t.Offset).ThenBy(t => t.ByteLength))
        {
            if (tensor.Offset != position)
            {
                throw new ModelFormatException(
                    ModelFormatError.OffsetsInvalid,
                    _path,
                    tensor.Name,
                    $"its data begins at {tensor.Offset}, {(tensor.Offset < position ? "inside the data of another tensor" : "after a hole")}; expected {position}");
            }

            // Cannot overflow: every tensor lies inside the file up to the first fault, and offsets are contiguous.
            position = tensor.Offset + tensor.ByteLength;
            if (position > dataLength)
            {
                throw new ModelFormatException(
                    ModelFormatError.Truncated, _path, tensor.Name, $"its data ends at {position}, the file holds {dataLength} bytes of data");
            }
        }

        if (position != dataLength)
        {
            throw new ModelFormatException(
                ModelFormatError.OffsetsInvalid, _path, $"{dataLength - position} bytes after the last tensor belong to no tensor");
        }
    }

    private List<long> ReadIntegers(ref Utf8JsonReader reader, string name, string field, int maxCount)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Invalid($"'{field}' is not an array", name);
        }

        List<long> values = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long value) || value < 0)
            {
                throw Invalid($"'{field}' holds something other than non-negative whole numbers", name);
            }

            if (values.Count == maxCount)
            {
                throw Invalid($"'{field}' holds more than {maxCount} numbers", name);
            }

            values.Add(value);
        }

        return values;
    }

    private ModelFormatException Invalid(string reason, string? tensor = null) =>
        new(ModelFormatError.HeaderInvalid, _path, tensor, reason);

    private ModelFormatException ShapeInvalid(string tensor, string reason) =>
        new(ModelFormatError.ShapeInvalid, _path, tensor, reason);
}
