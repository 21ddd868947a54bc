namespace OpenLedger.Lora.Training.Autograd;

/// <summary>What went wrong while the native libraries of TorchSharp were loaded.</summary>
public enum TorchRuntimeError
{
    /// <summary>A native library is in none of the searched folders. Usual remedy: reference <c>libtorch-cpu-linux-x64</c> in the application.</summary>
    LibraryMissing = 1,

    /// <summary>A library was found, and the system's loader refused it for a reason this package does not work around.</summary>
    LoaderRefused = 2,

    /// <summary>
    /// The system's libstdc++ is too old, and the library is not of the one shape that can be adjusted safely. Remedy: a libstdc++ of GCC 13 or newer.
    /// </summary>
    LibraryNotAdjustable = 3,

    /// <summary>The adjusted copy could not be written or read in any folder tried.</summary>
    CopyNotWritable = 4,
}
