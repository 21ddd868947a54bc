using System.Globalization;
using System.Text.Json;

namespace OpenLedger.Lora.Tokenization;

/// <summary>Reads the roles of special tokens, the added tokens and the class from <c>tokenizer_config.json</c>.</summary>
internal static class TokenizerConfigReader
{
    public static TokenizerConfig Read(string folder)
    {
        string path = Path.Combine(folder, TokenizerFiles.TokenizerConfigJson);
        if (!File.Exists(path))
        {
            return new TokenizerConfig();
        }

        using JsonFile file = JsonFile.Open(path);
        file.Root.RequireKind(JsonValueKind.Object);
        return new TokenizerConfig
        {
            Roles = new SpecialTokenNames
            {
                BeginningOfSequence = ReadRole(file.Root, "bos_token"),
                EndOfSequence = ReadRole(file.Root, "eos_token"),
                Padding = ReadRole(file.Root, "pad_token"),
            },
            TokenizerClass = file.Root.Optional("tokenizer_class")?.Text(),
            AddedTokens = ReadAddedTokens(file.Root.Optional("added_tokens_decoder")),
            BeginTokenFlag = file.Root.Optional("add_bos_token") is null ? null : file.Root.Flag("add_bos_token", absent: false),
            AddsEndToken = file.Root.Flag("add_eos_token", absent: false),
            ImageTokenCount = file.Root.Optional("num_image_tokens")?.NonNegativeInteger() ?? 0,
        };
    }

    /// <summary>A role is the token itself, or an object with its <c>content</c>.</summary>
    private static string? ReadRole(JsonField root, string name) => root.Optional(name) switch
    {
        null => null,
        { Kind: JsonValueKind.Object } token => token.Required("content").Text(),
        { } token => token.Text(),
    };

    private static List<AddedToken> ReadAddedTokens(JsonField? field)
    {
        var tokens = new List<AddedToken>();
        foreach ((string key, JsonField token) in field?.Members() ?? [])
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                throw token.Fault(TokenizerFormatError.InvalidAddedToken, $"'{key}' is not an id");
            }

            tokens.Add(ReadAddedToken(id, token));
        }

        return tokens;
    }

    /// <summary>An added token of either file.</summary>
    public static AddedToken ReadAddedToken(int id, JsonField token) =>
        new(id, token.Required("content").Text(), token.Flag("special", absent: false))
        {
            StripsLeft = token.Flag("lstrip", absent: false),
            StripsRight = token.Flag("rstrip", absent: false),
            IsSingleWord = token.Flag("single_word", absent: false),
            IsNormalized = token.Flag("normalized", absent: false),
        };
}
