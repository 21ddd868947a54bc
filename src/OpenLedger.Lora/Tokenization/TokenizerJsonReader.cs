using System.Text.Json;
using OpenLedger.Lora.Tokenization.Json;

namespace OpenLedger.Lora.Tokenization;

/// <summary>
/// Reads a Hugging Face <c>tokenizer.json</c> (the layout of the <c>tokenizers</c> library): byte-level BPE, and BPE or unigram over
/// pieces of text. What it does not implement it refuses by name: a tokenizer that is nearly right is worse than none.
/// </summary>
internal static class TokenizerJsonReader
{
    public static Tokenizer Read(string folder)
    {
        string path = Path.Combine(folder, TokenizerFiles.TokenizerJson);
        using JsonFile file = JsonFile.Open(path);
        JsonField root = file.Root;
        root.RequireKind(JsonValueKind.Object);

        JsonField model = root.Required("model");
        PreTokenizerComponents preTokenizer = PreTokenizerReader.Read(root.Optional("pre_tokenizer"));
        List<AddedToken> added = ReadAddedTokens(root.Optional("added_tokens"));
        TokenizerConfig config = TokenizerConfigReader.Read(folder);
        SpecialTokenNames roles = config.Roles;
        JsonField? postProcessor = root.Optional("post_processor");
        (int[] prefix, int[] suffix) = PostProcessorReader.Read(postProcessor);
        if (!PostProcessorReader.HasTemplate(postProcessor))
        {
            // DeepSeek says it with flags; only explicit ones count, because a template is the rule and its absence means nothing.
            prefix = Ids(added, config.BeginTokenFlag == true, roles.BeginningOfSequence);
            suffix = Ids(added, config.AddsEndToken, roles.EndOfSequence);
        }

        Tokenizer tokenizer = preTokenizer.IsByteLevel
            ? new ByteLevelBpeTokenizer(ReadByteLevel(root, model, preTokenizer, added, path) with { Roles = roles, PromptPrefix = prefix, PromptSuffix = suffix })
            : new SentencePieceTokenizer(
                PieceModelReader.Read(root, model, preTokenizer, added) with { Roles = roles, PromptPrefix = prefix, PromptSuffix = suffix });
        return prefix.Concat(suffix).All(id => id < tokenizer.VocabularySize)
            ? tokenizer
            : throw root.Fault(TokenizerFormatError.InvalidField, "post_processor names an id outside the vocabulary");
    }

    public static Dictionary<string, int> ReadVocabulary(JsonField field)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string token, JsonField id) in field.Members())
        {
            if (!vocabulary.TryAdd(token, id.NonNegativeInteger()))
            {
                throw field.Fault(TokenizerFormatError.InvalidVocabulary, $"token '{token}' is listed twice");
            }
        }

        return vocabulary;
    }

    public static List<(string Left, string Right)> ReadMerges(JsonField field, IReadOnlyDictionary<string, int> vocabulary)
    {
        var merges = new List<(string Left, string Right)>();
        foreach (JsonField merge in field.Items())
        {
            if (merge.Kind == JsonValueKind.String)
            {
                merges.Add(MergeRule.Parse(merge.Text(), vocabulary, merge.Fault));
                continue;
            }

            JsonField[] parts = [.. merge.Items().Take(3)];
            merges.Add(parts.Length == 2
                ? (parts[0].Text(), parts[1].Text())
                : throw merge.Fault(TokenizerFormatError.InvalidMerge, "a merge must have two parts"));
        }

        return merges;
    }

    /// <summary>Refuses the options of a BPE model that change its ids and are not implemented.</summary>
    public static void CheckBpeOptions(JsonField model)
    {
        if (model.Optional("dropout") is { } dropout)
        {
            throw dropout.Unsupported("BPE dropout, which makes encoding random");
        }

        foreach (string affix in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (model.Optional(affix) is { } value && value.Text().Length > 0)
            {
                throw value.Unsupported($"{affix} '{value.Text()}'");
            }
        }
    }

    private static ByteLevelBpeDefinition ReadByteLevel(
        JsonField root, JsonField model, PreTokenizerComponents preTokenizer, List<AddedToken> added, string path)
    {
        // Old files omit the type; every other model has another shape, so the fields below still tell them apart.
        if (model.Optional("type") is { } type && type.Text() != "BPE")
        {
            throw type.Unsupported($"model '{type.Text()}' after ByteLevel");
        }

        CheckBpeOptions(model);
        if (model.Flag("byte_fallback", absent: false))
        {
            throw model.Unsupported("byte_fallback after ByteLevel");
        }

        JsonField decoder = root.Required("decoder");
        string decoderType = decoder.Required("type").Text();
        if (decoderType != "ByteLevel")
        {
            throw decoder.Unsupported($"decoder '{decoderType}' after ByteLevel");
        }

        Dictionary<string, int> vocabulary = ReadVocabulary(model.Required("vocab"));
        return new ByteLevelBpeDefinition
        {
            Source = $"'{path}'",
            Vocabulary = vocabulary,
            Merges = ReadMerges(model.Required("merges"), vocabulary),
            AddedTokens = added,
            Normalizer = NormalizerReader.Read(root.Optional("normalizer")),
            Splits = preTokenizer.Splits,
            ByteSplits = preTokenizer.ByteSplits,
            AddsPrefixSpace = preTokenizer.AddsPrefixSpace,
            IgnoreMerges = model.Flag("ignore_merges", absent: false),
        };
    }

    private static int[] Ids(List<AddedToken> added, bool adds, string? role) =>
        adds && added.Find(token => token.Content == role) is { } token ? [token.Id] : [];

    private static List<AddedToken> ReadAddedTokens(JsonField? field)
    {
        var tokens = new List<AddedToken>();
        foreach (JsonField token in field?.Items() ?? [])
        {
            tokens.Add(TokenizerConfigReader.ReadAddedToken(token.Required("id").NonNegativeInteger(), token));
        }

        return tokens;
    }
}
