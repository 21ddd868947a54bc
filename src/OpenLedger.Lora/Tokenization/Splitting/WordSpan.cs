namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>A stretch of text, in UTF-16 units.</summary>
internal readonly record struct WordSpan(int Start, int Length)
{
    public int End => Start + Length;
}
