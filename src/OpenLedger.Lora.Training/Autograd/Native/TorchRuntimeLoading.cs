namespace OpenLedger.Lora.Training.Autograd;

/// <summary>How the native half of TorchSharp came into the process.</summary>
public enum TorchRuntimeLoading
{
    /// <summary>Not a Linux process: nothing was loaded or inspected here, TorchSharp loads its library by its own rules.</summary>
    LeftToTorchSharp = 0,

    /// <summary>The library loaded exactly as the package shipped it; nothing was written.</summary>
    AsShipped = 1,

    /// <summary>
    /// The system's libstdc++ lacks the symbol version <c>GLIBCXX_3.4.32</c>, and a private copy that does not insist on it was loaded instead.
    /// </summary>
    AdjustedCopy = 2,
}
