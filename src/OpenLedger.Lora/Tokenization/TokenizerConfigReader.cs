using System.Text.Json;

namespace OpenLedger.Lora.Tokenization;

/// <summary>Reads the roles of special tokens from <c>tokenizer_config.json</c>; the other fields are not needed to encode.</summary>
internal static class TokenizerConfigReader
{
    public static SpecialTokenNames Read(string folder)
    {
        string path = Path.Combine(folder, TokenizerFiles.TokenizerConfigJson);
        if (!File.Exists(path))
        {
            return new SpecialTokenNames();
        }

        using JsonFile file = JsonFile.Open(path);
        file.Root.RequireKind(JsonValueKind.Object);
        return new SpecialTokenNames
        {
            BeginningOfSequence = ReadRole(file.Root, "bos_token"),
            EndOfSequence = ReadRole(file.Root, "eos_token"),
            Padding = ReadRole(file.Root, "pad_token"),
        };
    }

    /// <summary>A role is the token itself, or an object with its <c>content</c>.</summary>
    private static string? ReadRole(JsonField root, string name) => root.Optional(name) switch
    {
        null => null,
        { Kind: JsonValueKind.Object } token => token.Required("content").Text(),
        { } token => token.Text(),
    };
}
