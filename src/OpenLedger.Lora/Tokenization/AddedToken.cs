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
    public bool IsControl => IsSpecial || IsControlName(Content);

    /// <summary>
    /// Whether a name alone tells a control token. <c>&lt;s&gt;</c> and <c>&lt;/s&gt;</c> do not: Gemma has them as tags of HTML.
    /// </summary>
    public static bool IsControlName(string name) => name is "<start_of_turn>" or "<end_of_turn>" or "<bos>" or "<eos>" || (name.Length > 4
        && ((name.StartsWith("<|", StringComparison.Ordinal) && name.EndsWith("|>", StringComparison.Ordinal))
            || (name.StartsWith("<\uFF5C", StringComparison.Ordinal) && name.EndsWith("\uFF5C>", StringComparison.Ordinal))));
}
