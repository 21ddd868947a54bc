using Microsoft.ML.Tokenizers;

namespace OpenLedger.Lora.Tokenization;

/// <summary>A <see cref="SplitPattern"/> in the shape that Microsoft.ML.Tokenizers asks for.</summary>
internal sealed class SplitPatternPreTokenizer(SplitPattern pattern) : PreTokenizer
{
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var words = new List<(int Offset, int Length)>((text.Length / 4) + 1);
        pattern.Split(text, (offset, length) => words.Add((offset, length)));
        return words;
    }
}
