using Microsoft.ML.Tokenizers;

namespace OpenLedger.Lora.Tokenization;

/// <summary>Cuts text by several patterns, each applied to the words of the one before.</summary>
internal sealed class WordSplitter(IReadOnlyList<SplitPattern> patterns) : PreTokenizer
{
    /// <summary>The (offset, length) of each word, in order; together they cover the text.</summary>
    public List<(int Offset, int Length)> Split(ReadOnlySpan<char> text)
    {
        var words = new List<(int Offset, int Length)> { (0, text.Length) };
        foreach (SplitPattern pattern in patterns)
        {
            var smaller = new List<(int Offset, int Length)>((text.Length / 4) + 1);
            foreach ((int start, int count) in words)
            {
                pattern.Split(text.Slice(start, count), (offset, length) => smaller.Add((start + offset, length)));
            }

            words = smaller;
        }

        return words;
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => Split(text);

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => Split(text);
}
