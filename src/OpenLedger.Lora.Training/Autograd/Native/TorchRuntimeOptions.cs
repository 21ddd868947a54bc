namespace OpenLedger.Lora.Training.Autograd;

/// <summary>Where <see cref="TorchRuntime"/> looks, where it may write, and whom it tells. Immutable.</summary>
public sealed record TorchRuntimeOptions
{
    /// <summary>Gets folders searched before the usual ones (application folder, its <c>runtimes/&lt;rid&gt;/native</c>, the host's native search path).</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<string> SearchDirectories { get; init; } = [];

    /// <summary>
    /// Gets the folder for the adjusted copy, should one be needed. It is created with access for its owner only, and used only when it is private.
    /// </summary>
    /// <value>Default: <c>OpenLedger/native</c> below the user's local application data; a fresh temporary folder where that cannot be used.</value>
    public string? CacheDirectory { get; init; }

    /// <summary>Gets the receiver of the one line that is written when an adjusted copy is loaded. Called at most once per process.</summary>
    /// <value>Default: nobody.</value>
    public Action<string>? Log { get; init; }
}
