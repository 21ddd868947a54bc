using System.Runtime.Versioning;

namespace OpenLedger.Lora.Training.Autograd;

/// <summary>Reads the shipped library, and lists the places where its adjusted copy may lie.</summary>
internal static class AdjustedCopy
{
    /// <summary>libLibTorchSharp.so has 2.4 MB; a file much larger is something else.</summary>
    public const long MaxLibraryBytes = 64L << 20;

    public static byte[] ReadLibrary(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > MaxLibraryBytes)
        {
            throw new TorchRuntimeException(
                TorchRuntimeError.LibraryNotAdjustable,
                $"'{path}' has {stream.Length} bytes, more than the {MaxLibraryBytes} that are read for adjusting.");
        }

        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    [SupportedOSPlatform("linux")]
    public static IEnumerable<IAdjustedCopyPlace> Places(string? cacheDirectory)
    {
        string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (cacheDirectory is not null)
        {
            yield return new CachedCopy(Path.GetFullPath(cacheDirectory));
        }
        else if (Path.IsPathRooted(local))
        {
            yield return new CachedCopy(Path.Combine(local, "OpenLedger", "native"));
        }

        yield return new TemporaryCopy();
    }
}
