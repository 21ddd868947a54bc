using OpenLedger.Lora.Tokenization.SentencePiece;
using OpenLedger.Lora.Tokenization.Splitting;

namespace OpenLedger.Lora.Tokenization.Json;

/// <summary>The member <c>pre_tokenizer</c> as read: cutters before and after bytes become stand-ins, or with a space mark.</summary>
internal sealed record PreTokenizerComponents
{
    public bool IsByteLevel { get; init; }

    public bool AddsPrefixSpace { get; init; }

    public IReadOnlyList<WordCutter> Splits { get; init; } = [];

    public IReadOnlyList<WordCutter> ByteSplits { get; init; } = [];

    /// <summary>Whether spaces become marks by <c>Metaspace</c>.</summary>
    public bool HasMetaspace { get; init; }

    public SpaceMark? SpaceMark { get; init; }
}
