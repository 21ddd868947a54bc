using System.Text;

namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>The models that learn nothing about cutting: every word, or every character, is a piece or unknown.</summary>
/// <param name="pieces">The pieces that text can become.</param>
/// <param name="symbols">What is never cut; words ignore it.</param>
/// <param name="isByWord">Whether a piece is a word, which begins at each space mark.</param>
/// <param name="unknown">What stands for the rest.</param>
internal sealed class WholePieceEncoder(Dictionary<string, int> pieces, SymbolMatcher symbols, bool isByWord, UnknownText unknown) : PieceEncoder
{
    public override void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        int begin = ids.Count;
        while (!text.IsEmpty)
        {
            int next = isByWord ? text[1..].IndexOf(SentencePieceNormalizer.Space) + 1 : symbols.LongestAt(text, 0);
            int length = next > 0 ? next : isByWord ? text.Length : char.IsHighSurrogate(text[0]) ? 2 : 1;
            if (lookup.TryGetValue(text[..length], out int id))
            {
                ids.Add(id);
            }
            else
            {
                foreach (Rune rune in text[..length].EnumerateRunes())
                {
                    unknown.Append(rune.Value, ids, begin);
                }
            }

            text = text[length..];
        }
    }
}
