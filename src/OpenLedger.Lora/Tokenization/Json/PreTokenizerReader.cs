using OpenLedger.Lora.Tokenization.SentencePiece;
using OpenLedger.Lora.Tokenization.Splitting;

namespace OpenLedger.Lora.Tokenization.Json;

/// <summary>Reads the member <c>pre_tokenizer</c>.</summary>
internal static class PreTokenizerReader
{
    public static PreTokenizerComponents Read(JsonField? field)
    {
        var result = new PreTokenizerComponents();
        if (field is null)
        {
            return result;
        }

        JsonField[] parts = [.. Flatten(field)];
        if (parts.Length == 0)
        {
            throw field.Unsupported("a pre_tokenizer Sequence without parts");
        }

        var splits = new List<WordCutter>();
        var byteSplits = new List<WordCutter>();
        foreach ((int index, JsonField part) in parts.Index())
        {
            string type = part.Required("type").Text();
            switch (type)
            {
                case "ByteLevel" when !result.IsByteLevel && !result.HasMetaspace:
                    bool addsPrefix = part.Flag("add_prefix_space", absent: true);
                    if (addsPrefix && index > 0)
                    {
                        throw part.Unsupported("ByteLevel with add_prefix_space true after another pre_tokenizer");
                    }

                    result = result with { IsByteLevel = true, AddsPrefixSpace = addsPrefix };
                    splits.AddRange(part.Flag("use_regex", absent: true) ? [SplitPattern.Gpt2] : []);
                    break;
                case "Metaspace" when index == 0:
                    result = ReadMetaspace(part, splits);
                    break;
                default:
                    (result.IsByteLevel ? byteSplits : splits).Add(ReadCutter(part, type));
                    break;
            }
        }

        return result with { Splits = splits, ByteSplits = byteSplits };
    }

    private static IEnumerable<JsonField> Flatten(JsonField field) => field.Required("type").Text() == "Sequence"
        ? field.Required("pretokenizers").Items().SelectMany(Flatten)
        : [field];

    private static PreTokenizerComponents ReadMetaspace(JsonField part, List<WordCutter> splits)
    {
        RequireMark(part);
        string scheme = part.Optional("prepend_scheme")?.Text() ?? (part.Flag("add_prefix_space", absent: true) ? "always" : "never");
        if (part.Flag("split", absent: true))
        {
            splits.Add(new MatchCutter(new LiteralPattern(SentencePieceNormalizer.Space.ToString()), CutBehavior.MergedWithNext));
        }

        return new PreTokenizerComponents
        {
            HasMetaspace = true,
            SpaceMark = scheme switch
            {
                "always" => SpaceMark.Always,
                "first" => SpaceMark.First,
                "never" => null,
                _ => throw part.Fault(TokenizerFormatError.InvalidField, $"prepend_scheme must be always, first or never, but is '{scheme}'"),
            },
        };
    }

    /// <summary>The mark of <c>Metaspace</c> may be any character in the format; every published file has U+2581.</summary>
    public static void RequireMark(JsonField metaspace)
    {
        string mark = metaspace.Optional("replacement")?.Text() ?? "\u2581";
        if (mark != "\u2581")
        {
            throw metaspace.Unsupported($"Metaspace with the replacement '{mark}'");
        }
    }

    private static WordCutter ReadCutter(JsonField part, string type) => type switch
    {
        "Split" => ReadSplit(part),
        "Digits" => new MatchCutter(ClassPattern.Numbers, part.Flag("individual_digits", absent: false) ? CutBehavior.Isolated : CutBehavior.Contiguous),
        "Punctuation" => new MatchCutter(ClassPattern.Punctuation, part.Optional("behavior") is { } behavior ? ReadBehavior(behavior) : CutBehavior.Isolated),
        "WhitespaceSplit" => new MatchCutter(ClassPattern.WhiteSpace, CutBehavior.Removed),
        "Whitespace" => new MatchCutter(UnicodePattern.Parse(@"\w+|[^\w\s]+"), CutBehavior.Removed, isInverted: true),
        _ => throw part.Unsupported($"pre_tokenizer '{type}' in this place"),
    };

    private static WordCutter ReadSplit(JsonField split)
    {
        CutBehavior behavior = ReadBehavior(split.Required("behavior"));
        bool isInverted = split.Flag("invert", absent: false);
        JsonField pattern = split.Required("pattern");
        if (pattern.Optional("String") is not null)
        {
            return new MatchCutter(NormalizerReader.ReadPattern(pattern), behavior, isInverted);
        }

        JsonField source = pattern.Required("Regex");
        try
        {
            return SplitPattern.Create(source.Text(), behavior, isInverted);
        }
        catch (FormatException exception)
        {
            throw source.Unsupported($"regular expression '{source.Text()}': {exception.Message}");
        }
    }

    private static CutBehavior ReadBehavior(JsonField field) =>
        Enum.TryParse(field.Text(), ignoreCase: false, out CutBehavior behavior) && Enum.IsDefined(behavior) && !char.IsAsciiDigit(field.Text()[0])
            ? behavior
            : throw field.Unsupported($"the behavior '{field.Text()}'");
}
