namespace OpenLedger.Lora.Tokenization;

/// <summary>A token beside the learnt vocabulary, matched by its exact content.</summary>
internal sealed record AddedToken(int Id, string Content, bool IsSpecial)
{
    /// <summary>Takes white space before it with it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Takes white space after it with it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Only matches where no word character stands beside it.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Searched in the normalised text, in its own normalised form.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>
    /// Whether ordinary text must not become this token: one flagged special, or one with the name of a control token. Files forget
    /// the flag (DeepSeek Coder's <c>&lt;|EOT|&gt;</c> ends a turn), and a user who can write such a token can end a turn.
    /// </summary>
    public bool IsControl => IsSpecial || (Content.Length > 4
        && ((Content.StartsWith("<|", StringComparison.Ordinal) && Content.EndsWith("|>", StringComparison.Ordinal))
            || (Content.StartsWith("<\uFF5C", StringComparison.Ordinal) && Content.EndsWith("\uFF5C>", StringComparison.Ordinal))));
}
