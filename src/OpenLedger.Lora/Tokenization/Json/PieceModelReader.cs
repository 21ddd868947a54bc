using System.Text;
using System.Text.Json;
using OpenLedger.Lora.Tokenization.SentencePiece;

namespace OpenLedger.Lora.Tokenization.Json;

/// <summary>Reads the form of <c>tokenizer.json</c> whose tokens are pieces of text: BPE over characters, or unigram.</summary>
internal static class PieceModelReader
{
    private const int LongestPiece = 4096;

    public static SentencePieceDefinition Read(JsonField root, JsonField model, PreTokenizerComponents preTokenizer, List<AddedToken> added)
    {
        string type = model.Optional("type")?.Text() ?? (model.Optional("merges") is null ? "Unigram" : "BPE");
        var scores = new List<float>();
        Dictionary<string, int> vocabulary = type switch
        {
            "BPE" => TokenizerJsonReader.ReadVocabulary(model.Required("vocab")),
            "Unigram" => ReadScores(model.Required("vocab"), scores),
            _ => throw model.Unsupported($"model '{type}'"),
        };
        string[] texts = OrderById(model, vocabulary, added);
        Dictionary<int, AddedToken> addedById = added.ToDictionary(token => token.Id);
        var text = new Dictionary<string, int>(
            vocabulary.Where(piece => !(addedById.TryGetValue(piece.Value, out AddedToken? token) && token.IsControl)), StringComparer.Ordinal);
        UnknownText unknown = ReadUnknown(model, vocabulary, type);
        bool decodesBytes = DecoderReader.Read(root.Required("decoder"), out bool decodesMarks, out LeadingSpaces leadingSpaces);
        if (unknown.HasBytes && !decodesBytes)
        {
            throw root.Unsupported("byte_fallback without the decoder ByteFallback");
        }

        return new SentencePieceDefinition
        {
            Normalizer = NormalizerReader.Read(root.Optional("normalizer")),
            HasMetaspace = preTokenizer.HasMetaspace,
            SpaceMark = preTokenizer.SpaceMark,
            Splitter = new WordSplitter(preTokenizer.Splits),
            Encoder = type == "BPE"
                ? BpePieceEncoder.ByRules(text, ReadMerges(model, text), texts.Length, unknown, model.Flag("ignore_merges", absent: false))
                : new UnigramPieceEncoder(text, [.. scores], new bool[texts.Length], scores.DefaultIfEmpty().Min(), scores.DefaultIfEmpty().Max(), unknown),
            Bytes = [.. texts.Select((piece, id) => Bytes(piece, addedById.GetValueOrDefault(id)))],
            IsSpecial = [.. texts.Select((_, id) => addedById.TryGetValue(id, out AddedToken? token) && token.IsSpecial)],
            AddedTokens = added,
            LeadingSpaces = leadingSpaces,
        };

        byte[] Bytes(string piece, AddedToken? token) =>
            token is not null ? token.IsSpecial ? [] : Encoding.UTF8.GetBytes(piece)
            : decodesBytes && Piece.ByteOf(piece) is { } value ? [value]
            : Encoding.UTF8.GetBytes(decodesMarks ? piece.Replace(SentencePieceNormalizer.Space, ' ') : piece);
    }

    private static Dictionary<string, int> ReadScores(JsonField field, List<float> scores)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonField entry in field.Items())
        {
            JsonField[] parts = [.. entry.Items().Take(3)];
            if (parts.Length != 2)
            {
                throw entry.Fault(TokenizerFormatError.InvalidField, "must have a piece and its score");
            }

            if (!vocabulary.TryAdd(parts[0].Text(), scores.Count))
            {
                throw entry.Fault(TokenizerFormatError.InvalidVocabulary, $"piece '{parts[0].Text()}' is listed twice");
            }

            scores.Add(parts[1].Single());
        }

        return vocabulary;
    }

    /// <summary>Every id with its text; an added token may have an id of its own after the vocabulary.</summary>
    private static string[] OrderById(JsonField model, Dictionary<string, int> vocabulary, List<AddedToken> added)
    {
        var all = new Dictionary<string, int>(vocabulary, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (AddedToken token in added)
        {
            if (token.Content.Length == 0 || !seen.Add(token.Content) || (!all.TryAdd(token.Content, token.Id) && all[token.Content] != token.Id))
            {
                throw model.Fault(TokenizerFormatError.InvalidAddedToken, $"added token '{token.Content}' is empty, listed twice or has another id in the vocabulary");
            }
        }

        var texts = new string[all.Count];
        foreach ((string piece, int id) in all)
        {
            if (piece.Length is 0 or > LongestPiece || id >= texts.Length || texts[id] is not null)
            {
                throw model.Fault(
                    TokenizerFormatError.InvalidVocabulary, $"token '{piece}' has id {id}; {texts.Length} tokens must use each of 0 to {texts.Length - 1} once");
            }

            texts[id] = piece;
        }

        return texts;
    }

    private static UnknownText ReadUnknown(JsonField model, Dictionary<string, int> vocabulary, string type)
    {
        int unknownId = -1;
        if (type == "BPE" && model.Optional("unk_token") is { } name)
        {
            unknownId = vocabulary.TryGetValue(name.Text(), out int id)
                ? id
                : throw name.Fault(TokenizerFormatError.InvalidField, $"'{name.Text()}' is not in the vocabulary");
        }
        else if (type == "Unigram" && model.Optional("unk_id") is { } number)
        {
            unknownId = number.NonNegativeInteger() < vocabulary.Count
                ? number.NonNegativeInteger()
                : throw number.Fault(TokenizerFormatError.InvalidField, "is not in the vocabulary");
        }

        int[]? byteIds = null;
        if (model.Flag("byte_fallback", absent: false))
        {
            byteIds = [.. Enumerable.Range(0, 256).Select(value => vocabulary.TryGetValue($"<0x{value:X2}>", out int id)
                ? id
                : throw model.Fault(TokenizerFormatError.InvalidVocabulary, $"byte_fallback needs the token '<0x{value:X2}>'"))];
        }

        return byteIds is not null || unknownId >= 0
            ? new UnknownText(byteIds, unknownId, fuses: type == "Unigram" || model.Flag("fuse_unk", absent: false))
            : throw model.Unsupported($"{type} without an unknown token and without byte_fallback, which drops text");
    }

    private static List<(int Left, int Right, int Result)> ReadMerges(JsonField model, Dictionary<string, int> text)
    {
        TokenizerJsonReader.CheckBpeOptions(model);
        JsonField field = model.Required("merges");
        bool hasBytes = model.Flag("byte_fallback", absent: false);
        var merges = new List<(int Left, int Right, int Result)>();
        var seen = new HashSet<(int, int)>();
        foreach ((string left, string right) in TokenizerJsonReader.ReadMerges(field, text))
        {
            if (!text.TryGetValue(left, out int leftId) || !text.TryGetValue(right, out int rightId) || !text.TryGetValue(left + right, out int result)
                || !seen.Add((leftId, rightId)))
            {
                throw field.Fault(
                    TokenizerFormatError.InvalidMerge, $"merge '{left}' + '{right}' is listed twice, or its parts or its result are not ordinary tokens");
            }

            if (hasBytes && (Piece.ByteOf(left) is not null || Piece.ByteOf(right) is not null))
            {
                throw field.Unsupported($"merge '{left}' + '{right}' of bytes");
            }

            merges.Add((leftId, rightId, result));
        }

        return merges;
    }
}
