using System.Runtime.Versioning;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Training.Tests.Autograd.Native;

[SupportedOSPlatform("linux")]
public sealed class CachedCopyTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))];

    private readonly TemporaryFolder _folder = new();

    public CachedCopyTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "file modes are Unix");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_FirstTime_MakesAPrivateFolderAndFile()
    {
        string path = new CachedCopy(_folder.File("a", "b")).Write("lib.so", Content);

        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(["lib.so"], Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_SecondTime_ReusesTheFile()
    {
        CachedCopy place = new(_folder.Path);
        DateTime old = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        string path = place.Write("lib.so", Content);
        File.SetLastWriteTimeUtc(path, old);

        Assert.Equal(path, place.Write("lib.so", Content));
        Assert.Equal(old, File.GetLastWriteTimeUtc(path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2500)]
    [InlineData(4999)]
    public void Write_FileTamperedWith_IsReplaced(int at)
    {
        CachedCopy place = new(_folder.Path);
        string path = place.Write("lib.so", Content);
        byte[] tampered = [.. Content];
        tampered[at] ^= 1;
        File.WriteAllBytes(path, tampered);

        Assert.Equal(Content, File.ReadAllBytes(place.Write("lib.so", Content)));
    }

    [Fact]
    public void Write_FileTruncatedOrALink_IsReplacedByAPlainFile()
    {
        CachedCopy place = new(_folder.Path);
        string path = place.Write("lib.so", Content);
        File.WriteAllBytes(path, Content[..100]);
        Assert.Equal(Content, File.ReadAllBytes(place.Write("lib.so", Content)));

        string elsewhere = _folder.File("elsewhere");
        File.WriteAllBytes(elsewhere, Content);
        File.Delete(path);
        File.CreateSymbolicLink(path, elsewhere);
        place.Write("lib.so", Content);
        Assert.Null(new FileInfo(path).LinkTarget);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    public void Write_FolderOpenToOthers_IsRefused(UnixFileMode open)
    {
        CachedCopy place = new(_folder.Path);
        string parent = Path.GetDirectoryName(place.Write("lib.so", Content))!;
        File.SetUnixFileMode(parent, File.GetUnixFileMode(parent) | open);

        Assert.Throws<IOException>(() => place.Write("lib.so", Content));
    }

    [Fact]
    public void Write_FolderIsALink_IsRefused()
    {
        CachedCopy place = new(_folder.Path);
        string parent = Path.GetDirectoryName(place.Write("lib.so", Content))!;
        Directory.Move(parent, _folder.File("moved"));
        Directory.CreateSymbolicLink(parent, _folder.File("moved"));

        Assert.Throws<IOException>(() => place.Write("lib.so", Content));
    }

    [Fact]
    public void Write_OtherContent_LiesElsewhere()
    {
        CachedCopy place = new(_folder.Path);

        Assert.NotEqual(place.Write("lib.so", Content), place.Write("lib.so", Content[1..]));
    }
}
