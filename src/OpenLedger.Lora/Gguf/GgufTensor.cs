namespace OpenLedger.Lora.Gguf;

/// <summary>One tensor to be written.</summary>
public sealed record GgufTensor
{
    /// <summary>Name, unique in the file, 1 to 63 bytes of UTF-8 (ggml reads no longer ones).</summary>
    public required string Name { get; init; }

    /// <summary>Up to four extents, outermost first; their product equals the length of <see cref="Values"/>.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Row-major elements. Not copied: leave them unchanged until the file is written.</summary>
    public required ReadOnlyMemory<float> Values { get; init; }

    /// <summary>Storage type. The block types need a last extent that is a multiple of 32.</summary>
    /// <value><see cref="GgufTensorType.F32"/></value>
    public GgufTensorType Type { get; init; } = GgufTensorType.F32;
}
