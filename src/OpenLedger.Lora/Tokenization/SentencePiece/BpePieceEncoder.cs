using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using OpenLedger.Lora.Tokenization.Bpe;

namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>Byte pair encoding over characters: they are merged by <see cref="PairMerger"/>, and what the vocabulary lacks at the end is unknown.</summary>
internal sealed class BpePieceEncoder : PieceEncoder
{
    private readonly PairTable _pairs;
    private readonly Dictionary<int, int> _symbolOfScalar;
    private readonly int[] _scalarOfVirtual;
    private readonly int _vocabularySize;
    private readonly UnknownText _unknown;
    private readonly SymbolMatcher _symbols;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _pieces;
    private readonly bool _keepsWholeWords;
    private readonly bool _isCuttable;
    private readonly WordCache _cache = new();

    private BpePieceEncoder(
        Dictionary<string, int> pieces, PairTable pairs, Dictionary<int, int> symbolOfScalar, int[] scalarOfVirtual,
        int vocabularySize, UnknownText unknown, SymbolMatcher symbols, bool keepsWholeWords)
    {
        _pairs = pairs;
        _symbolOfScalar = symbolOfScalar;
        _scalarOfVirtual = scalarOfVirtual;
        _vocabularySize = vocabularySize;
        _unknown = unknown;
        _symbols = symbols;
        _pieces = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        _keepsWholeWords = keepsWholeWords;

        // No merge reaches across a place that no piece spans. Where a space mark only stands at the beginning of pieces, that is the
        // place before each run of them: each such stretch can be encoded, and remembered, by itself.
        _isCuttable = !keepsWholeWords && pieces.ContainsKey(SentencePieceNormalizer.Space.ToString())
            && !pieces.Keys.Any(piece => piece.AsSpan().TrimStart(SentencePieceNormalizer.Space).Contains(SentencePieceNormalizer.Space));
    }

    /// <summary>SentencePiece: any two neighbours whose text together is a piece merge, those with the highest score first.</summary>
    /// <param name="pieces">The pieces that text can become, with their ids.</param>
    /// <param name="scores">The score of each id.</param>
    /// <param name="vocabularySize">The number of all ids.</param>
    /// <param name="unknown">What stands for other characters.</param>
    /// <param name="symbols">What is never cut or merged.</param>
    public static BpePieceEncoder ByScore(
        Dictionary<string, int> pieces, IReadOnlyList<float> scores, int vocabularySize, UnknownText unknown, SymbolMatcher symbols)
    {
        // Equal scores share a rank, so that the leftmost of them goes first.
        Dictionary<float, int> rankOfScore = pieces.Values.Select(id => scores[id]).Distinct().OrderDescending()
            .Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        Dictionary<int, int> symbolOfScalar = [];
        List<int> scalarOfVirtual = [];
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach ((string piece, int id) in pieces)
        {
            if (IsOneCharacter(piece))
            {
                symbolOfScalar[char.ConvertToUtf32(piece, 0)] = id;
            }
        }

        foreach (string piece in pieces.Keys)
        {
            if (IsOneCharacter(piece))
            {
                continue;
            }

            // A character can be part of a piece without being one: it needs a symbol to merge.
            foreach (Rune rune in piece.EnumerateRunes())
            {
                ref int symbol = ref CollectionsMarshal.GetValueRefOrAddDefault(symbolOfScalar, rune.Value, out bool isKnown);
                if (!isKnown)
                {
                    symbol = vocabularySize + scalarOfVirtual.Count;
                    scalarOfVirtual.Add(rune.Value);
                }
            }
        }

        var pairs = new PairTable(pieces.Count * 2);
        foreach ((string piece, int id) in pieces)
        {
            for (int cut = 1; cut < piece.Length; cut++)
            {
                if (!char.IsLowSurrogate(piece[cut])
                    && TryGetSymbol(piece.AsSpan(0, cut), out int left) && TryGetSymbol(piece.AsSpan(cut), out int right))
                {
                    pairs.TryAdd(left, right, rankOfScore[scores[id]], id);
                }
            }
        }

        return new BpePieceEncoder(pieces, pairs, symbolOfScalar, [.. scalarOfVirtual], vocabularySize, unknown, symbols, keepsWholeWords: false);

        bool TryGetSymbol(ReadOnlySpan<char> part, out int symbol)
        {
            bool isOne = part.Length == (char.IsHighSurrogate(part[0]) ? 2 : 1);
            return isOne
                ? symbolOfScalar.TryGetValue(part.Length == 1 ? part[0] : char.ConvertToUtf32(part[0], part[1]), out symbol)
                : lookup.TryGetValue(part, out symbol);
        }
    }

    /// <summary>Hugging Face: only listed pairs merge, the earliest rule first.</summary>
    public static BpePieceEncoder ByRules(
        Dictionary<string, int> pieces, IReadOnlyList<(int Left, int Right, int Result)> merges, int vocabularySize, UnknownText unknown, bool keepsWholeWords)
    {
        var symbolOfScalar = pieces.Where(piece => IsOneCharacter(piece.Key)).ToDictionary(piece => char.ConvertToUtf32(piece.Key, 0), piece => piece.Value);
        var pairs = new PairTable(merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            pairs.TryAdd(merges[rank].Left, merges[rank].Right, rank, merges[rank].Result);
        }

        return new BpePieceEncoder(pieces, pairs, symbolOfScalar, [], vocabularySize, unknown, new SymbolMatcher([]), keepsWholeWords);
    }

    public override void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        if (_symbols.IsEmpty)
        {
            EncodeBetweenSymbols(text, ids, ids.Count);
            return;
        }

        int begin = ids.Count;
        int done = 0;
        for (int at = 0; at < text.Length;)
        {
            int length = _symbols.LongestAt(text, at);
            if (length == 0)
            {
                at++;
                continue;
            }

            EncodeBetweenSymbols(text[done..at], ids, begin);
            ids.Add(_pieces[text.Slice(at, length)]);
            done = at += length;
        }

        EncodeBetweenSymbols(text[done..], ids, begin);
    }

    private static bool IsOneCharacter(string piece) => piece.Length == 1 || (piece.Length == 2 && char.IsHighSurrogate(piece[0]));

    private void EncodeBetweenSymbols(ReadOnlySpan<char> text, List<int> ids, int begin)
    {
        while (!text.IsEmpty)
        {
            int length = text.Length;
            if (_isCuttable)
            {
                int word = text.IndexOfAnyExcept(SentencePieceNormalizer.Space);
                int next = word < 0 ? -1 : text[word..].IndexOf(SentencePieceNormalizer.Space);
                length = next < 0 ? length : word + next;
            }

            EncodeWord(text[..length], ids, begin);
            text = text[length..];
        }
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> ids, int begin)
    {
        if (_keepsWholeWords && _pieces.TryGetValue(word, out int whole))
        {
            ids.Add(whole);
            return;
        }

        int[]? known = _cache.Find(word, out int place);
        if (known is not null)
        {
            ids.AddRange(known.AsSpan());
            return;
        }

        int first = ids.Count;
        int[] rented = ArrayPool<int>.Shared.Rent(word.Length);
        int length = PairMerger.Merge(rented.AsSpan(0, ToSymbols(word, rented)), _pairs);
        bool isWhole = true;
        for (int i = 0; i < length; i++)
        {
            int symbol = rented[i];
            if (symbol >= 0 && symbol < _vocabularySize)
            {
                ids.Add(symbol);
                continue;
            }

            // What is unknown may join what is unknown before the word, so it is not remembered with it.
            isWhole &= _unknown.HasBytes;
            _unknown.Append(symbol < 0 ? ~symbol : _scalarOfVirtual[symbol - _vocabularySize], ids, begin);
        }

        ArrayPool<int>.Shared.Return(rented);
        if (isWhole)
        {
            _cache.Store(word, place, CollectionsMarshal.AsSpan(ids)[first..]);
        }
    }

    /// <summary>One symbol per character; the complement of its code point for one that no piece has.</summary>
    private int ToSymbols(ReadOnlySpan<char> word, Span<int> symbols)
    {
        int count = 0;
        foreach (Rune rune in word.EnumerateRunes())
        {
            symbols[count++] = _symbolOfScalar.TryGetValue(rune.Value, out int symbol) ? symbol : ~rune.Value;
        }

        return count;
    }
}
