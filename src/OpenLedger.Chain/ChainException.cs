namespace OpenLedger.Chain;

/// <summary>A fault of the world that the chain package met: a locked or damaged ledger, a rejected batch or claim, a malformed
/// file.</summary>
/// <remarks>
/// The message is one line and names the file or entry concerned. Mistakes of the caller are reported with the
/// <see cref="ArgumentException"/> family instead.
/// </remarks>
public sealed class ChainException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="message">One line that names the file or entry.</param>
    public ChainException(ChainError error, string message)
        : base(message) => Error = error;

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="message">One line that names the file or entry.</param>
    /// <param name="innerException">The cause.</param>
    public ChainException(ChainError error, string message, Exception? innerException)
        : base(message, innerException) => Error = error;

    /// <summary>What went wrong.</summary>
    public ChainError Error { get; }
}
