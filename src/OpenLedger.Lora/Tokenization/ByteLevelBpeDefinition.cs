namespace OpenLedger.Lora.Tokenization;

/// <summary>What a byte-level BPE tokenizer consists of, as read; <see cref="ByteLevelBpeTokenizer"/> checks that it is coherent.</summary>
internal sealed record ByteLevelBpeDefinition
{
    /// <summary>Where it came from, for messages.</summary>
    public required string Source { get; init; }

    public required IReadOnlyDictionary<string, int> Vocabulary { get; init; }

    public required IReadOnlyList<(string Left, string Right)> Merges { get; init; }

    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>Applied one after the other, each to the words of the one before.</summary>
    public required IReadOnlyList<SplitPattern> Splits { get; init; }

    /// <summary>A word that is a whole token keeps its id, whatever the merges say (Llama 3).</summary>
    public bool IgnoreMerges { get; init; }

    public bool NormalizeToNfc { get; init; }

    public SpecialTokenNames Roles { get; init; } = new();
}
