namespace OpenLedger.Lora.Safetensors;

/// <summary>Where one tensor lies in a safetensors file and what it is.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class SafetensorsTensorInfo
{
    private readonly int[] _shape;

    internal SafetensorsTensorInfo(string name, SafetensorsDataType dataType, int[] shape, long elementCount, long offset)
    {
        Name = name;
        DataType = dataType;
        _shape = shape;
        ElementCount = elementCount;
        Offset = offset;
    }

    /// <summary>Name of the tensor, unique in its file.</summary>
    public string Name { get; }

    /// <summary>Element type as stored.</summary>
    public SafetensorsDataType DataType { get; }

    /// <summary>Extents, outermost first; empty for a scalar. The data is row-major.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Product of <see cref="Shape"/>; 1 for a scalar.</summary>
    public long ElementCount { get; }

    /// <summary>Bytes the tensor occupies.</summary>
    public long ByteLength => ElementCount * SafetensorsDataTypes.SizeOf(DataType);

    /// <summary>First byte, counted from the end of the header.</summary>
    internal long Offset { get; }

    /// <summary>The shape as text, for example <c>[64, 172]</c>.</summary>
    /// <returns>Comma-separated extents in brackets.</returns>
    public string ShapeText() => FormatShape(_shape);

    internal static string FormatShape(ReadOnlySpan<int> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
