namespace OpenLedger.Lora.Tokenization;

/// <summary>What is needed of <c>tokenizer_config.json</c>.</summary>
internal sealed record TokenizerConfig
{
    // Classes whose program code adds the begin token unless the file says otherwise.
    private static readonly string[] AddingClasses = ["LlamaTokenizer", "LlamaTokenizerFast", "GemmaTokenizer", "GemmaTokenizerFast", "CodeLlamaTokenizer"];

    public SpecialTokenNames Roles { get; init; } = new();

    /// <summary>The class of the Python library, which implies the word pattern where there is no <c>tokenizer.json</c>.</summary>
    public string? TokenizerClass { get; init; }

    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    /// <summary><c>add_bos_token</c>, or null.</summary>
    public bool? BeginTokenFlag { get; init; }

    public bool AddsBeginToken => BeginTokenFlag ?? AddingClasses.Contains(TokenizerClass);

    /// <summary><c>add_eos_token</c>.</summary>
    public bool AddsEndToken { get; init; }

    /// <summary><c>num_image_tokens</c>: by how much ChatGLM-6B shifts its text ids.</summary>
    public int ImageTokenCount { get; init; }
}
