using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace OpenLedger.Lora.Training.Autograd;

/// <summary>
/// Loads libtorch and libLibTorchSharp by absolute path, in dependency order. The process keeps them: every later load by name, TorchSharp's
/// P/Invokes included, finds them by their soname. Not thread-safe; <see cref="TorchRuntime"/> holds the lock.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxTorchLoader
{
    private static readonly string[] TorchLibraries = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    private readonly TorchRuntimeOptions _options;
    private readonly IReadOnlyList<string> _folders;
    private readonly Action<string> _load;

    /// <param name="options">Cache folder and log receiver; its search folders are part of <paramref name="folders"/> already.</param>
    /// <param name="folders">Every folder to search, in order.</param>
    /// <param name="load">The system's loader; replaced in tests only, to play machines that the test does not run on.</param>
    public LinuxTorchLoader(TorchRuntimeOptions options, IReadOnlyList<string> folders, Action<string>? load = null)
    {
        _options = options;
        _folders = folders;
        _load = load ?? (static path => NativeLibrary.Load(path));
    }

    public TorchRuntimeStatus Load()
    {
        // All are looked up before the first is loaded: a missing file is reported before half a gigabyte is mapped.
        string[] torch = [.. TorchLibraries.Select(Find)];
        string bridge = Find(ElfVersionPatcher.BridgeLibrary);
        foreach (string library in torch)
        {
            LoadOrThrow(library);
        }

        try
        {
            _load(bridge);
        }
        catch (Exception exception) when (IsLoaderFailure(exception))
        {
            return IsMissingVersion(exception.Message)
                ? LoadAdjustedCopy(bridge, exception)
                : throw Refused(bridge, exception);
        }

        return new TorchRuntimeStatus { Loading = TorchRuntimeLoading.AsShipped, ShippedLibrary = bridge, LoadedLibrary = bridge };
    }

    /// <summary>
    /// Whether the loader's words name the one missing symbol version. glibc stops at the first version it misses and translates the sentence around
    /// the two names, so only the names are looked for.
    /// </summary>
    internal static bool IsMissingVersion(string loaderMessage) =>
        loaderMessage.Split('\n').Any(static line =>
            line.Contains(ElfVersionPatcher.MissingVersion, StringComparison.Ordinal)
            && line.Contains("libstdc++.so.6", StringComparison.Ordinal)
            && line.Contains(ElfVersionPatcher.BridgeLibrary, StringComparison.Ordinal));

    private static bool IsLoaderFailure(Exception exception) => exception is DllNotFoundException or BadImageFormatException;

    private TorchRuntimeStatus LoadAdjustedCopy(string bridge, Exception refusal)
    {
        byte[] adjusted = Adjust(bridge, refusal);
        List<string> failures = [];
        foreach (IAdjustedCopyPlace place in AdjustedCopy.Places(_options.CacheDirectory))
        {
            try
            {
                string copy;
                try
                {
                    copy = place.Write(ElfVersionPatcher.BridgeLibrary, adjusted);
                    _load(copy);
                }
                finally
                {
                    place.Release();
                }

                _options.Log?.Invoke(
                    $"The libstdc++ of this system lacks {ElfVersionPatcher.MissingVersion} (GCC 13), which '{bridge}' asks for; " +
                    $"loaded an adjusted private copy instead: '{copy}'.");
                return new TorchRuntimeStatus { Loading = TorchRuntimeLoading.AdjustedCopy, ShippedLibrary = bridge, LoadedLibrary = copy };
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException || IsLoaderFailure(exception))
            {
                // A home that is read-only or mounted noexec is ordinary: the next place is tried, and all reasons are told if none works.
                failures.Add($"{place.Description}: {exception.Message}");
            }
        }

        throw new TorchRuntimeException(
            TorchRuntimeError.CopyNotWritable,
            $"The libstdc++ of this system lacks {ElfVersionPatcher.MissingVersion}, and no adjusted copy of '{bridge}' could be loaded. Tried " +
            string.Join("; ", failures) +
            $". Set {nameof(TorchRuntimeOptions)}.{nameof(TorchRuntimeOptions.CacheDirectory)} to a private folder that allows executable files, or install a libstdc++ of GCC 13 or newer.",
            refusal);
    }

    private static byte[] Adjust(string bridge, Exception refusal)
    {
        try
        {
            return ElfVersionPatcher.Adjust(AdjustedCopy.ReadLibrary(bridge));
        }
        catch (TorchRuntimeException exception)
        {
            throw new TorchRuntimeException(
                exception.Error,
                $"{exception.Message} The loader said: {LoaderWords(refusal)} Remedy: install a libstdc++ of GCC 13 or newer (Debian 13, Ubuntu 24.04).",
                refusal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TorchRuntimeException(TorchRuntimeError.CopyNotWritable, $"'{bridge}' could not be read: {exception.Message}", exception);
        }
    }

    private void LoadOrThrow(string library)
    {
        try
        {
            _load(library);
        }
        catch (Exception exception) when (IsLoaderFailure(exception))
        {
            throw Refused(library, exception);
        }
    }

    private string Find(string library)
    {
        foreach (string folder in _folders)
        {
            string candidate = Path.Combine(folder, library);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        string remedy = RuntimeInformation.ProcessArchitecture == Architecture.X64
            ? library == ElfVersionPatcher.BridgeLibrary
                ? "Reference TorchSharp in the application, so that its native files reach the output folder."
                : "Reference the package libtorch-cpu-linux-x64 in the application (libraries do not bring it along)."
            : $"TorchSharp ships no Linux library for {RuntimeInformation.ProcessArchitecture}: train on x64, or put your own build into a folder of " +
              $"{nameof(TorchRuntimeOptions)}.{nameof(TorchRuntimeOptions.SearchDirectories)}. Inference with OpenLedger.Lora needs no native library.";
        throw new TorchRuntimeException(
            TorchRuntimeError.LibraryMissing,
            $"'{library}' is in none of the searched folders: {string.Join(", ", _folders.Select(static folder => $"'{folder}'"))}. {remedy}");
    }

    private static TorchRuntimeException Refused(string library, Exception exception) => new(
        TorchRuntimeError.LoaderRefused,
        $"The system's loader refused '{library}': {LoaderWords(exception)} " +
        "Remedy: a message that names another missing library asks for that system package; one about an ELF header or a short file means a damaged package " +
        "(restore it again); a missing GLIBC or GLIBCXX version means that the system is older than TorchSharp supports.",
        exception);

    /// <summary>The loader's sentences without the runtime's general advice in front of them.</summary>
    private static string LoaderWords(Exception exception)
    {
        string[] lines = exception.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] own = [.. lines.Where(static line => !line.StartsWith("Unable to load shared library", StringComparison.Ordinal)).Distinct()];
        string words = string.Join(" | ", own.Length == 0 ? lines : own);
        return words.EndsWith('.') ? words : words + ".";
    }
}
