using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace OpenLedger.Attribution.Tests.Reference;

/// <summary>Reads the F64 tensors of a trusted safetensors file; tests only.</summary>
internal sealed class GoldenTensors
{
    private readonly Dictionary<string, (int[] Shape, double[] Values)> _tensors = new(StringComparer.Ordinal);

    public GoldenTensors(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int headerLength = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file));
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, headerLength));
        foreach (JsonProperty entry in header.RootElement.EnumerateObject())
        {
            Assert.Equal("F64", entry.Value.GetProperty("dtype").GetString());
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32())];
            int[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(e => e.GetInt32())];
            ReadOnlySpan<byte> bytes = file.AsSpan(8 + headerLength + offsets[0], offsets[1] - offsets[0]);
            _tensors.Add(entry.Name, (shape, MemoryMarshal.Cast<byte, double>(bytes).ToArray()));
        }
    }

    public IReadOnlyList<string> NamesStartingWith(string prefix) =>
        [.. _tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public int[] Shape(string name) => _tensors[name].Shape;

    public double[] Values(string name) => _tensors[name].Values;
}
