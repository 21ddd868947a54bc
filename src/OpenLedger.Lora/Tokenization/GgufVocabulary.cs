namespace OpenLedger.Lora.Tokenization;

/// <summary>The <c>tokenizer.ggml.*</c> values of a GGUF file, by the names of its specification; null where the file has none.</summary>
internal sealed record GgufVocabulary
{
    /// <summary>Where it came from, for messages.</summary>
    public required string Source { get; init; }

    /// <summary><c>model</c>: <c>llama</c> or <c>gpt2</c>.</summary>
    public required string Model { get; init; }

    /// <summary><c>tokens</c>, by id.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary><c>scores</c>.</summary>
    public IReadOnlyList<float>? Scores { get; init; }

    /// <summary><c>token_type</c>, with the numbers of SentencePiece, and 0 for a slot that is not in use.</summary>
    public IReadOnlyList<int>? TokenTypes { get; init; }

    /// <summary><c>merges</c>.</summary>
    public IReadOnlyList<string>? Merges { get; init; }

    /// <summary><c>pre</c>: the word pattern.</summary>
    public string? PreTokenizer { get; init; }

    /// <summary><c>bos_token_id</c>.</summary>
    public int? BeginToken { get; init; }

    /// <summary><c>eos_token_id</c>.</summary>
    public int? EndToken { get; init; }

    /// <summary><c>eot_token_id</c>.</summary>
    public int? EndOfTurnToken { get; init; }

    /// <summary><c>padding_token_id</c>.</summary>
    public int? PaddingToken { get; init; }

    /// <summary><c>add_bos_token</c>.</summary>
    public bool? AddsBeginToken { get; init; }

    /// <summary><c>add_eos_token</c>.</summary>
    public bool? AddsEndToken { get; init; }

    /// <summary><c>add_space_prefix</c>.</summary>
    public bool? AddsSpacePrefix { get; init; }

    /// <summary><c>remove_extra_whitespaces</c>.</summary>
    public bool? RemovesExtraSpaces { get; init; }
}
