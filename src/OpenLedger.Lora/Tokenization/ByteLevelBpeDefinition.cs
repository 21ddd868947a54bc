using OpenLedger.Lora.Tokenization.Normalization;
using OpenLedger.Lora.Tokenization.Splitting;

namespace OpenLedger.Lora.Tokenization;

/// <summary>What a byte-level BPE tokenizer consists of, as read; <see cref="ByteLevelBpeTokenizer"/> checks that it is coherent.</summary>
internal sealed record ByteLevelBpeDefinition
{
    /// <summary>Where it came from, for messages.</summary>
    public required string Source { get; init; }

    /// <summary>Tokens in the stand-in characters of <see cref="ByteAlphabet"/>.</summary>
    public required IReadOnlyDictionary<string, int> Vocabulary { get; init; }

    /// <summary>The merge rules in their order; null where any two tokens merge whose bytes together are a token, the lowest id first (tiktoken).</summary>
    public required IReadOnlyList<(string Left, string Right)>? Merges { get; init; }

    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>Tokens of <see cref="Vocabulary"/> that only fill an id: no text becomes one.</summary>
    public IReadOnlySet<string> UnusedTokens { get; init; } = new HashSet<string>();

    public ITextNormalizer Normalizer { get; init; } = NormalizerSequence.Identity;

    /// <summary>Applied one after the other, each to the words of the one before.</summary>
    public required IReadOnlyList<WordCutter> Splits { get; init; }

    /// <summary>Applied after <see cref="Splits"/>, to words in which each byte is its stand-in character.</summary>
    public IReadOnlyList<WordCutter> ByteSplits { get; init; } = [];

    /// <summary>Whether each stretch of text begins with a space, which is put there if it is missing.</summary>
    public bool AddsPrefixSpace { get; init; }

    /// <summary>A word that is a whole token keeps its id, whatever the merges say (Llama 3).</summary>
    public bool IgnoreMerges { get; init; }

    public SpecialTokenNames Roles { get; init; } = new();

    public IReadOnlyList<int> PromptPrefix { get; init; } = [];

    public IReadOnlyList<int> PromptSuffix { get; init; } = [];
}
