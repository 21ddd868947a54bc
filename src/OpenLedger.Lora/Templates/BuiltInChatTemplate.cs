namespace OpenLedger.Lora.Templates;

/// <summary>A chat template that comes with the package, and what else a client must know of the format.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class BuiltInChatTemplate
{
    private readonly Lazy<ChatTemplate> _template;

    internal BuiltInChatTemplate(string name, ToolCallSyntax toolCalls, string[] controlTokens, string[] stopTokens, string[]? stopSequences = null)
    {
        Name = name;
        ToolCalls = toolCalls;
        ControlTokens = controlTokens;
        StopTokens = stopTokens;
        StopSequences = stopSequences ?? [];
        _template = new Lazy<ChatTemplate>(() => ChatTemplate.Parse(ReadSource(name)));
    }

    /// <summary>The name, such as <c>llama3.1</c>.</summary>
    public string Name { get; }

    /// <summary>The template, parsed when first asked for.</summary>
    public ChatTemplate Template => _template.Value;

    /// <summary>How the family calls tools.</summary>
    public ToolCallSyntax ToolCalls { get; }

    /// <summary>Control tokens that the tokenizer must have, or the format makes no sense.</summary>
    public IReadOnlyList<string> ControlTokens { get; }

    /// <summary>Control tokens that end an answer; those that a tokenizer lacks do not count.</summary>
    public IReadOnlyList<string> StopTokens { get; }

    /// <summary>Texts that end an answer where the family has no control token for it, for <c>ChatOptions.StopSequences</c>.</summary>
    public IReadOnlyList<string> StopSequences { get; }

    private static string ReadSource(string name)
    {
        using Stream stream = typeof(BuiltInChatTemplate).Assembly.GetManifestResourceStream($"OpenLedger.Lora.Templates.{name}.jinja")
            ?? throw new InvalidOperationException($"The assembly lacks the template '{name}'.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
