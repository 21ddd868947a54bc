using System.Runtime.InteropServices;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Training.Tests.Reference;

/// <summary>Tensors of golden files that are no weights.</summary>
internal static class GoldenFileExtensions
{
    /// <summary>An I64 tensor of token ids.</summary>
    public static int[] Tokens(this SafetensorsFile file, string name) =>
        [.. MemoryMarshal.Cast<byte, long>(file.GetBytes(name)).ToArray().Select(token => checked((int)token))];

    /// <summary>An F64 tensor in full precision.</summary>
    public static double[] Doubles(this SafetensorsFile file, string name) => MemoryMarshal.Cast<byte, double>(file.GetBytes(name)).ToArray();
}
