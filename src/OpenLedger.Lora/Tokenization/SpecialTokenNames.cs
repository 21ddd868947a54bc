namespace OpenLedger.Lora.Tokenization;

/// <summary>The roles of special tokens, as <c>tokenizer_config.json</c> names them; a role is null where it names none.</summary>
public sealed record SpecialTokenNames
{
    /// <summary>The token that begins a sequence (<c>bos_token</c>).</summary>
    /// <value>Null by default.</value>
    public string? BeginningOfSequence { get; init; }

    /// <summary>The token that ends a sequence (<c>eos_token</c>).</summary>
    /// <value>Null by default.</value>
    public string? EndOfSequence { get; init; }

    /// <summary>The token that fills a batch up to one length (<c>pad_token</c>).</summary>
    /// <value>Null by default.</value>
    public string? Padding { get; init; }
}
