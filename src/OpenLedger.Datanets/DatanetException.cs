using OpenLedger.Datanets.Access;

namespace OpenLedger.Datanets;

/// <summary>The one exception of this package for faults of the world; mistakes of the caller are <see cref="ArgumentException"/>s.</summary>
public sealed class DatanetException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="message">One line that names the place, the value and the remedy.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    public DatanetException(DatanetError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>What went wrong.</summary>
    public DatanetError Error { get; }

    /// <summary>The 1-based line of the file at fault, where one is known.</summary>
    public long? LineNumber { get; init; }

    /// <summary>Why access was denied, where the error is <see cref="DatanetError.AccessDenied"/>.</summary>
    public AccessDenial? Denial { get; init; }

    /// <summary>The 0-based byte of the file at fault, where one is known.</summary>
    public long? BytePosition { get; init; }
}
