using OpenLedger.Lora.Tokenization.Normalization;
using OpenLedger.Lora.Tokenization.SentencePiece;
using OpenLedger.Lora.Tokenization.Splitting;

namespace OpenLedger.Lora.Tokenization;

/// <summary>Makes the tokenizer that a GGUF file carries in its metadata.</summary>
internal static class GgufTokenizer
{
    /// <exception cref="TokenizerFormatException">The values contradict each other, or name a model or word pattern that is not implemented.</exception>
    public static Tokenizer Create(GgufVocabulary vocabulary)
    {
        int count = vocabulary.Tokens.Count;
        if ((vocabulary.Scores?.Count ?? count) != count || (vocabulary.TokenTypes?.Count ?? count) != count)
        {
            throw Fault(vocabulary, TokenizerFormatError.InvalidVocabulary, $"{count} tokens, {vocabulary.Scores?.Count} scores and {vocabulary.TokenTypes?.Count} types");
        }

        return vocabulary.Model switch
        {
            "llama" => CreateSentencePiece(vocabulary),
            "gpt2" => CreateByteLevel(vocabulary),
            _ => throw Fault(vocabulary, TokenizerFormatError.UnsupportedComponent, $"tokenizer model '{vocabulary.Model}' is not supported"),
        };
    }

    private static SentencePieceTokenizer CreateSentencePiece(GgufVocabulary vocabulary)
    {
        IReadOnlyList<float> scores = vocabulary.Scores
            ?? throw Fault(vocabulary, TokenizerFormatError.InvalidVocabulary, "a model 'llama' needs scores");
        if (scores.Any(score => !float.IsFinite(score)))
        {
            throw Fault(vocabulary, TokenizerFormatError.InvalidVocabulary, "a score is not a finite number");
        }

        Piece[] pieces = [.. vocabulary.Tokens.Select((token, id) => new Piece(NotEmpty(vocabulary, token, id), scores[id], KindOf(vocabulary, id)))];
        return SentencePieceAssembly.Create(
            new SentencePieceModel
            {
                Source = vocabulary.Source,
                Pieces = pieces,
                Type = SentencePieceModelType.Bpe,
                AddsDummyPrefix = vocabulary.AddsSpacePrefix ?? true,
                RemovesExtraSpaces = vocabulary.RemovesExtraSpaces ?? false,
                HasByteFallback = pieces.Any(piece => piece.Kind == PieceKind.Byte),
                PadsWithUnused = true,
            },
            new TokenizerConfig { Roles = Roles(vocabulary), BeginTokenFlag = vocabulary.AddsBeginToken ?? true, AddsEndToken = vocabulary.AddsEndToken ?? false },
            family: null);
    }

    private static ByteLevelBpeTokenizer CreateByteLevel(GgufVocabulary vocabulary)
    {
        var ids = new Dictionary<string, int>(vocabulary.Tokens.Count, StringComparer.Ordinal);
        foreach ((int id, string token) in vocabulary.Tokens.Index())
        {
            if (!ids.TryAdd(NotEmpty(vocabulary, token, id), id))
            {
                throw Fault(vocabulary, TokenizerFormatError.InvalidVocabulary, $"token '{token}' is listed twice");
            }
        }

        IReadOnlyList<string> merges = vocabulary.Merges ?? throw Fault(vocabulary, TokenizerFormatError.InvalidMerge, "a model 'gpt2' needs merges");
        (IReadOnlyList<WordCutter> splits, IReadOnlyList<WordCutter> byteSplits, bool composes, bool isLlama3) = PatternOf(vocabulary);
        SpecialTokenNames roles = Roles(vocabulary);

        // The files of Llama 3 do not say that a prompt begins with the begin token; llama.cpp infers it from the pattern.
        bool addsBegin = vocabulary.AddsBeginToken ?? isLlama3;
        return new ByteLevelBpeTokenizer(new ByteLevelBpeDefinition
        {
            Source = $"'{vocabulary.Source}'",
            Vocabulary = ids,
            Merges = [.. merges.Select(merge => MergeRule.Parse(merge, ids, (error, reason) => Fault(vocabulary, error, reason)))],
            AddedTokens = [.. vocabulary.Tokens.Index()
                .Where(token => KindOf(vocabulary, token.Index) is PieceKind.Control or PieceKind.UserDefined)
                .Select(token => new AddedToken(
                    token.Index, token.Item, KindOf(vocabulary, token.Index) == PieceKind.Control || AddedToken.IsControlName(token.Item)))],
            UnusedTokens = vocabulary.Tokens.Index().Where(token => KindOf(vocabulary, token.Index) == PieceKind.Unused)
                .Select(token => token.Item).ToHashSet(StringComparer.Ordinal),
            Splits = splits,
            ByteSplits = byteSplits,
            Normalizer = composes ? new FormCNormalizer() : NormalizerSequence.Identity,
            IgnoreMerges = isLlama3,
            Roles = roles,
            PromptPrefix = addsBegin && vocabulary.BeginToken is { } begin ? [begin] : [],
            PromptSuffix = vocabulary is { AddsEndToken: true, EndToken: { } end } ? [end] : [],
        });
    }

    /// <summary>The names that llama.cpp gives to word patterns; an unknown one is refused, because a guess gives other ids.</summary>
    private static (IReadOnlyList<WordCutter> Splits, IReadOnlyList<WordCutter> ByteSplits, bool Composes, bool IsLlama3) PatternOf(GgufVocabulary vocabulary) =>
        vocabulary.PreTokenizer switch
        {
            "gpt-2" or "gpt2" => ([SplitPattern.Gpt2], [], false, false),
            "llama-bpe" or "llama3" or "llama-v3" => ([SplitPattern.Llama3], [], false, true),
            "chatglm-bpe" or "glm4" => ([SplitPattern.Llama3], [], false, false),
            "qwen2" or "deepseek-r1-qwen" => ([SplitPattern.Qwen2], [], true, false),
            "deepseek-coder" => (SplitPattern.DeepSeekCoder, [], false, false),
            "falcon" => ([SplitPattern.Falcon[0], SplitPattern.Gpt2], [.. SplitPattern.Falcon.Skip(1)], false, false),
            null => throw Fault(vocabulary, TokenizerFormatError.UnsupportedComponent, "the file does not name its word pattern (tokenizer.ggml.pre)"),
            { } other => throw Fault(vocabulary, TokenizerFormatError.UnsupportedComponent, $"word pattern '{other}' is not supported"),
        };

    private static PieceKind KindOf(GgufVocabulary vocabulary, int id)
    {
        int type = vocabulary.TokenTypes?[id] ?? (int)PieceKind.Normal;
        if (type == 0)
        {
            return PieceKind.Unused; // "undefined": converters leave it at slots that nothing fills
        }

        var kind = (PieceKind)type;
        if (!Enum.IsDefined(kind))
        {
            throw Fault(vocabulary, TokenizerFormatError.InvalidVocabulary, $"token {id} has the type {type}; legal are 0 to 6");
        }

        // What begins a text or ends a turn is no text, whatever type a converter gave it.
        bool isRole = id == vocabulary.BeginToken || id == vocabulary.EndToken || id == vocabulary.EndOfTurnToken;
        return isRole && (kind is PieceKind.Normal or PieceKind.UserDefined) ? PieceKind.Control : kind;
    }

    private static SpecialTokenNames Roles(GgufVocabulary vocabulary)
    {
        string? Name(int? id) => id is not { } known ? null
            : (uint)known < (uint)vocabulary.Tokens.Count ? vocabulary.Tokens[known]
            : throw Fault(vocabulary, TokenizerFormatError.InvalidVocabulary, $"a role names id {known}, but there are {vocabulary.Tokens.Count} tokens");
        return new SpecialTokenNames
        {
            BeginningOfSequence = Name(vocabulary.BeginToken),
            EndOfSequence = Name(vocabulary.EndToken),
            Padding = Name(vocabulary.PaddingToken),
        };
    }

    private static string NotEmpty(GgufVocabulary vocabulary, string token, int id) =>
        token.Length > 0 ? token : throw Fault(vocabulary, TokenizerFormatError.InvalidVocabulary, $"token {id} is empty");

    private static TokenizerFormatException Fault(GgufVocabulary vocabulary, TokenizerFormatError error, string reason) =>
        new(error, $"'{vocabulary.Source}': {reason}.");
}
