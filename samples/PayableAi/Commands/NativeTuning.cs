using System.Runtime.InteropServices;

namespace PayableAi.Commands;

/// <summary>Two settings of the process that libtorch needs on a small Linux machine, made before it is loaded.</summary>
internal static class NativeTuning
{
    private const int ArenaMax = -8; // M_ARENA_MAX of glibc's malloc.h

    /// <summary>
    /// Waiting OpenMP threads sleep instead of spinning (they slow everything down where cores are shared), and malloc keeps two arenas:
    /// with one per thread, each pool thread that ran a training step would keep its own gigabyte.
    /// </summary>
    public static void Apply()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out IntPtr libc) && NativeLibrary.TryGetExport(libc, "mallopt", out _))
        {
            _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
            _ = SetMallocOption(ArenaMax, 2);
        }
    }

    // .NET's own SetEnvironmentVariable does not reach native code.
    [DllImport("libc.so.6", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment([MarshalAs(UnmanagedType.LPStr)] string name, [MarshalAs(UnmanagedType.LPStr)] string value, int overwrite);

    [DllImport("libc.so.6", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetMallocOption(int option, int value);
}
