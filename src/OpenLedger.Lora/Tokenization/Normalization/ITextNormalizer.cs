namespace OpenLedger.Lora.Tokenization.Normalization;

/// <summary>Changes text before it is cut. Implementations are immutable and thread-safe.</summary>
internal interface ITextNormalizer
{
    /// <summary>The normal form of text without half surrogate pairs, which has none either.</summary>
    string Normalize(string text);
}
