using System.Globalization;
using System.Text;
using OpenLedger.Lora.Tokenization.Normalization;

namespace OpenLedger.Lora.Tokenization.SentencePiece;

/// <summary>Checks a SentencePiece model and puts a tokenizer together from it, with the additions of its family.</summary>
internal static class SentencePieceAssembly
{
    private const int MostBlanks = 80;

    // The names that the program code of ChatGLM2 and 3 puts above the SentencePiece vocabulary, in order.
    private static readonly string[] ChatGlm2Names =
        ["[MASK]", "[gMASK]", "[sMASK]", "sop", "eop", "<|system|>", "<|user|>", "<|assistant|>", "<|observation|>"];

    // The control pieces of ChatGLM-6B, some of which its model stores as user-defined symbols.
    private static readonly string[] ChatGlmNames = ["[MASK]", "[gMASK]", "[sMASK]", "<sop>", "<eop>"];

    /// <exception cref="TokenizerFormatException">The model contradicts itself or its family.</exception>
    public static SentencePieceTokenizer Create(SentencePieceModel model, TokenizerConfig config, TokenizerFamily? family)
    {
        if (family is TokenizerFamily.Llama3 or TokenizerFamily.Glm4)
        {
            throw Fault(model, TokenizerFormatError.UnsupportedComponent, $"family {family} has tiktoken ranks, but this is a SentencePiece model");
        }

        model = WithControlPieces(model, config, family);
        Dictionary<string, int> ids = CheckPieces(model, out int unknownId);
        SentencePieceDefinition definition = Assemble(model, ids, unknownId);
        definition = definition with
        {
            AddedTokens = AddedBeyond(model, config, ids),
            Roles = new SpecialTokenNames
            {
                BeginningOfSequence = config.Roles.BeginningOfSequence ?? model.Roles.BeginningOfSequence,
                EndOfSequence = config.Roles.EndOfSequence ?? model.Roles.EndOfSequence,
                Padding = config.Roles.Padding ?? model.Roles.Padding,
            },
        };
        definition = WithControlMarkup(WithAddedIds(definition, model), model);
        definition = family switch
        {
            TokenizerFamily.ChatGlm => AsChatGlm(definition, model, ids),
            TokenizerFamily.ChatGlm2 => AsChatGlm2(definition),
            _ => definition with
            {
                PromptPrefix = Ids(definition, config.AddsBeginToken, definition.Roles.BeginningOfSequence),
                PromptSuffix = Ids(definition, config.AddsEndToken, definition.Roles.EndOfSequence),
            },
        };
        return new SentencePieceTokenizer(definition);
    }

    /// <summary>
    /// Makes control pieces of those that are stored as text but steer the model: a user-defined symbol is always matched in text, so a
    /// user who writes Gemma's <c>&lt;end_of_turn&gt;</c> would end the turn and speak for the model.
    /// </summary>
    private static SentencePieceModel WithControlPieces(SentencePieceModel model, TokenizerConfig config, TokenizerFamily? family)
    {
        HashSet<string> flagged = [.. config.AddedTokens.Where(token => token.IsSpecial).Select(token => token.Content)];
        SpecialTokenNames own = model.Roles;
        flagged.UnionWith(new[]
        {
            config.Roles.BeginningOfSequence ?? own.BeginningOfSequence, config.Roles.EndOfSequence ?? own.EndOfSequence,
        }.OfType<string>());
        if (family == TokenizerFamily.ChatGlm)
        {
            flagged.UnionWith(ChatGlmNames);
        }

        // The symbols of white space have the names of control tokens, and text becomes them.
        HashSet<string> whiteSpace = family != TokenizerFamily.ChatGlm ? []
            : [ChatGlmTextNormalizer.Tab, .. Enumerable.Range(2, MostBlanks - 1).Select(ChatGlmTextNormalizer.Blanks)];
        return model with { Pieces = [.. model.Pieces.Select(piece => IsControl(piece) ? piece with { Kind = PieceKind.Control } : piece)] };

        bool IsControl(Piece piece) => piece.Kind switch
        {
            PieceKind.UserDefined => flagged.Contains(piece.Text) || (AddedToken.IsControlName(piece.Text) && !whiteSpace.Contains(piece.Text)),
            PieceKind.Normal => flagged.Contains(piece.Text),
            _ => false,
        };
    }

    private static Dictionary<string, int> CheckPieces(SentencePieceModel model, out int unknownId)
    {
        var ids = new Dictionary<string, int>(model.Pieces.Count, StringComparer.Ordinal);
        unknownId = -1;
        int bytes = 0;
        for (int id = 0; id < model.Pieces.Count; id++)
        {
            Piece piece = model.Pieces[id];
            if (!ids.TryAdd(piece.Text, id))
            {
                throw Fault(model, TokenizerFormatError.InvalidVocabulary, $"piece '{piece.Text}' is listed twice");
            }

            if (piece.Kind == PieceKind.Unknown)
            {
                unknownId = unknownId < 0 ? id : throw Fault(model, TokenizerFormatError.InvalidVocabulary, "two pieces are unknown");
            }

            bytes += piece.Kind == PieceKind.Byte ? 1 : 0;
            if (piece.Kind == PieceKind.Byte && Piece.ByteOf(piece.Text) is null)
            {
                throw Fault(model, TokenizerFormatError.InvalidVocabulary, $"byte piece {id} is named '{piece.Text}'; a name is like <0x41>");
            }

            if (piece.Kind == PieceKind.Unused && model.Type == SentencePieceModelType.Bpe && !model.PadsWithUnused)
            {
                throw Fault(model, TokenizerFormatError.UnsupportedComponent, $"piece '{piece.Text}' of type UNUSED is not supported in a BPE model");
            }
        }

        if (unknownId < 0)
        {
            throw Fault(model, TokenizerFormatError.InvalidVocabulary, "no piece is unknown");
        }

        return !model.HasByteFallback || bytes == 256
            ? ids
            : throw Fault(model, TokenizerFormatError.InvalidVocabulary, $"byte_fallback needs 256 byte pieces, but there are {bytes}");
    }

    private static SentencePieceDefinition Assemble(SentencePieceModel model, Dictionary<string, int> ids, int unknownId)
    {
        IReadOnlyList<Piece> pieces = model.Pieces;
        var text = new Dictionary<string, int>(
            ids.Where(entry => pieces[entry.Value].Kind is PieceKind.Normal or PieceKind.UserDefined), StringComparer.Ordinal);
        int[]? byteIds = model.HasByteFallback
            ? [.. Enumerable.Range(0, 256).Select(value => ids.GetValueOrDefault($"<0x{value:X2}>", unknownId))]
            : null;
        var symbols = new SymbolMatcher(pieces.Where(piece => piece.Kind == PieceKind.UserDefined).Select(piece => piece.Text));
        var unknown = new UnknownText(byteIds, unknownId, fuses: true);
        float[] scores = [.. pieces.Select(piece => piece.Score)];
        float[] learnt = [.. pieces.Where(piece => piece.Kind == PieceKind.Normal).Select(piece => piece.Score).DefaultIfEmpty()];
        return new SentencePieceDefinition
        {
            Normalizer = new SentencePieceNormalizer(model.Map, symbols, model.AddsDummyPrefix, model.RemovesExtraSpaces, model.EscapesSpaces),
            Encoder = model.Type switch
            {
                SentencePieceModelType.Bpe => BpePieceEncoder.ByScore(text, scores, pieces.Count, unknown, symbols),
                SentencePieceModelType.Unigram => new UnigramPieceEncoder(
                    text, scores, [.. pieces.Select(piece => piece.Kind == PieceKind.UserDefined)], learnt.Min(), learnt.Max(), unknown),
                _ => new WholePieceEncoder(text, symbols, model.Type == SentencePieceModelType.Word, unknown),
            },
            Bytes = [.. pieces.Select(BytesOf)],
            IsSpecial = [.. pieces.Select(piece => piece.Kind is PieceKind.Control or PieceKind.Unknown)],
            AddedTokens = [],
            NamedIds = ids.Where(entry => pieces[entry.Value].Kind is PieceKind.Control or PieceKind.Unknown or PieceKind.UserDefined)
                .ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal),
            LeadingSpaces = model.RemovesExtraSpaces ? LeadingSpaces.DropPerToken : model.AddsDummyPrefix ? LeadingSpaces.DropOne : LeadingSpaces.Keep,
        };
    }

    private static byte[] BytesOf(Piece piece) => piece.Kind switch
    {
        PieceKind.Control or PieceKind.Unknown => [],
        PieceKind.Byte => [Piece.ByteOf(piece.Text)!.Value],
        _ => Encoding.UTF8.GetBytes(piece.Text.Replace(SentencePieceNormalizer.Space, ' ')),
    };

    /// <summary>The tokens of <c>tokenizer_config.json</c> that the model does not have: their ids go on after its last.</summary>
    private static List<AddedToken> AddedBeyond(SentencePieceModel model, TokenizerConfig config, Dictionary<string, int> ids)
    {
        var added = new List<AddedToken>();
        foreach (AddedToken token in config.AddedTokens.OrderBy(token => token.Id))
        {
            if (ids.TryGetValue(token.Content, out int id))
            {
                if (id != token.Id)
                {
                    throw Fault(model, TokenizerFormatError.InvalidAddedToken, $"added token '{token.Content}' has id {token.Id}, but {id} in the model");
                }

                continue;
            }

            // ChatGLM lists the tokens of its program code too, under the ids that they have anyway.
            if (token.Content.Length == 0 || token.Id != model.Pieces.Count + added.Count)
            {
                throw Fault(
                    model, TokenizerFormatError.InvalidAddedToken,
                    $"added token '{token.Content}' has id {token.Id}; the next free one is {model.Pieces.Count + added.Count}");
            }

            added.Add(token);
        }

        return added;
    }

    private static SentencePieceDefinition WithAddedIds(SentencePieceDefinition definition, SentencePieceModel model)
    {
        int count = model.Pieces.Count;
        return definition with
        {
            Bytes = [.. definition.Bytes.Take(count), .. definition.AddedTokens.Select(token => token.IsSpecial ? [] : Encoding.UTF8.GetBytes(token.Content))],
            IsSpecial = [.. definition.IsSpecial.Take(count), .. definition.AddedTokens.Select(token => token.IsSpecial)],
        };
    }

    /// <summary>Lets markup, and only markup, spell the control pieces of the model.</summary>
    private static SentencePieceDefinition WithControlMarkup(SentencePieceDefinition definition, SentencePieceModel model) => definition with
    {
        AddedTokens =
        [
            .. model.Pieces.Index().Where(piece => piece.Item.Kind == PieceKind.Control)
                .Select(piece => new AddedToken(piece.Index, piece.Item.Text, IsSpecial: true)),
            .. definition.AddedTokens,
        ],
    };

    private static SentencePieceDefinition AsChatGlm(SentencePieceDefinition definition, SentencePieceModel model, Dictionary<string, int> ids)
    {
        int Required(string name) => ids.TryGetValue(name, out int id)
            ? id
            : throw Fault(model, TokenizerFormatError.InvalidVocabulary, $"piece '{name}', which ChatGLM-6B needs, is missing");

        // Written as symbols of the model and read back as what they stand for.
        byte[][] bytes = [.. definition.Bytes];
        bytes[Required(ChatGlmTextNormalizer.LineBreak)] = "\n"u8.ToArray();
        bytes[Required(ChatGlmTextNormalizer.Tab)] = "\t"u8.ToArray();
        for (int count = 2; count <= MostBlanks; count++)
        {
            bytes[Required(ChatGlmTextNormalizer.Blanks(count))] = Encoding.UTF8.GetBytes(new string(' ', count));
        }

        return definition with
        {
            Normalizer = new NormalizerSequence([new ChatGlmTextNormalizer(MostBlanks), definition.Normalizer]),
            Bytes = bytes,
            PromptSuffix = [Required("[gMASK]"), Required("<sop>")],
            Roles = new SpecialTokenNames { BeginningOfSequence = "<sop>", EndOfSequence = "<eop>", Padding = "<pad>" },
        };
    }

    private static SentencePieceDefinition AsChatGlm2(SentencePieceDefinition definition)
    {
        int count = definition.Bytes.Length;
        string[] missing = [.. ChatGlm2Names.Where(name => definition.AddedTokens.All(token => token.Content != name))];
        AddedToken[] added = [.. missing.Index().Select(name => new AddedToken(count + name.Index, name.Item, IsSpecial: true))];
        definition = definition with
        {
            // Control tokens whatever tokenizer_config.json says of them: sop has no markup that would tell.
            AddedTokens = [.. definition.AddedTokens.Select(token => token with { IsSpecial = token.IsSpecial || ChatGlm2Names.Contains(token.Content) }), .. added],
            Bytes = [.. definition.Bytes, .. added.Select(_ => Array.Empty<byte>())],
            IsSpecial = [.. definition.IsSpecial, .. added.Select(_ => true)],
        };
        return definition with { PromptPrefix = [.. Ids(definition, adds: true, "[gMASK]"), .. Ids(definition, adds: true, "sop")] };
    }

    private static int[] Ids(SentencePieceDefinition definition, bool adds, string? name)
    {
        if (!adds || name is null)
        {
            return [];
        }

        return definition.NamedIds.TryGetValue(name, out int id) ? [id]
            : definition.AddedTokens.FirstOrDefault(token => token.Content == name) is { } token ? [token.Id]
            : [];
    }

    private static TokenizerFormatException Fault(SentencePieceModel model, TokenizerFormatError error, string reason) =>
        new(error, string.Create(CultureInfo.InvariantCulture, $"'{model.Source}': {reason}."));
}
