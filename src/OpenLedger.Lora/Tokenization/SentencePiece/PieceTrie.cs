using System.Numerics;
using System.Text;

namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>All prefixes of the pieces, byte by byte; edges lie in one open-addressing table.</summary>
internal sealed class PieceTrie
{
    public const int Root = 0;

    private const ulong Empty = ulong.MaxValue;
    private const int NoPiece = -1;

    private readonly List<int> _pieceOfNode = [NoPiece];
    private ulong[] _keys;
    private int[] _nodes;

    public PieceTrie(IReadOnlyDictionary<string, int> pieces)
    {
        (_keys, _nodes) = NewTable((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, pieces.Count * 4)));
        foreach ((string piece, int id) in pieces)
        {
            int node = Root;
            foreach (byte value in Encoding.UTF8.GetBytes(piece))
            {
                node = Add(node, value);
            }

            _pieceOfNode[node] = id;
        }
    }

    /// <summary>Goes from a prefix to the prefix that is one byte longer.</summary>
    /// <param name="node">The prefix; changed where there is a longer one.</param>
    /// <param name="value">The byte.</param>
    /// <param name="id">The piece that the longer prefix is, or a negative number.</param>
    public bool TryStep(ref int node, byte value, out int id)
    {
        int at = Find(_keys, Key(node, value));
        if (_keys[at] == Empty)
        {
            id = NoPiece;
            return false;
        }

        node = _nodes[at];
        id = _pieceOfNode[node];
        return true;
    }

    private static (ulong[] Keys, int[] Nodes) NewTable(int length)
    {
        var keys = new ulong[length];
        Array.Fill(keys, Empty);
        return (keys, new int[length]);
    }

    private static ulong Key(int node, byte value) => ((ulong)(uint)node << 8) | value;

    private static int Find(ulong[] keys, ulong key)
    {
        int mask = keys.Length - 1;
        int at = (int)((key * 0x9E3779B97F4A7C15) >> 32) & mask;
        while (keys[at] != key && keys[at] != Empty)
        {
            at = (at + 1) & mask;
        }

        return at;
    }

    private int Add(int node, byte value)
    {
        int at = Find(_keys, Key(node, value));
        if (_keys[at] != Empty)
        {
            return _nodes[at];
        }

        if (_pieceOfNode.Count * 2 > _keys.Length)
        {
            (ulong[] keys, int[] nodes) = NewTable(checked(_keys.Length * 2));
            for (int i = 0; i < _keys.Length; i++)
            {
                if (_keys[i] != Empty)
                {
                    int to = Find(keys, _keys[i]);
                    (keys[to], nodes[to]) = (_keys[i], _nodes[i]);
                }
            }

            (_keys, _nodes) = (keys, nodes);
            at = Find(_keys, Key(node, value));
        }

        _keys[at] = Key(node, value);
        _nodes[at] = _pieceOfNode.Count;
        _pieceOfNode.Add(NoPiece);
        return _nodes[at];
    }
}
