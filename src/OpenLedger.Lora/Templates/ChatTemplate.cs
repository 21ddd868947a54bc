using System.Text.Json.Nodes;
using OpenLedger.Lora.Templates.Jinja;
using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Lora.Templates;

/// <summary>A model's chat template: the Jinja text that turns a conversation into the prompt the model was trained on.</summary>
/// <remarks>
/// <para>
/// Renders as <c>apply_chat_template</c> of Hugging Face transformers does (Jinja 3.1 with <c>trim_blocks</c>, <c>lstrip_blocks</c> and
/// loop controls). What the interpreter lacks is refused when the template is parsed, by name and line. Rendering is bounded in steps,
/// nesting and size, reaches nothing outside its arguments but the clock of <c>strftime_now</c>, and gives the same text for the same arguments.
/// </para>
/// <para>
/// The interpreter knows of every character whether the template or a message brought it, so <see cref="Encode"/> never takes text of a
/// message for a control token. Immutable and thread-safe; parse once and share.
/// </para>
/// </remarks>
public sealed partial class ChatTemplate
{
    private const string StringName = "chat_template";

    private readonly BlockStatement _body;
    private readonly string _name;

    private ChatTemplate(string source, string name, IReadOnlyDictionary<string, string> specialTokens, string? toolSource = null)
    {
        Source = source;
        _name = name;
        _body = TemplateParser.Parse(source, name);
        SpecialTokens = specialTokens;
        ToolTemplate = toolSource is null ? null : new ChatTemplate(toolSource, name + " (tool_use)", specialTokens);
    }

    /// <summary>The Jinja text.</summary>
    public string Source { get; }

    /// <summary>
    /// The text of special tokens by their role, such as <c>bos_token</c>: variables of the template, and the only text from outside
    /// that may become control tokens. Empty for a template that was parsed without a folder.
    /// </summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; }

    /// <summary>The template named <c>tool_use</c> of the same model, which <see cref="Render"/> takes when there are tools; else null.</summary>
    public ChatTemplate? ToolTemplate { get; }

    /// <summary>Parses a template.</summary>
    /// <param name="source">The Jinja text; at most 1 Mi characters.</param>
    /// <param name="specialTokens">Text of special tokens by role, such as <c>bos_token</c>; none by default.</param>
    /// <returns>The template.</returns>
    /// <exception cref="ModelFormatException">
    /// <see cref="ModelFormatError.TemplateInvalid"/>, <see cref="ModelFormatError.TemplateUnsupported"/>,
    /// <see cref="ModelFormatError.TemplateLimitExceeded"/> or <see cref="ModelFormatError.TooLarge"/>, with the line.
    /// </exception>
    public static ChatTemplate Parse(string source, IReadOnlyDictionary<string, string>? specialTokens = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ChatTemplate(source, StringName, Copy(specialTokens));
    }

    /// <summary>Renders a conversation to text, for people and for tests; a model's ids come from <see cref="Encode"/>.</summary>
    /// <param name="messages">The conversation as Hugging Face has it: objects with <c>role</c>, <c>content</c>, <c>tool_calls</c> and so on.</param>
    /// <param name="tools">Tools as OpenAI describes them, or null; the template sees none as <c>None</c>.</param>
    /// <param name="addGenerationPrompt">Whether the text ends where the model's answer begins.</param>
    /// <param name="variables">More variables of the template, such as <c>enable_thinking</c>; they take precedence.</param>
    /// <param name="timeProvider">The clock of <c>strftime_now</c>; the system's by default.</param>
    /// <returns>The prompt.</returns>
    /// <exception cref="ArgumentException">The template refuses the conversation (its own message is passed on), or the JSON nests too deep.</exception>
    /// <exception cref="ModelFormatException">The template fails on this conversation or exceeds its bounds.</exception>
    public string Render(
        JsonArray messages, JsonArray? tools = null, bool addGenerationPrompt = true, JsonObject? variables = null, TimeProvider? timeProvider = null) =>
        RenderMarked(messages, tools, addGenerationPrompt, variables, timeProvider).Value;

    /// <summary>Renders a conversation to token ids. Control tokens come from the template and its special tokens only.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="messages">As for <see cref="Render"/>.</param>
    /// <param name="tools">As for <see cref="Render"/>.</param>
    /// <param name="addGenerationPrompt">As for <see cref="Render"/>.</param>
    /// <param name="variables">As for <see cref="Render"/>.</param>
    /// <param name="timeProvider">As for <see cref="Render"/>.</param>
    /// <returns>
    /// The ids; where no message spells a control token, they are those of <c>apply_chat_template</c>. No token is added that the
    /// template does not print.
    /// </returns>
    /// <exception cref="ArgumentException">As for <see cref="Render"/>.</exception>
    /// <exception cref="ModelFormatException">As for <see cref="Render"/>.</exception>
    public IReadOnlyList<int> Encode(
        Tokenizer tokenizer,
        JsonArray messages,
        JsonArray? tools = null,
        bool addGenerationPrompt = true,
        JsonObject? variables = null,
        TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return PromptEncoder.Encode(RenderMarked(messages, tools, addGenerationPrompt, variables, timeProvider), tokenizer);
    }

    internal MarkedText RenderMarked(
        JsonArray messages,
        JsonArray? tools,
        bool addGenerationPrompt,
        JsonObject? variables,
        TimeProvider? timeProvider,
        IReadOnlyDictionary<string, string>? fallbackTokens = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (tools is { Count: > 0 } && ToolTemplate is not null)
        {
            return ToolTemplate.RenderMarked(messages, tools, addGenerationPrompt, variables, timeProvider, fallbackTokens);
        }

        RenderContext context = new(_name, timeProvider ?? TimeProvider.System);
        Scope globals = new(null);
        foreach ((string name, CallableValue function) in TemplateFunctions.All)
        {
            globals.Set(name, function);
        }

        foreach ((string name, string token) in (fallbackTokens ?? SpecialTokens).Concat(SpecialTokens))
        {
            globals.Set(name, Values.Text(MarkedText.Trusted(token)));
        }

        globals.Set("messages", ConversationValues.FromMessages(messages));
        globals.Set("tools", tools is null ? NoneValue.Instance : PythonJson.FromNode(tools));
        globals.Set("documents", NoneValue.Instance);
        globals.Set("add_generation_prompt", BooleanValue.Of(addGenerationPrompt));
        foreach ((string name, JsonNode? value) in variables ?? [])
        {
            globals.Set(name, PythonJson.FromNode(value));
        }

        _body.Execute(context, new Scope(globals));
        return context.Output.ToText();
    }

    private static Dictionary<string, string> Copy(IReadOnlyDictionary<string, string>? tokens) =>
        tokens is null ? new(StringComparer.Ordinal) : new(tokens, StringComparer.Ordinal);
}
