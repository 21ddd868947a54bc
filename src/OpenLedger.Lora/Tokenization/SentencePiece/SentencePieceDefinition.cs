using OpenLedger.Lora.Tokenization.Normalization;

namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>What a tokenizer over pieces of text consists of, as read and checked by a reader.</summary>
internal sealed record SentencePieceDefinition
{
    public required ITextNormalizer Normalizer { get; init; }

    /// <summary>Whether spaces become marks after added tokens were found, instead of by <see cref="Normalizer"/>.</summary>
    public bool HasMetaspace { get; init; }

    /// <summary>Puts a space mark before text that is cut, where the first stretch differs from those after an added token.</summary>
    public SpaceMark? SpaceMark { get; init; }

    public WordSplitter Splitter { get; init; } = new([]);

    public required PieceEncoder Encoder { get; init; }

    /// <summary>The UTF-8 of each id; empty for control tokens.</summary>
    public required byte[][] Bytes { get; init; }

    /// <summary>Per id, whether it is a control token.</summary>
    public required bool[] IsSpecial { get; init; }

    /// <summary>Searched in text by <see cref="SegmentedText"/>, and found by name.</summary>
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>Found by name, whether or not they are searched in text.</summary>
    public IReadOnlyDictionary<string, int> NamedIds { get; init; } = new Dictionary<string, int>();

    public LeadingSpaces LeadingSpaces { get; init; }

    public SpecialTokenNames Roles { get; init; } = new();

    public IReadOnlyList<int> PromptPrefix { get; init; } = [];

    public IReadOnlyList<int> PromptSuffix { get; init; } = [];
}

/// <summary>The component <c>Metaspace</c> of the Hugging Face format, as far as it puts a mark before text.</summary>
internal enum SpaceMark
{
    /// <summary>Only where text begins.</summary>
    First,

    /// <summary>Before each stretch between added tokens.</summary>
    Always,
}
