using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenLedger.Lora.Tokenization;

/// <summary>A trained byte-level BPE vocabulary, ready to use or to be written in the Hugging Face layout.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class BpeVocabulary
{
    private readonly string[] _tokens;
    private readonly (string Left, string Right)[] _merges;
    private readonly string[] _specialTokens;

    internal BpeVocabulary(
        IEnumerable<string> tokens,
        IEnumerable<(string Left, string Right)> merges,
        IEnumerable<string> specialTokens,
        SpecialTokenNames roles)
    {
        _tokens = [.. tokens];
        _merges = [.. merges];
        _specialTokens = [.. specialTokens];
        Roles = roles;
    }

    /// <summary>Every token at the index of its id; bytes are written in the stand-in characters of byte-level BPE.</summary>
    public IReadOnlyList<string> Tokens => Array.AsReadOnly(_tokens);

    /// <summary>The merge rules, the most important first.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges => Array.AsReadOnly(_merges);

    /// <summary>The control tokens, whose ids are their indices.</summary>
    public IReadOnlyList<string> SpecialTokens => Array.AsReadOnly(_specialTokens);

    /// <summary>Which special tokens begin, end and pad a sequence.</summary>
    public SpecialTokenNames Roles { get; }

    /// <summary>Builds the tokenizer of this vocabulary without touching the disk.</summary>
    /// <returns>A tokenizer that behaves as one loaded from the files of <see cref="Save"/>.</returns>
    public ByteLevelBpeTokenizer ToTokenizer() => new(new ByteLevelBpeDefinition
    {
        Source = "the trained vocabulary",
        Vocabulary = _tokens.Index().ToDictionary(token => token.Item, token => token.Index, StringComparer.Ordinal),
        Merges = _merges,
        AddedTokens = [.. _specialTokens.Index().Select(token => new AddedToken(token.Index, token.Item, IsSpecial: true))],
        Splits = [SplitPattern.Gpt2],
        Roles = Roles,
    });

    /// <summary>
    /// Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c>, which <see cref="ByteLevelBpeTokenizer.Load"/> and the
    /// Hugging Face <c>tokenizers</c> library read. Equal vocabularies give equal bytes.
    /// </summary>
    /// <param name="folder">The folder; created where it is missing. Both files are replaced.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is null or empty.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        Write(Path.Combine(folder, TokenizerFiles.TokenizerJson), WriteTokenizer);
        Write(Path.Combine(folder, TokenizerFiles.TokenizerConfigJson), WriteConfig);
    }

    private static void Write(string path, Action<Utf8JsonWriter> content)
    {
        // Written beside and renamed, so that a crash never leaves half a file under the real name.
        string temporary = path + ".tmp";
        using (FileStream stream = File.Create(temporary))
        {
            using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions
            {
                Indented = true,
                NewLine = "\n",
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            });
            content(writer);
            writer.Flush();
            stream.WriteByte((byte)'\n');
        }

        File.Move(temporary, path, overwrite: true);
    }

    private void WriteTokenizer(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        json.WriteStartArray("added_tokens");
        for (int id = 0; id < _specialTokens.Length; id++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            WriteAddedToken(json, _specialTokens[id]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("normalizer");
        WriteByteLevel(json, "pre_tokenizer", addPrefixSpace: false);
        json.WriteNull("post_processor");
        WriteByteLevel(json, "decoder", addPrefixSpace: true);
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteNull("unk_token");
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", false);
        json.WriteStartObject("vocab");
        for (int id = 0; id < _tokens.Length; id++)
        {
            json.WriteNumber(_tokens[id], id);
        }

        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach ((string left, string right) in _merges)
        {
            // The form "a b" is read by every version of the library; a stand-in alphabet has no space to confuse it.
            json.WriteStringValue($"{left} {right}");
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteConfig(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("add_prefix_space", false);
        json.WriteStartObject("added_tokens_decoder");
        for (int id = 0; id < _specialTokens.Length; id++)
        {
            json.WriteStartObject(id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            WriteAddedToken(json, _specialTokens[id]);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteRole(json, "bos_token", Roles.BeginningOfSequence);
        json.WriteBoolean("clean_up_tokenization_spaces", false);
        WriteRole(json, "eos_token", Roles.EndOfSequence);
        WriteRole(json, "pad_token", Roles.Padding);
        json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        json.WriteEndObject();
    }

    private static void WriteRole(Utf8JsonWriter json, string role, string? token)
    {
        if (token is not null)
        {
            json.WriteString(role, token);
        }
    }

    private static void WriteAddedToken(Utf8JsonWriter json, string content)
    {
        json.WriteString("content", content);
        json.WriteBoolean("single_word", false);
        json.WriteBoolean("lstrip", false);
        json.WriteBoolean("rstrip", false);
        json.WriteBoolean("normalized", false);
        json.WriteBoolean("special", true);
    }

    private static void WriteByteLevel(Utf8JsonWriter json, string name, bool addPrefixSpace)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", addPrefixSpace);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", true);
        json.WriteEndObject();
    }
}
