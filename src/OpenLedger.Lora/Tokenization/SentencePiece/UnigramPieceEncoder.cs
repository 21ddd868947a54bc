using System.Buffers;
using System.Text;

namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>
/// The most probable segmentation of a unigram language model (Kudo 2018), by one pass of Viterbi over the bytes. Scores add up in the
/// same order and precision as in SentencePiece, so that near-ties fall the same way.
/// </summary>
internal sealed class UnigramPieceEncoder : PieceEncoder
{
    private const float UnknownPenalty = 10f;
    private const double UserDefinedMalus = 0.1;
    private const int Unknown = -1;

    private readonly PieceTrie _trie;
    private readonly float[] _scores;
    private readonly bool[] _isUserDefined;
    private readonly float _unknownScore;
    private readonly float _highestScore;
    private readonly UnknownText _unknown;

    /// <param name="pieces">The pieces that text can become.</param>
    /// <param name="scores">The log probability of each id.</param>
    /// <param name="isUserDefined">Per id, whether it always wins.</param>
    /// <param name="lowestScore">Of the learnt pieces.</param>
    /// <param name="highestScore">Of the learnt pieces.</param>
    /// <param name="unknown">What stands for other characters.</param>
    public UnigramPieceEncoder(
        IReadOnlyDictionary<string, int> pieces, float[] scores, bool[] isUserDefined, float lowestScore, float highestScore, UnknownText unknown)
    {
        _trie = new PieceTrie(pieces);
        _scores = scores;
        _isUserDefined = isUserDefined;
        _unknownScore = lowestScore - UnknownPenalty;
        _highestScore = highestScore;
        _unknown = unknown;
    }

    public override void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        ReadOnlySpan<byte> bytes = rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented));
        Node[] nodes = ArrayPool<Node>.Shared.Rent(bytes.Length + 1);
        nodes.AsSpan(0, bytes.Length + 1).Fill(new Node { Start = -1 });
        Search(bytes, nodes);

        // The path is known from its end only.
        int begin = ids.Count;
        var path = new Stack<Node>();
        for (int end = bytes.Length; end > 0; end = nodes[end].Start)
        {
            path.Push(nodes[end]);
        }

        foreach (Node piece in path)
        {
            if (piece.Id != Unknown)
            {
                ids.Add(piece.Id);
                continue;
            }

            _ = Rune.DecodeFromUtf8(bytes[piece.Start..], out Rune rune, out _);
            _unknown.Append(rune.Value, ids, begin);
        }

        ArrayPool<Node>.Shared.Return(nodes);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private void Search(ReadOnlySpan<byte> bytes, Node[] nodes)
    {
        for (int start = 0; start < bytes.Length;)
        {
            float before = nodes[start].Score;
            int characterLength = LengthOfCharacter(bytes[start]);
            bool hasCharacter = false;
            int state = PieceTrie.Root;
            for (int end = start; end < bytes.Length && _trie.TryStep(ref state, bytes[end], out int id);)
            {
                end++;
                if (id < 0)
                {
                    continue;
                }

                int length = end - start;
                double score = _isUserDefined[id] ? (length * _highestScore) - UserDefinedMalus : _scores[id];
                Improve(ref nodes[end], score + before, start, id);
                hasCharacter |= length == characterLength;
            }

            if (!hasCharacter)
            {
                Improve(ref nodes[start + characterLength], _unknownScore + before, start, Unknown);
            }

            start += characterLength;
        }
    }

    private static void Improve(ref Node node, double score, int start, int id)
    {
        if (node.Start < 0 || score > node.Score)
        {
            node = new Node { Score = (float)score, Start = start, Id = id };
        }
    }

    private static int LengthOfCharacter(byte first) => first switch
    {
        < 0x80 => 1,
        < 0xE0 => 2,
        < 0xF0 => 3,
        _ => 4,
    };

    /// <summary>The best way to a place: its score, where its last piece begins, and which it is.</summary>
    private record struct Node
    {
        public float Score { get; set; }

        public int Start { get; set; }

        public int Id { get; set; }
    }
}
