namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>Cuts normalised text into pieces of a vocabulary. Immutable to its callers and thread-safe.</summary>
internal abstract class PieceEncoder
{
    /// <summary>Appends the ids of <paramref name="text"/>.</summary>
    public abstract void Encode(ReadOnlySpan<char> text, List<int> ids);
}
