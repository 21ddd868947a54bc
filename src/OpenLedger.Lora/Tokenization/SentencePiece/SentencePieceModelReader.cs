using OpenLedger.Lora.Tokenization.Normalization;

namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>Reads the protocol buffer that SentencePiece writes; field numbers are those of sentencepiece_model.proto.</summary>
internal static class SentencePieceModelReader
{
    /// <summary>The largest published vocabularies have about 262 thousand pieces.</summary>
    private const int MostPieces = 1 << 21;

    /// <summary>Far above any published piece, so that looking at every cut of a piece stays cheap.</summary>
    private const int LongestPiece = 512;

    /// <exception cref="TokenizerFormatException">The model is malformed or uses what is not implemented.</exception>
    public static SentencePieceModel Read(ReadOnlySpan<byte> bytes, string source)
    {
        var pieces = new List<Piece>();
        var model = new SentencePieceModel { Source = source, Pieces = pieces };
        var reader = new ProtobufReader(bytes, source);
        while (reader.TryReadField(out int field))
        {
            switch (field)
            {
                case 1 when pieces.Count < MostPieces:
                    pieces.Add(ReadPiece(reader.Bytes(), source, pieces.Count));
                    break;
                case 1:
                    throw reader.Fault($"it has more than {MostPieces} pieces");
                case 2:
                    model = ReadTrainer(reader.Bytes(), model);
                    break;
                case 3:
                    model = ReadNormalizer(reader.Bytes(), model);
                    break;
                case 5 when HasMap(reader.Bytes(), source):
                    throw new TokenizerFormatException(TokenizerFormatError.UnsupportedComponent, $"'{source}': a denormalizer_spec with rules is not supported.");
                case 5:
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return model;
    }

    private static Piece ReadPiece(ReadOnlySpan<byte> bytes, string source, int id)
    {
        string text = "";
        float score = 0;
        int kind = (int)PieceKind.Normal;
        var reader = new ProtobufReader(bytes, source);
        while (reader.TryReadField(out int field))
        {
            switch (field)
            {
                case 1:
                    text = reader.Text();
                    break;
                case 2:
                    score = reader.Single();
                    break;
                case 3:
                    kind = reader.Integer();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return text.Length is > 0 and <= LongestPiece && float.IsFinite(score) && Enum.IsDefined((PieceKind)kind)
            ? new Piece(text, score, (PieceKind)kind)
            : throw new TokenizerFormatException(
                TokenizerFormatError.InvalidVocabulary,
                $"'{source}': piece {id} has {text.Length} characters, the score {score} and the type {kind}; legal are 1 to {LongestPiece}, a finite number and 1 to 6.");
    }

    private static SentencePieceModel ReadTrainer(ReadOnlySpan<byte> bytes, SentencePieceModel model)
    {
        var reader = new ProtobufReader(bytes, model.Source);
        (string begin, string end, string pad) = ("<s>", "</s>", "<pad>");
        while (reader.TryReadField(out int field))
        {
            switch (field)
            {
                case 3:
                    int type = reader.Integer();
                    model = model with
                    {
                        Type = Enum.IsDefined((SentencePieceModelType)type) ? (SentencePieceModelType)type : throw reader.Fault($"model_type {type} is unknown"),
                    };
                    break;
                case 24 when reader.Integer() != 0:
                    throw new TokenizerFormatException(TokenizerFormatError.UnsupportedComponent, $"'{model.Source}': treat_whitespace_as_suffix is not supported.");
                case 24:
                    break;
                case 35:
                    model = model with { HasByteFallback = reader.Integer() != 0 };
                    break;
                case 46:
                    begin = reader.Text();
                    break;
                case 47:
                    end = reader.Text();
                    break;
                case 48:
                    pad = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        string? Named(string name) => model.Pieces.Any(piece => piece.Kind == PieceKind.Control && piece.Text == name) ? name : null;
        return model with { Roles = new SpecialTokenNames { BeginningOfSequence = Named(begin), EndOfSequence = Named(end), Padding = Named(pad) } };
    }

    private static SentencePieceModel ReadNormalizer(ReadOnlySpan<byte> bytes, SentencePieceModel model)
    {
        var reader = new ProtobufReader(bytes, model.Source);
        while (reader.TryReadField(out int field))
        {
            switch (field)
            {
                case 2:
                    model = model with { Map = ReadMap(reader.Bytes(), reader) };
                    break;
                case 3:
                    model = model with { AddsDummyPrefix = reader.Integer() != 0 };
                    break;
                case 4:
                    model = model with { RemovesExtraSpaces = reader.Integer() != 0 };
                    break;
                case 5:
                    model = model with { EscapesSpaces = reader.Integer() != 0 };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return model;
    }

    private static CharacterMap? ReadMap(ReadOnlySpan<byte> bytes, ProtobufReader reader)
    {
        try
        {
            return bytes.IsEmpty ? null : CharacterMap.Read(bytes);
        }
        catch (FormatException exception)
        {
            throw reader.Fault($"precompiled_charsmap: {exception.Message}");
        }
    }

    private static bool HasMap(ReadOnlySpan<byte> bytes, string source)
    {
        bool hasMap = false;
        var reader = new ProtobufReader(bytes, source);
        while (reader.TryReadField(out int field))
        {
            if (field == 2)
            {
                hasMap |= !reader.Bytes().IsEmpty;
            }
            else
            {
                reader.Skip();
            }
        }

        return hasMap;
    }
}
