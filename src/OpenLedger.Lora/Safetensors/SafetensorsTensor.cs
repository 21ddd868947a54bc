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

    /// <summary>
    /// Element type on disk: <see cref="SafetensorsDataType.F32"/> or <see cref="SafetensorsDataType.BF16"/>; any type where the tensor
    /// comes from <see cref="FromBytes"/>.
    /// </summary>
    /// <value><see cref="SafetensorsDataType.F32"/></value>
    public SafetensorsDataType DataType { get; init; } = SafetensorsDataType.F32;

    /// <summary>The encoded elements of a tensor from <see cref="FromBytes"/>, which has no <see cref="Values"/>.</summary>
    internal ReadOnlyMemory<byte>? Bytes { get; init; }

    /// <summary>A tensor of any type from its bytes as the file shall hold them.</summary>
    /// <param name="name">Name, unique in the file.</param>
    /// <param name="shape">Extents, outermost first.</param>
    /// <param name="dataType">Element type.</param>
    /// <param name="bytes">Little-endian, row-major elements that fill the shape. Not copied: leave them unchanged until the file is written.</param>
    /// <returns>The tensor; its <see cref="Values"/> are empty.</returns>
    public static SafetensorsTensor FromBytes(string name, IReadOnlyList<int> shape, SafetensorsDataType dataType, ReadOnlyMemory<byte> bytes) =>
        new() { Name = name, Shape = shape, Values = default, DataType = dataType, Bytes = bytes };
}
