namespace OpenLedger.Lora.Gguf;

/// <summary>The tokenizer entries of a GGUF file (<c>tokenizer.ggml.*</c>) as they are stored: data for a tokenizer, not a tokenizer.</summary>
/// <remarks>Keys: <see href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md#tokenizer"/>. Immutable and thread-safe.</remarks>
public sealed record GgufTokenizerData
{
    /// <summary><c>tokenizer.ggml.model</c>: <c>llama</c> (SentencePiece BPE), <c>gpt2</c> (byte-level BPE), <c>t5</c> (unigram), …</summary>
    public required string Model { get; init; }

    /// <summary><c>tokenizer.ggml.pre</c>: name of llama.cpp's pre-tokenizer, for example <c>llama-bpe</c>; absent in older files.</summary>
    public string? PreTokenizer { get; init; }

    /// <summary><c>tokenizer.ggml.tokens</c>: text by token id. Byte-level vocabularies use GPT-2's printable alphabet.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary><c>tokenizer.ggml.scores</c>: one per token, or empty.</summary>
    public IReadOnlyList<float> Scores { get; init; } = [];

    /// <summary><c>tokenizer.ggml.token_type</c>: one per token, or empty.</summary>
    public IReadOnlyList<GgufTokenType> TokenTypes { get; init; } = [];

    /// <summary><c>tokenizer.ggml.merges</c>: two pieces with a space between them, by rank; or empty.</summary>
    public IReadOnlyList<string> Merges { get; init; } = [];

    /// <summary><c>tokenizer.ggml.bos_token_id</c></summary>
    public int? BeginToken { get; init; }

    /// <summary><c>tokenizer.ggml.eos_token_id</c></summary>
    public int? EndToken { get; init; }

    /// <summary><c>tokenizer.ggml.eot_token_id</c>: ends a turn of a conversation.</summary>
    public int? EndOfTurnToken { get; init; }

    /// <summary><c>tokenizer.ggml.unknown_token_id</c></summary>
    public int? UnknownToken { get; init; }

    /// <summary><c>tokenizer.ggml.padding_token_id</c></summary>
    public int? PaddingToken { get; init; }

    /// <summary><c>tokenizer.ggml.add_bos_token</c>; <see langword="null"/> leaves it to the kind of tokenizer.</summary>
    public bool? AddBeginToken { get; init; }

    /// <summary><c>tokenizer.ggml.add_eos_token</c>; <see langword="null"/> leaves it to the kind of tokenizer.</summary>
    public bool? AddEndToken { get; init; }

    /// <summary><c>tokenizer.ggml.add_space_prefix</c>; <see langword="null"/> leaves it to the kind of tokenizer.</summary>
    public bool? AddSpacePrefix { get; init; }

    /// <summary><c>tokenizer.ggml.remove_extra_whitespaces</c>; <see langword="null"/> leaves it to the kind of tokenizer.</summary>
    public bool? RemoveExtraWhitespace { get; init; }

    /// <summary><c>tokenizer.ggml.precompiled_charsmap</c>: normalisation table of SentencePiece, or empty.</summary>
    public ReadOnlyMemory<byte> PrecompiledCharacterMap { get; init; }

    /// <summary><c>tokenizer.chat_template</c>: a Jinja template.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Reads the entries and checks that they fit each other.</summary>
    /// <param name="file">An open file.</param>
    /// <returns>Data that stays valid after <paramref name="file"/> is disposed.</returns>
    /// <exception cref="ModelFormatException">
    /// Model or tokens are absent, an entry has the wrong type, scores or types are not one per token, a type is unknown, or a token id
    /// is outside the vocabulary.
    /// </exception>
    public static GgufTokenizerData Read(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        GgufMetadata metadata = file.Metadata;
        IReadOnlyList<string> tokens = metadata.GetStrings("tokenizer.ggml.tokens");
        IReadOnlyList<float> scores = metadata.FindSingles("tokenizer.ggml.scores") ?? [];
        IReadOnlyList<int> types = metadata.FindInt32s("tokenizer.ggml.token_type") ?? [];
        List<string> faults = [];
        if (scores.Count != 0 && scores.Count != tokens.Count)
        {
            faults.Add($"'tokenizer.ggml.scores' has {scores.Count} elements for {tokens.Count} tokens");
        }

        if (types.Count != 0 && types.Count != tokens.Count)
        {
            faults.Add($"'tokenizer.ggml.token_type' has {types.Count} elements for {tokens.Count} tokens");
        }

        // Type 0 stands for "undefined"; converters leave it at unused slots.
        int unknownType = types.FirstOrDefault(t => t is < 0 or > (int)GgufTokenType.Byte);
        if (unknownType != 0)
        {
            faults.Add($"'tokenizer.ggml.token_type' holds {unknownType}; known are 0 to {(int)GgufTokenType.Byte}");
        }

        int? Token(string key)
        {
            int? id = metadata.FindInt32(key);
            if (id is { } value && (value < 0 || value >= tokens.Count))
            {
                faults.Add($"'{key}' is {value}, outside the vocabulary of {tokens.Count} tokens");
            }

            return id;
        }

        GgufTokenizerData data = new()
        {
            Model = metadata.GetString("tokenizer.ggml.model"),
            PreTokenizer = metadata.FindString("tokenizer.ggml.pre"),
            Tokens = tokens,
            Scores = scores,
            TokenTypes = [.. types.Select(t => (GgufTokenType)t)],
            Merges = metadata.FindStrings("tokenizer.ggml.merges") ?? [],
            BeginToken = Token("tokenizer.ggml.bos_token_id"),
            EndToken = Token("tokenizer.ggml.eos_token_id"),
            EndOfTurnToken = Token("tokenizer.ggml.eot_token_id"),
            UnknownToken = Token("tokenizer.ggml.unknown_token_id"),
            PaddingToken = Token("tokenizer.ggml.padding_token_id"),
            AddBeginToken = metadata.FindBoolean("tokenizer.ggml.add_bos_token"),
            AddEndToken = metadata.FindBoolean("tokenizer.ggml.add_eos_token"),
            AddSpacePrefix = metadata.FindBoolean("tokenizer.ggml.add_space_prefix"),
            RemoveExtraWhitespace = metadata.FindBoolean("tokenizer.ggml.remove_extra_whitespaces"),
            PrecompiledCharacterMap = CharacterMap(metadata, faults),
            ChatTemplate = metadata.FindString("tokenizer.chat_template"),
        };
        return faults.Count == 0
            ? data
            : throw ModelFormatException.FromFaults(ModelFormatError.ConfigInvalid, file.Path, "the tokenizer entries do not fit:", faults);
    }

    private static ReadOnlyMemory<byte> CharacterMap(GgufMetadata metadata, List<string> faults)
    {
        const string Key = "tokenizer.ggml.precompiled_charsmap";
        if (!metadata.TryGetValue(Key, out object? value))
        {
            return default;
        }

        // Writers exist for both signednesses.
        switch (value)
        {
            case Array when value.GetType() == typeof(byte[]):
                return (byte[])value;
            case Array when value.GetType() == typeof(sbyte[]):
                return Array.ConvertAll((sbyte[])value, b => (byte)b);
            default:
                faults.Add($"'{Key}' is not an array of bytes");
                return default;
        }
    }
}
