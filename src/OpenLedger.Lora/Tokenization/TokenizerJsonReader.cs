using System.Text.Json;

namespace OpenLedger.Lora.Tokenization;

/// <summary>
/// Reads the byte-level BPE form of a Hugging Face <c>tokenizer.json</c> (the layout of the <c>tokenizers</c> library).
/// What it does not implement it refuses by name: a tokenizer that is nearly right is worse than none.
/// </summary>
internal static class TokenizerJsonReader
{
    public static ByteLevelBpeDefinition Read(string folder)
    {
        string path = Path.Combine(folder, TokenizerFiles.TokenizerJson);
        using JsonFile file = JsonFile.Open(path);
        JsonField root = file.Root;
        root.RequireKind(JsonValueKind.Object);

        ReadPostProcessor(root.Optional("post_processor"));
        ReadDecoder(root.Required("decoder"));
        JsonField model = root.Required("model");
        ReadModelOptions(model);
        return new ByteLevelBpeDefinition
        {
            Source = $"'{path}'",
            Vocabulary = ReadVocabulary(model.Required("vocab")),
            Merges = ReadMerges(model.Required("merges")),
            AddedTokens = ReadAddedTokens(root.Optional("added_tokens")),
            Splits = ReadPreTokenizer(root.Required("pre_tokenizer")),
            IgnoreMerges = model.Flag("ignore_merges", absent: false),
            NormalizeToNfc = ReadNormalizer(root.Optional("normalizer")),
            Roles = TokenizerConfigReader.Read(folder).Roles,
        };
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

    private static void ReadModelOptions(JsonField model)
    {
        // Old files omit the type; every other model has another shape, so the fields below still tell them apart.
        if (model.Optional("type") is { } type && type.Text() != "BPE")
        {
            throw type.Unsupported($"model '{type.Text()}'");
        }

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

        if (model.Flag("byte_fallback", absent: false))
        {
            throw model.Unsupported("byte_fallback (a SentencePiece-style vocabulary)");
        }
    }

    private static List<(string Left, string Right)> ReadMerges(JsonField field)
    {
        var merges = new List<(string Left, string Right)>();
        foreach (JsonField merge in field.Items())
        {
            if (merge.Kind == JsonValueKind.String)
            {
                merges.Add(MergeRule.Parse(merge.Text(), merge.Fault));
                continue;
            }

            JsonField[] parts = [.. merge.Items().Take(3)];
            merges.Add(parts.Length == 2
                ? (parts[0].Text(), parts[1].Text())
                : throw merge.Fault(TokenizerFormatError.InvalidMerge, "a merge must have two parts"));
        }

        return merges;
    }

    private static List<AddedToken> ReadAddedTokens(JsonField? field)
    {
        var tokens = new List<AddedToken>();
        foreach (JsonField token in field?.Items() ?? [])
        {
            // single_word, lstrip, rstrip and normalized only matter where added tokens are searched in text: never here.
            tokens.Add(new AddedToken(
                token.Required("id").NonNegativeInteger(), token.Required("content").Text(), token.Flag("special", absent: false)));
        }

        return tokens;
    }

    private static bool ReadNormalizer(JsonField? field)
    {
        if (field is null)
        {
            return false;
        }

        string type = field.Required("type").Text();
        return type switch
        {
            "NFC" => true,
            "Sequence" when !field.Required("normalizers").Items().Any() => false,
            _ => throw field.Unsupported($"normalizer '{type}'"),
        };
    }

    private static List<SplitPattern> ReadPreTokenizer(JsonField field)
    {
        string type = field.Required("type").Text();
        JsonField[] parts = type == "Sequence" ? [.. field.Required("pretokenizers").Items()] : [field];
        var patterns = new List<SplitPattern>();
        for (int i = 0; i < parts.Length; i++)
        {
            string part = parts[i].Required("type").Text();
            bool isLast = i == parts.Length - 1;
            if (part == "ByteLevel" && isLast)
            {
                if (parts[i].Flag("add_prefix_space", absent: true))
                {
                    throw parts[i].Unsupported("ByteLevel with add_prefix_space true");
                }

                patterns.AddRange(parts[i].Flag("use_regex", absent: true) ? [SplitPattern.Gpt2] : []);
                return patterns;
            }

            // What follows ByteLevel would cut between the bytes of a character, which words of text cannot express.
            patterns.Add(part == "Split" && !isLast ? ReadSplit(parts[i]) : throw parts[i].Unsupported($"pre_tokenizer '{part}' in this place"));
        }

        throw field.Unsupported("a pre_tokenizer Sequence without parts");
    }

    private static SplitPattern ReadSplit(JsonField split)
    {
        string behavior = split.Required("behavior").Text();
        if (behavior != "Isolated" || split.Flag("invert", absent: false))
        {
            throw split.Unsupported($"Split with behavior '{behavior}' or with invert true");
        }

        string source = split.Required("pattern").Required("Regex").Text();
        return SplitPattern.Find(source) ?? throw split.Unsupported($"Split pattern '{source}'");
    }

    private static void ReadPostProcessor(JsonField? field)
    {
        // Post-processors add special tokens around the text or adjust offsets. EncodeText does neither by contract.
        if (field is null)
        {
            return;
        }

        string type = field.Required("type").Text();
        if (type == "Sequence")
        {
            foreach (JsonField part in field.Required("processors").Items())
            {
                ReadPostProcessor(part);
            }
        }
        else if (type is not ("TemplateProcessing" or "ByteLevel"))
        {
            throw field.Unsupported($"post_processor '{type}'");
        }
    }

    private static void ReadDecoder(JsonField field)
    {
        string type = field.Required("type").Text();
        if (type != "ByteLevel")
        {
            throw field.Unsupported($"decoder '{type}'");
        }
    }
}
