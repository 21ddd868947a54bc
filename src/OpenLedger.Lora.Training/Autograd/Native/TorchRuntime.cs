namespace OpenLedger.Lora.Training.Autograd;

/// <summary>
/// Brings the native libraries of TorchSharp into the process, before the first touch of <c>TorchSharp.torch</c>.
/// </summary>
/// <remarks>
/// <para>TorchSharp 0.107.0 asks libstdc++ for the symbol version <c>GLIBCXX_3.4.32</c> (GCC 13), for one function that a process which already
/// uses iostreams does not need. Debian 12 and Ubuntu 22.04 have an older libstdc++, whose loader refuses the library. In exactly that case
/// a private copy without this demand is loaded, and one log line says so. Nothing is ever written where the library loads as shipped,
/// and never into the package cache.</para>
/// <para>Loaded either way, TorchSharp 0.107.0 turns native errors into <see cref="System.Runtime.InteropServices.ExternalException"/>, with holes of its
/// own: <c>torch.matmul</c>, <c>torch.autograd.grad</c> and about eighty other exports have no catch block, and an error inside them (a wrong shape, say)
/// ends the process. Check shapes first, or use <c>mm</c> and <c>bmm</c>.</para>
/// <para>Only Linux is handled; elsewhere TorchSharp loads its library as always.</para>
/// <para>Thread-safe. The first successful call decides; later calls return its status and ignore their options. A failed call may be repeated.</para>
/// </remarks>
public static class TorchRuntime
{
    private static readonly Lock Gate = new();
    private static TorchRuntimeStatus? s_status;

    /// <summary>Loads the native libraries once per process.</summary>
    /// <param name="options">Search folders, cache folder and log receiver; <see langword="null"/> for the defaults.</param>
    /// <returns>How the library was loaded.</returns>
    /// <exception cref="TorchRuntimeException">A library is missing, the loader refused one, or the adjusted copy could not be made.</exception>
    public static TorchRuntimeStatus EnsureLoaded(TorchRuntimeOptions? options = null)
    {
        lock (Gate)
        {
            return s_status ??= Load(options ?? new TorchRuntimeOptions());
        }
    }

    private static TorchRuntimeStatus Load(TorchRuntimeOptions options) =>
        OperatingSystem.IsLinux()
            ? new LinuxTorchLoader(options, NativeSearchPath.ForThisProcess(options.SearchDirectories)).Load()
            : new TorchRuntimeStatus { Loading = TorchRuntimeLoading.LeftToTorchSharp };
}
