using OpenLedger.Lora.Tokenization.Normalization;

namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>The ways of cutting, with the numbers of the SentencePiece format.</summary>
internal enum SentencePieceModelType
{
    /// <summary>The most probable segmentation.</summary>
    Unigram = 1,

    /// <summary>Byte pair encoding over characters.</summary>
    Bpe = 2,

    /// <summary>Whole words.</summary>
    Word = 3,

    /// <summary>Single characters.</summary>
    Character = 4,
}

/// <summary>A SentencePiece model as read, with the defaults of its format (sentencepiece_model.proto).</summary>
internal sealed record SentencePieceModel
{
    /// <summary>Where it came from, for messages.</summary>
    public required string Source { get; init; }

    /// <summary>Entries by id.</summary>
    public required IReadOnlyList<Piece> Pieces { get; init; }

    public SentencePieceModelType Type { get; init; } = SentencePieceModelType.Unigram;

    public CharacterMap? Map { get; init; }

    public bool AddsDummyPrefix { get; init; } = true;

    public bool RemovesExtraSpaces { get; init; } = true;

    public bool EscapesSpaces { get; init; } = true;

    public bool HasByteFallback { get; init; }

    /// <summary>Whether unused pieces only fill ids. In a file of SentencePiece they merge, and are cut again, which is not implemented.</summary>
    public bool PadsWithUnused { get; init; }

    public SpecialTokenNames Roles { get; init; } = new();
}
