namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>Finds stretches of text. Implementations are immutable and thread-safe.</summary>
internal interface IMatchPattern
{
    /// <summary>The first match that is not empty and begins at <paramref name="from"/> or later.</summary>
    bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end);
}
