using System.Runtime.Versioning;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Training.Tests.Autograd.Native;

/// <summary>The decisions of the loader, with a played system loader where this machine would decide otherwise.</summary>
[SupportedOSPlatform("linux")]
public sealed class LinuxTorchLoaderTests : IDisposable
{
    private const string VersionRefusal =
        "Unable to load shared library '{0}' or one of its dependencies. In order to help diagnose loading problems, consider using a tool like strace.\n" +
        "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by {0})\n";

    private static readonly string[] Libraries = ["libc10.so", "libtorch_cpu.so", "libtorch.so", "libLibTorchSharp.so"];

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _loaded = [];
    private readonly List<string> _log = [];

    public LinuxTorchLoaderTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "the loader is for Linux");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_EverythingAcceptedAsShipped_WritesAndLogsNothing()
    {
        TorchRuntimeStatus status = Loader(_ => { }).Load();

        Assert.Equal(TorchRuntimeLoading.AsShipped, status.Loading);
        Assert.Equal(Libraries, _loaded.Select(Path.GetFileName));
        Assert.Equal(_folder.File("libLibTorchSharp.so"), status.LoadedLibrary);
        Assert.Empty(_log);
        Assert.False(Directory.Exists(_folder.File("cache")));
    }

    [Fact]
    public void Load_OnlyTheVersionIsMissing_LoadsAnAdjustedCopyAndLogsOneLine()
    {
        byte[] shipped = new ElfLibraryBuilder().Build();

        TorchRuntimeStatus status = Loader(RefuseShipped, shipped).Load();

        Assert.Equal(TorchRuntimeLoading.AdjustedCopy, status.Loading);
        Assert.Equal(_folder.File("libLibTorchSharp.so"), status.ShippedLibrary);
        Assert.Equal(shipped, File.ReadAllBytes(status.ShippedLibrary!));
        Assert.Equal(ElfVersionPatcher.Adjust(shipped), File.ReadAllBytes(status.LoadedLibrary!));
        Assert.StartsWith(_folder.File("cache"), status.LoadedLibrary, StringComparison.Ordinal);
        Assert.Equal([.. Libraries, "libLibTorchSharp.so"], _loaded.Select(Path.GetFileName));
        string line = Assert.Single(_log);
        Assert.Contains("GLIBCXX_3.4.32", line, StringComparison.Ordinal);
        Assert.Contains(status.LoadedLibrary!, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void Load_CacheFolderOpenToOthers_UsesATemporaryFolderAndRemovesIt()
    {
        LinuxTorchLoader first = Loader(RefuseShipped);
        string cached = first.Load().LoadedLibrary!;
        File.SetUnixFileMode(Path.GetDirectoryName(cached)!, (UnixFileMode)0b111_111_111);

        TorchRuntimeStatus status = Loader(RefuseShipped).Load();

        Assert.Equal(TorchRuntimeLoading.AdjustedCopy, status.Loading);
        Assert.StartsWith(Path.GetTempPath(), status.LoadedLibrary, StringComparison.Ordinal);
        Assert.False(status.LoadedLibrary!.StartsWith(_folder.File("cache"), StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.GetDirectoryName(status.LoadedLibrary)));
    }

    [Fact]
    public void Load_AdjustedCopyRefusedEverywhere_TellsEveryReason()
    {
        TorchRuntimeException exception = Assert.Throws<TorchRuntimeException>(() => Loader(path =>
        {
            RefuseShipped(path);
            if (Path.GetFileName(path) == "libLibTorchSharp.so")
            {
                throw new DllNotFoundException($"{path}: failed to map segment from shared object");
            }
        }).Load());

        Assert.Equal(TorchRuntimeError.CopyNotWritable, exception.Error);
        Assert.Contains("cache folder", exception.Message, StringComparison.Ordinal);
        Assert.Contains("temporary folder", exception.Message, StringComparison.Ordinal);
        Assert.Contains("failed to map segment", exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(TorchRuntimeOptions.CacheDirectory), exception.Message, StringComparison.Ordinal);
        Assert.Empty(_log);
    }

    [Theory]
    [InlineData("/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by {0})")]
    [InlineData("/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /opt/libother.so)")]
    [InlineData("libgomp.so.1: cannot open shared object file: No such file or directory")]
    [InlineData("/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by {0})")]
    public void Load_AnyOtherRefusal_IsReportedInTheLoadersWordsAndNothingIsPatched(string words)
    {
        TorchRuntimeException exception = Assert.Throws<TorchRuntimeException>(() => Loader(path =>
        {
            if (Path.GetFileName(path) == "libLibTorchSharp.so")
            {
                throw new DllNotFoundException(words.Replace("{0}", path, StringComparison.Ordinal));
            }
        }).Load());

        Assert.Equal(TorchRuntimeError.LoaderRefused, exception.Error);
        Assert.Contains(words.Replace("{0}", _folder.File("libLibTorchSharp.so"), StringComparison.Ordinal), exception.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("cache")));
    }

    [Fact]
    public void Load_LibraryOfAnotherShape_IsRefusedWithBothReasons()
    {
        byte[] needed = new ElfLibraryBuilder { OtherSymbolOfVersion = "_ZNSt7__sort" }.Build();

        TorchRuntimeException exception = Assert.Throws<TorchRuntimeException>(() => Loader(RefuseShipped, needed).Load());

        Assert.Equal(TorchRuntimeError.LibraryNotAdjustable, exception.Error);
        Assert.Contains("_ZNSt7__sort", exception.Message, StringComparison.Ordinal);
        Assert.Contains("version `GLIBCXX_3.4.32' not found", exception.Message, StringComparison.Ordinal);
        Assert.Contains("GCC 13", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libc10.so", "libtorch-cpu-linux-x64")]
    [InlineData("libtorch_cpu.so", "libtorch-cpu-linux-x64")]
    [InlineData("libLibTorchSharp.so", "Reference TorchSharp")]
    public void Load_LibraryMissing_NamesItTheFoldersAndThePackageBeforeAnythingIsLoaded(string missing, string remedy)
    {
        LinuxTorchLoader loader = Loader(_ => { });
        File.Delete(_folder.File(missing));

        TorchRuntimeException exception = Assert.Throws<TorchRuntimeException>(loader.Load);

        Assert.Equal(TorchRuntimeError.LibraryMissing, exception.Error);
        Assert.StartsWith($"'{missing}' is in none of the searched folders: '{_folder.Path}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, exception.Message, StringComparison.Ordinal);
        Assert.Empty(_loaded);
    }

    [Fact]
    public void Load_DamagedFileWithTheRealLoader_GivesTheRealLoaderError()
    {
        foreach (string library in Libraries)
        {
            File.WriteAllText(_folder.File(library), "this is no library, only a text of some length that is longer than an ELF header");
        }

        TorchRuntimeException exception = Assert.Throws<TorchRuntimeException>(
            () => new LinuxTorchLoader(new TorchRuntimeOptions(), [_folder.Path]).Load());

        Assert.Equal(TorchRuntimeError.LoaderRefused, exception.Error);
        Assert.Contains($"{_folder.File("libc10.so")}: invalid ELF header", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/usr/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /a/libLibTorchSharp.so)", true)]
    [InlineData("/usr/lib/libstdc++.so.6: Version »GLIBCXX_3.4.32« nicht gefunden (benötigt von /a/libLibTorchSharp.so)", true)]
    [InlineData("/usr/lib/libstdc++.so.6: version `GLIBCXX_3.4.31' not found (required by /a/libLibTorchSharp.so)", false)]
    [InlineData("libLibTorchSharp.so: nothing\nlibstdc++.so.6: other\nGLIBCXX_3.4.32", false)]
    [InlineData("", false)]
    public void IsMissingVersion_LoaderSentence_IsUnderstood(string message, bool expected) =>
        Assert.Equal(expected, LinuxTorchLoader.IsMissingVersion(message));

    private void RefuseShipped(string path)
    {
        if (path == _folder.File("libLibTorchSharp.so"))
        {
            throw new DllNotFoundException(VersionRefusal.Replace("{0}", path, StringComparison.Ordinal));
        }
    }

    private LinuxTorchLoader Loader(Action<string> load, byte[]? bridge = null)
    {
        foreach (string library in Libraries)
        {
            File.WriteAllBytes(_folder.File(library), []);
        }

        File.WriteAllBytes(_folder.File("libLibTorchSharp.so"), bridge ?? new ElfLibraryBuilder().Build());
        return new LinuxTorchLoader(
            new TorchRuntimeOptions { CacheDirectory = _folder.File("cache"), Log = _log.Add },
            [_folder.Path],
            path =>
            {
                _loaded.Add(path);
                load(path);
            });
    }
}
