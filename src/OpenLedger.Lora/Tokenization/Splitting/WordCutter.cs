namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>Cuts text into the words inside which pieces may merge. Immutable and thread-safe.</summary>
internal abstract class WordCutter
{
    /// <summary>Appends the words of <paramref name="text"/> in order, shifted by <paramref name="origin"/>; none is empty.</summary>
    /// <param name="text">Text without half surrogate pairs.</param>
    /// <param name="origin">Where <paramref name="text"/> begins in the text that the words are positions of.</param>
    /// <param name="words">Receives the words.</param>
    public abstract void Cut(ReadOnlySpan<char> text, int origin, List<WordSpan> words);
}
