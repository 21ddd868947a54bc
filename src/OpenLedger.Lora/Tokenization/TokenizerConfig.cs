namespace OpenLedger.Lora.Tokenization;

/// <summary>What is needed of <c>tokenizer_config.json</c>.</summary>
internal sealed record TokenizerConfig
{
    public SpecialTokenNames Roles { get; init; } = new();

    /// <summary>The class of the Python library, which implies the word pattern where there is no <c>tokenizer.json</c>.</summary>
    public string? TokenizerClass { get; init; }

    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];
}
