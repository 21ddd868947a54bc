namespace OpenLedger.Lora.Gguf;

/// <summary>Where one tensor lies in a GGUF file and what it is.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class GgufTensorInfo
{
    private readonly int[] _shape;

    internal GgufTensorInfo(string name, GgufTensorTypes.Layout layout, int[] shape, long elementCount, long offset)
    {
        Name = name;
        Type = layout.Type;
        TypeName = layout.Name;
        _shape = shape;
        ElementCount = elementCount;
        ByteLength = elementCount / layout.BlockLength * layout.BlockBytes;
        Offset = offset;
    }

    /// <summary>Name of the tensor, unique in its file, for example <c>blk.0.attn_q.weight</c>.</summary>
    public string Name { get; }

    /// <summary>Storage type; <see cref="GgufTensorType.Other"/> for types that are not converted.</summary>
    public GgufTensorType Type { get; }

    /// <summary>ggml's name of the storage type, for example <c>q4_K</c>.</summary>
    public string TypeName { get; }

    /// <summary>Extents, outermost first, so that the data is row-major: GGUF stores them the other way round. Empty for a scalar.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Product of <see cref="Shape"/>; 1 for a scalar.</summary>
    public long ElementCount { get; }

    /// <summary>Bytes the tensor occupies.</summary>
    public long ByteLength { get; }

    /// <summary>First byte, counted from the start of the data section.</summary>
    internal long Offset { get; }

    /// <summary>The shape as text, for example <c>[64, 172]</c>.</summary>
    /// <returns>Comma-separated extents in brackets.</returns>
    public string ShapeText() => $"[{string.Join(", ", _shape)}]";
}
