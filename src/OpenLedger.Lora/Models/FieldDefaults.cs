namespace OpenLedger.Lora.Models;

/// <summary>
/// What a family takes for the fields that its <c>config.json</c> may leave out, and the reader of the field names that most families share.
/// A size of <see langword="null"/> must be given by the file.
/// </summary>
internal sealed record FieldDefaults
{
    public int? VocabularySize { get; init; }

    public int? HiddenSize { get; init; }

    public int? IntermediateSize { get; init; }

    public int? LayerCount { get; init; }

    public int? HeadCount { get; init; }

    /// <summary><see langword="null"/>: as many as query heads.</summary>
    public int? KeyValueHeadCount { get; init; }

    /// <summary><see langword="null"/>: the width over the number of heads.</summary>
    public int? HeadSize { get; init; }

    public int MaxPositions { get; init; } = 2048;

    public double Theta { get; init; } = 10_000;

    public double PartialRotary { get; init; } = 1;

    public bool InterleavedRotary { get; init; }

    public double NormEpsilon { get; init; } = 1e-6;

    public bool TiedEmbeddings { get; init; }

    public string Activation { get; init; } = "silu";

    /// <summary>Reads the shared fields; the rotary ones unless the family reads them itself.</summary>
    public DecoderDescription Read(JsonConfig config, bool readRotary = true)
    {
        int hidden = Size(config, "hidden_size", HiddenSize);
        int heads = Size(config, "num_attention_heads", HeadCount);
        int headSize = config.OptionalInt32("head_dim") ?? HeadSize ?? (heads > 0 ? hidden / heads : 0);
        int positions = config.OptionalInt32("max_position_embeddings") ?? MaxPositions;
        RotaryConfig rotary = new(config, headSize, positions) { DefaultTheta = Theta, DefaultPartial = PartialRotary, Interleaved = InterleavedRotary };
        RotaryDescription rope = readRotary ? rotary.Read() : new RotaryDescription();
        return new DecoderDescription
        {
            VocabularySize = Size(config, "vocab_size", VocabularySize),
            HiddenSize = hidden,
            IntermediateSize = Size(config, "intermediate_size", IntermediateSize),
            LayerCount = Size(config, "num_hidden_layers", LayerCount),
            HeadCount = heads,
            KeyValueHeadCount = config.OptionalInt32("num_key_value_heads") ?? KeyValueHeadCount ?? heads,
            HeadSize = headSize,
            MaxPositions = rotary.LongestSequence,
            Rope = rope,
            NormEpsilon = config.OptionalDouble("rms_norm_eps", NormEpsilon),
            TiedEmbeddings = config.OptionalBoolean("tie_word_embeddings", TiedEmbeddings),
            Activation = ReadActivation(config, "hidden_act", Activation),
        };
    }

    /// <summary>Reads the name of an activation as transformers calls it.</summary>
    public static Activation ReadActivation(JsonConfig config, string field, string defaultName)
    {
        string name = config.OptionalString(field) ?? defaultName;
        switch (name)
        {
            case "silu" or "swish":
                return Models.Activation.Silu;
            case "gelu":
                return Models.Activation.Gelu;
            case "gelu_new" or "gelu_fast" or "gelu_pytorch_tanh":
                return Models.Activation.GeluTanh;
            default:
                config.Unsupported.Add(
                    $"{config.Quote(field)} is '{name}'; implemented are 'silu', 'swish', 'gelu', 'gelu_new', 'gelu_fast' and 'gelu_pytorch_tanh'");
                return default;
        }
    }

    /// <summary>A number that has two names; a file with both must give both the same value.</summary>
    public static int? OfEither(JsonConfig config, string name, string otherName)
    {
        int? value = config.OptionalInt32(name), other = config.OptionalInt32(otherName);
        if (value is not null && other is not null && value != other)
        {
            config.Faults.Add($"{config.Quote(name)} and {config.Quote(otherName)} differ: {value} and {other}");
        }

        return value ?? other;
    }

    /// <summary>A number that has two names and must be given by one of them.</summary>
    public static int RequiredOfEither(JsonConfig config, string name, string otherName) =>
        OfEither(config, name, otherName) ?? config.RequiredInt32(name);

    /// <summary>Refuses a flag that has another value than the one implemented.</summary>
    public static void Require(JsonConfig config, string flag, bool implemented, string meaning)
    {
        if (config.OptionalBoolean(flag, implemented) != implemented)
        {
            config.Unsupported.Add($"{config.Quote(flag)} is {(implemented ? "false" : "true")}; {meaning}");
        }
    }

    private static int Size(JsonConfig config, string name, int? defaultValue) =>
        defaultValue is int value ? config.OptionalInt32(name) ?? value : config.RequiredInt32(name);
}
