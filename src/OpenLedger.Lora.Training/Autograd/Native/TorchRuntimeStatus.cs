namespace OpenLedger.Lora.Training.Autograd;

/// <summary>What <see cref="TorchRuntime.EnsureLoaded"/> found and did. Immutable.</summary>
public sealed record TorchRuntimeStatus
{
    /// <summary>Gets how the library was loaded.</summary>
    public required TorchRuntimeLoading Loading { get; init; }

    /// <summary>Gets the <c>libLibTorchSharp.so</c> that the package shipped, or <see langword="null"/> where loading was left to TorchSharp.</summary>
    public string? ShippedLibrary { get; init; }

    /// <summary>
    /// Gets the file that was loaded: the shipped one, or the adjusted copy (which may be deleted already when it lay in the temporary folder);
    /// <see langword="null"/> where loading was left to TorchSharp.
    /// </summary>
    public string? LoadedLibrary { get; init; }
}
