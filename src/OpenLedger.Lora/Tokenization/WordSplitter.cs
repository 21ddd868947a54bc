using OpenLedger.Lora.Tokenization.Splitting;

namespace OpenLedger.Lora.Tokenization;

/// <summary>Cuts text by several patterns, each applied to the words of the one before.</summary>
internal sealed class WordSplitter
{
    private readonly WordCutter[] _cutters;

    public WordSplitter(IEnumerable<WordCutter> cutters)
    {
        _cutters = [.. cutters];
        Tiling = _cutters is [TilingPattern tiling] ? tiling : null;
    }

    /// <summary>The only pattern, where it is one that tells the end of each word by itself: no list of words is needed then.</summary>
    public TilingPattern? Tiling { get; }

    /// <summary>Whether text stays in one piece.</summary>
    public bool IsEmpty => _cutters.Length == 0;

    /// <summary>The words in order; some patterns drop what is between them.</summary>
    public List<WordSpan> Split(ReadOnlySpan<char> text)
    {
        List<WordSpan> words = text.IsEmpty ? [] : [new WordSpan(0, text.Length)];
        foreach (WordCutter cutter in _cutters)
        {
            var smaller = new List<WordSpan>((text.Length / 4) + 1);
            foreach (WordSpan word in words)
            {
                cutter.Cut(text.Slice(word.Start, word.Length), word.Start, smaller);
            }

            words = smaller;
        }

        return words;
    }
}
