using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace OpenLedger.Lora.Training.Autograd;

/// <summary>
/// A copy that later processes find again, in <c>&lt;root&gt;/&lt;first 32 hex digits of its SHA-256&gt;/</c>. It is compared byte for byte before every use,
/// and replaced by rename, so that neither a torn write nor a second process can leave half a library.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class CachedCopy(string root) : IAdjustedCopyPlace
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public string Description => $"cache folder '{root}'";

    public string Write(string fileName, byte[] content)
    {
        string folder = Path.Combine(root, Convert.ToHexStringLower(SHA256.HashData(content))[..32]);
        Directory.CreateDirectory(folder, Private);
        FileAttributes attributes = File.GetAttributes(folder);
        if ((attributes & FileAttributes.ReparsePoint) != 0 || (File.GetUnixFileMode(folder) & Others) != 0)
        {
            // What others may write to, they may exchange between the comparison and the load.
            throw new IOException($"'{folder}' is a link or open to other users (expected mode 0700)");
        }

        string path = Path.Combine(folder, fileName);
        if (!Holds(path, content))
        {
            Replace(path, content);
        }

        return path;
    }

    public void Release()
    {
    }

    private static bool Holds(string path, byte[] content)
    {
        FileInfo file = new(path);
        return file.Exists && file.LinkTarget is null && file.Length == content.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);
    }

    private static void Replace(string path, byte[] content)
    {
        string unfinished = $"{path}.{Environment.ProcessId}-{Path.GetRandomFileName()}";
        try
        {
            FileStreamOptions options = new()
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using (FileStream stream = new(unfinished, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
