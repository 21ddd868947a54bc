namespace OpenLedger.Lora.Safetensors;

/// <summary>One tensor to be written.</summary>
public sealed record SafetensorsTensor
{
    /// <summary>Name, unique in the file.</summary>
    public required string Name { get; init; }

    /// <summary>Extents, outermost first; their product equals the length of <see cref="Values"/>.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Row-major elements. Not copied: leave them unchanged until the file is written.</summary>
    public required ReadOnlyMemory<float> Values { get; init; }

    /// <summary>Element type on disk: <see cref="SafetensorsDataType.F32"/> or <see cref="SafetensorsDataType.BF16"/>.</summary>
    /// <value><see cref="SafetensorsDataType.F32"/></value>
    public SafetensorsDataType DataType { get; init; } = SafetensorsDataType.F32;
}
