using System.Text;
using System.Text.Json;
using OpenLedger.Lora.Gguf;

namespace OpenLedger.Lora.Templates;

/// <content>Templates from the folder of a checkpoint.</content>
public sealed partial class ChatTemplate
{
    private const string ConfigFile = "tokenizer_config.json";
    private const string TemplateFile = "chat_template.jinja";
    private const string TemplateJson = "chat_template.json";
    private const string AdditionalFolder = "additional_chat_templates";
    private const string ToolUse = "tool_use";
    private const int MaxConfigBytes = 64 << 20;

    private static readonly string[] SpecialTokenRoles =
    [
        "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
    ];

    /// <summary>Reads the template of a checkpoint, and its special tokens.</summary>
    /// <param name="path">
    /// A GGUF file, which carries both in its metadata; or a folder in the Hugging Face layout. <c>chat_template.jinja</c> comes before <c>chat_template.json</c>, and both before the field
    /// <c>chat_template</c> of <c>tokenizer_config.json</c>, which is a text or a list of named texts. The one named <c>tool_use</c>,
    /// also from <c>additional_chat_templates</c>, becomes <see cref="ToolTemplate"/>.
    /// </param>
    /// <returns>The template, or null where the checkpoint has none: then a <see cref="BuiltInChatTemplates">built-in one</see> may fit.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="ModelFormatException">
    /// A file is malformed (<see cref="ModelFormatError.ConfigInvalid"/>), too large, or holds a template that <see cref="Parse"/> refuses.
    /// </exception>
    public static ChatTemplate? Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path) ? LoadGguf(path) : LoadFolder(path);
    }

    private static ChatTemplate? LoadGguf(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        GgufTokenizerData data = GgufTokenizerData.Read(file);
        Dictionary<string, string> tokens = new(StringComparer.Ordinal);
        foreach ((string role, int? id) in ((string, int?)[])
            [("bos_token", data.BeginToken), ("eos_token", data.EndToken), ("unk_token", data.UnknownToken), ("pad_token", data.PaddingToken)])
        {
            if (id is int index && index < data.Tokens.Count)
            {
                tokens[role] = data.Tokens[index];
            }
        }

        return data.ChatTemplate is string source ? new ChatTemplate(source, path, tokens) : null;
    }

    private static ChatTemplate? LoadFolder(string folder)
    {
        string configPath = Path.Combine(folder, ConfigFile);
        Dictionary<string, string> tokens = new(StringComparer.Ordinal);
        Dictionary<string, string> templates = new(StringComparer.Ordinal);
        if (File.Exists(configPath))
        {
            using JsonDocument config = ReadJson(configPath);
            ReadTokens(config.RootElement, configPath, tokens);
            ReadTemplates(config.RootElement, configPath, templates);
        }

        string name = configPath;
        if (File.Exists(Path.Combine(folder, TemplateJson)))
        {
            name = Path.Combine(folder, TemplateJson);
            using JsonDocument file = ReadJson(name);
            ReadTemplates(file.RootElement, name, templates);
        }

        if (File.Exists(Path.Combine(folder, TemplateFile)))
        {
            name = Path.Combine(folder, TemplateFile);
            templates["default"] = ReadText(name);
        }

        string toolFile = Path.Combine(folder, AdditionalFolder, ToolUse + ".jinja");
        if (File.Exists(toolFile))
        {
            templates[ToolUse] = ReadText(toolFile);
        }

        return templates.TryGetValue("default", out string? source)
            ? new ChatTemplate(source, name, tokens, templates.GetValueOrDefault(ToolUse))
            : templates.Count == 0 ? null
            : throw new ModelFormatException(
                ModelFormatError.ConfigInvalid, name, $"there are the templates [{string.Join(", ", templates.Keys)}], but none is named 'default'.");
    }

    private static void ReadTokens(JsonElement root, string path, Dictionary<string, string> tokens)
    {
        foreach (string role in SpecialTokenRoles)
        {
            if (!root.TryGetProperty(role, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out JsonElement content))
            {
                value = content;
            }

            tokens[role] = value.ValueKind == JsonValueKind.String ? Text(value, path) : throw Invalid(path, $"'{role}' must be a text or an object with 'content'");
        }
    }

    private static void ReadTemplates(JsonElement root, string path, Dictionary<string, string> templates)
    {
        if (!root.TryGetProperty("chat_template", out JsonElement field) || field.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        if (field.ValueKind == JsonValueKind.String)
        {
            templates["default"] = Text(field, path);
            return;
        }

        if (field.ValueKind != JsonValueKind.Array)
        {
            throw Invalid(path, "'chat_template' must be a text or a list of named texts");
        }

        foreach (JsonElement item in field.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object
                || !item.TryGetProperty("name", out JsonElement name) || name.ValueKind != JsonValueKind.String
                || !item.TryGetProperty("template", out JsonElement template) || template.ValueKind != JsonValueKind.String)
            {
                throw Invalid(path, "every item of 'chat_template' must have the texts 'name' and 'template'");
            }

            if (!templates.TryAdd(Text(name, path), Text(template, path)))
            {
                throw Invalid(path, $"'chat_template' has the name '{Text(name, path)}' twice");
            }
        }
    }

    private static string Text(JsonElement element, string path)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            // A lone surrogate escape is JSON, but no text.
            throw new ModelFormatException(ModelFormatError.ConfigInvalid, path, exception.Message, exception);
        }
    }

    private static ModelFormatException Invalid(string path, string reason) => new(ModelFormatError.ConfigInvalid, path, reason + ".");

    private static JsonDocument ReadJson(string path)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(ReadText(path), new JsonDocumentOptions { MaxDepth = 64 });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            throw Invalid(path, "the document must be an object");
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(ModelFormatError.ConfigInvalid, path, exception.Message, exception);
        }
    }

    private static string ReadText(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > MaxConfigBytes)
        {
            throw new ModelFormatException(ModelFormatError.TooLarge, path, $"the file has {stream.Length} bytes; at most {MaxConfigBytes} are read.");
        }

        using StreamReader reader = new(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException exception)
        {
            throw new ModelFormatException(ModelFormatError.ConfigInvalid, path, "the file is not UTF-8.", exception);
        }
    }
}
