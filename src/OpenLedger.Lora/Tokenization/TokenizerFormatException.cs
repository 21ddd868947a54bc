namespace OpenLedger.Lora.Tokenization;

/// <summary>The files of a tokenizer are missing, malformed, or need a component that is not implemented.</summary>
/// <remarks>Caller mistakes (a null argument, an id outside the vocabulary) are <see cref="ArgumentException"/>s instead.</remarks>
public sealed class TokenizerFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">The kind of fault.</param>
    /// <param name="message">One line that names the file, the field and the reason.</param>
    /// <param name="innerException">The fault below, where there is one.</param>
    public TokenizerFormatException(TokenizerFormatError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The kind of fault, for code that reacts to it.</summary>
    public TokenizerFormatError Error { get; }
}
