namespace OpenLedger.Lora.Training.Autograd;

/// <summary>The native libraries of TorchSharp could not be loaded. The message carries the loader's own words and the remedy.</summary>
public sealed class TorchRuntimeException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">The kind of failure.</param>
    /// <param name="message">The loader's words and the remedy.</param>
    /// <param name="innerException">The original failure, if there is one.</param>
    public TorchRuntimeException(TorchRuntimeError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Gets the kind of failure.</summary>
    public TorchRuntimeError Error { get; }
}
