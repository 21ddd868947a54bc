namespace OpenLedger.Attribution;

/// <summary>A fault of the world that attribution met: outside data that is not what it claims to be.</summary>
public sealed class AttributionException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="message">The fault, with the value and the legal range.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public AttributionException(AttributionError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>What went wrong.</summary>
    public AttributionError Error { get; }
}
