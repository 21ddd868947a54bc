namespace OpenLedger.Lora;

/// <summary>A model, adapter, template or tensor file cannot be used as it is; tokenizer files have <see cref="Tokenization.TokenizerFormatException"/>.</summary>
/// <remarks>Caller mistakes throw the <see cref="ArgumentException"/> family; disk faults throw <see cref="IOException"/>.</remarks>
public sealed class ModelFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">The kind of fault.</param>
    /// <param name="filePath">The file or folder at fault.</param>
    /// <param name="reason">What is wrong, and the remedy where there is one.</param>
    /// <param name="innerException">The cause, if another exception revealed the fault.</param>
    public ModelFormatException(ModelFormatError error, string filePath, string reason, Exception? innerException = null)
        : this(error, filePath, null, reason, innerException)
    {
    }

    /// <summary>Creates the exception for one tensor.</summary>
    /// <param name="error">The kind of fault.</param>
    /// <param name="filePath">The file or folder at fault.</param>
    /// <param name="tensorName">The tensor at fault, or <see langword="null"/>.</param>
    /// <param name="reason">What is wrong, and the remedy where there is one.</param>
    /// <param name="innerException">The cause, if another exception revealed the fault.</param>
    public ModelFormatException(
        ModelFormatError error, string filePath, string? tensorName, string reason, Exception? innerException = null)
        : base(tensorName is null ? $"'{filePath}': {reason}" : $"'{filePath}', tensor '{tensorName}': {reason}", innerException)
    {
        Error = error;
        FilePath = filePath;
        TensorName = tensorName;
    }

    /// <summary>The kind of fault.</summary>
    public ModelFormatError Error { get; }

    /// <summary>The file or folder at fault, as the caller named it.</summary>
    public string FilePath { get; }

    /// <summary>The tensor at fault, or <see langword="null"/> where the fault concerns the whole file.</summary>
    public string? TensorName { get; }

    /// <summary>Builds one exception from every fault found, one per line.</summary>
    internal static ModelFormatException FromFaults(ModelFormatError error, string filePath, string heading, IReadOnlyList<string> faults) =>
        new(error, filePath, $"{heading}\n  - {string.Join("\n  - ", faults)}");
}
