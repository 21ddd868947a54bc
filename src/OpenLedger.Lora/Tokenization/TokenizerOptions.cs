namespace OpenLedger.Lora.Tokenization;

/// <summary>What tokenizer files do not say.</summary>
public sealed record TokenizerOptions
{
    /// <summary>
    /// The family, needed for tiktoken ranks (they do not say how text is cut into words) and for ChatGLM files without their
    /// <c>tokenizer_config.json</c>.
    /// </summary>
    /// <value>Null by default: the files say it themselves.</value>
    public TokenizerFamily? Family { get; init; }

    internal void Validate()
    {
        if (Family is { } family && !Enum.IsDefined(family))
        {
            throw new ArgumentException($"{nameof(Family)} is {family}; it must be a named value of {nameof(TokenizerFamily)} or null.");
        }
    }
}
