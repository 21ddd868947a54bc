using System.Buffers.Binary;
using System.Text;
using OpenLedger.Lora.Tokenization.SentencePiece;

namespace OpenLedger.Lora.Tests.Tokenization;

/// <summary>Small valid files of every kind, written here so that each part of a format occurs.</summary>
internal static class TinyModels
{
    public const string PieceJson = """
        {"version":"1.0","added_tokens":[{"id":0,"content":"<unk>","special":true},{"id":1,"content":"<s>","special":true,"normalized":true},
        {"id":14,"content":"<x>","special":false,"rstrip":true}],
        "normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"},
        {"type":"Replace","pattern":{"Regex":"b{2,}|\\p{Zs}"},"content":"b"},{"type":"Strip","strip_left":false,"strip_right":true}]},
        "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"▁+(?!c)|\\p{L}+?"},"behavior":"MergedWithNext","invert":false},{"type":"Digits","individual_digits":true}]},
        "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"special_tokens":{"<s>":{"id":"<s>","ids":[1]}}},
        "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},
        "model":{"type":"BPE","unk_token":"<unk>","fuse_unk":true,"byte_fallback":false,
        "vocab":{"<unk>":0,"<s>":1,"▁":2,"a":3,"b":4,"t":5,"h":6,"e":7,"th":8,"the":9,"▁the":10,"ab":11,"á":12,"▁t":13},
        "merges":["t h","th e",["▁","the"],"a b","▁ t"]}}
        """;

    public static byte[] Bpe() => Model(SentencePieceModelType.Bpe, hasBytes: true, map: []);

    public static byte[] Unigram() => Model(SentencePieceModelType.Unigram, hasBytes: false, Map());

    /// <summary>Ranks of all bytes and a few tokens.</summary>
    public static byte[] Ranks()
    {
        IEnumerable<byte[]> tokens = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), "th"u8.ToArray(), "the"u8.ToArray(), " the"u8.ToArray()];
        return Encoding.ASCII.GetBytes(string.Concat(tokens.Select((token, rank) => $"{Convert.ToBase64String(token)} {rank}\n")));
    }

    /// <summary>A double array for the keys "A" in full width (EF BC A1), which becomes "A", and the no-break space (C2 A0), which becomes a space.</summary>
    public static byte[] Map()
    {
        // A node is reached by its label from the place that the unit before points to; its unit holds the label and the way on.
        var units = new uint[1024];
        uint Unit(uint label, uint offset, bool isLeaf) => label | (offset << 10) | (isLeaf ? 1u << 8 : 0);
        units[0] = Unit(0, 256, false);
        void Node(uint parentOffset, byte label, uint own, bool isLeaf, uint value)
        {
            uint at = parentOffset ^ label;
            units[at] = Unit(label, at ^ own, isLeaf);
            if (isLeaf)
            {
                units[own] = value | (1u << 31);
            }
        }

        Node(256, 0xEF, 600, false, 0);
        Node(600, 0xBC, 700, false, 0);
        Node(700, 0xA1, 900, true, 0);
        Node(256, 0xC2, 800, false, 0);
        Node(800, 0xA0, 901, true, 2);
        var bytes = new byte[(units.Length * 4) + 4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)units.Length * 4);
        for (int i = 0; i < units.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan((i + 1) * 4), units[i]);
        }

        return [.. bytes, .. "A\0 \0"u8];
    }

    public static byte[] Model(SentencePieceModelType type, bool hasBytes, byte[] map, IEnumerable<(string Text, float Score, PieceKind Kind)>? pieces = null)
    {
        pieces ??=
        [
            ("<unk>", 0, PieceKind.Unknown), ("<s>", 0, PieceKind.Control), ("</s>", 0, PieceKind.Control),
            .. hasBytes ? Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f, PieceKind.Byte)) : [],
            ("\u2581", -3, PieceKind.Normal), ("a", -2, PieceKind.Normal), ("t", -4, PieceKind.Normal), ("h", -5, PieceKind.Normal), ("e", -6, PieceKind.Normal),
            ("th", -1, PieceKind.Normal), ("the", -1.5f, PieceKind.Normal), ("\u2581the", -1.25f, PieceKind.Normal), ("\u2581t", -2.5f, PieceKind.Normal),
            ("A", -7, PieceKind.Normal), ("<x>", 0, PieceKind.UserDefined), ("\U00010400", -8, PieceKind.Normal),
        ];
        byte[] vocabulary = [.. pieces.SelectMany(piece => Field(1, [.. Field(1, Encoding.UTF8.GetBytes(piece.Text)), .. Fixed(2, piece.Score), .. Number(3, (int)piece.Kind)]))];
        byte[] trainer = [.. Number(3, (int)type), .. Number(24, 0), .. Number(35, hasBytes ? 1 : 0), .. Field(46, "<s>"u8), .. Field(47, "</s>"u8)];
        byte[] normalizer = [.. Field(1, "test"u8), .. Field(2, map), .. Number(3, 1), .. Number(4, hasBytes ? 0 : 1), .. Number(5, 1)];
        return [.. vocabulary, .. Field(2, trainer), .. Field(3, normalizer), .. Field(9, "x"u8)];
    }

    private static byte[] Field(int number, ReadOnlySpan<byte> bytes) => [.. Varint(((uint)number << 3) | 2), .. Varint((uint)bytes.Length), .. bytes];

    private static byte[] Number(int number, int value) => [.. Varint((uint)number << 3), .. Varint((uint)value)];

    private static byte[] Fixed(int number, float value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return [.. Varint(((uint)number << 3) | 5), .. bytes];
    }

    private static byte[] Varint(uint value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
