using System.IO.Compression;
using System.Text.Json;
using OpenLedger.Testing;

namespace OpenLedger.Chain.Tests.Reference;

/// <summary>Reads the published vectors.</summary>
internal static class JsonVectors
{
    public static JsonElement Read(string relativePath)
    {
        using FileStream file = File.OpenRead(RealData.Require(relativePath));
        using Stream stream = relativePath.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using JsonDocument document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    public static byte[] Bytes(this JsonElement element) => Convert.FromHexString(element.GetString()!.AsSpan(2));

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
