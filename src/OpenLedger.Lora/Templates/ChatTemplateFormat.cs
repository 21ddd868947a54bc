using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenLedger.Lora.Serving;
using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Lora.Templates;

/// <summary>Prompts by a chat template, with tools where the family has them.</summary>
/// <remarks>
/// Text, reasoning, calls and results of tools can be expressed; other content is refused. What messages and tools say never becomes a
/// control token, whatever it looks like. Immutable and thread-safe.
/// </remarks>
public sealed class ChatTemplateFormat : IToolPromptFormat
{
    // Ends of turns that published templates name beside the end of sequence.
    private static readonly string[] TurnEnds =
    [
        "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<end_of_turn>", "<|end|>", "<|EOT|>", "<|observation|>", "<|user|>",
    ];

    private readonly ChatTemplate _template;
    private readonly IReadOnlyList<string>? _stopTokens;
    private readonly IReadOnlyList<string> _controlTokens;
    private readonly JsonObject? _variables;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates a format from a template, usually that of the checkpoint.</summary>
    /// <param name="template">The template.</param>
    /// <param name="options">What the template does not say; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are invalid.</exception>
    public ChatTemplateFormat(ChatTemplate template, ChatTemplateFormatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        options ??= new ChatTemplateFormatOptions();
        options.Validate();
        _template = template;
        ToolCalls = options.ToolCalls ?? RecognizeToolCalls((template.ToolTemplate ?? template).Source);
        _stopTokens = options.StopTokens is null ? null : [.. options.StopTokens];
        _controlTokens = [.. options.ControlTokens];
        _variables = options.Variables?.DeepClone().AsObject();
        _timeProvider = options.TimeProvider;
    }

    /// <summary>Creates a format from a built-in template.</summary>
    /// <param name="template">The template.</param>
    public ChatTemplateFormat(BuiltInChatTemplate template)
        : this(
            (template ?? throw new ArgumentNullException(nameof(template))).Template,
            new ChatTemplateFormatOptions { ToolCalls = template.ToolCalls, StopTokens = template.StopTokens, ControlTokens = template.ControlTokens })
    {
    }

    /// <inheritdoc/>
    public ToolCallSyntax ToolCalls { get; }

    /// <inheritdoc/>
    /// <exception cref="ModelFormatException">The template fails on this conversation.</exception>
    public IReadOnlyList<int> Encode(IEnumerable<ChatMessage> messages, Tokenizer tokenizer) => Encode(messages, [], tokenizer);

    /// <inheritdoc/>
    /// <exception cref="ModelFormatException">The template fails on this conversation.</exception>
    public IReadOnlyList<int> Encode(IEnumerable<ChatMessage> messages, IReadOnlyList<AITool> tools, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(tools);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tools.Count > 0 && ToolCalls == ToolCallSyntax.None)
        {
            throw new ArgumentException("The chat template knows no tools; leave them out.", nameof(tools));
        }

        List<string> missing = [.. _controlTokens.Where(t => tokenizer.FindSpecial(t) is null)];
        if (missing.Count > 0)
        {
            throw new ArgumentException(
                $"The tokenizer lacks the control tokens [{string.Join(", ", missing)}] of this chat format; it belongs to another family.", nameof(tokenizer));
        }

        JsonArray conversation = ConversationJson.FromMessages(messages);
        JsonArray? declarations = tools.Count == 0 ? null : ConversationJson.FromTools(tools);
        return PromptEncoder.Encode(
            _template.RenderMarked(conversation, declarations, true, _variables, _timeProvider, Roles(tokenizer.SpecialTokens)), tokenizer);
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> StopTokens(Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        IEnumerable<string?> names = _stopTokens
            ?? TurnEnds.Where(e => _template.Source.Contains(e, StringComparison.Ordinal)).Append(_template.SpecialTokens.GetValueOrDefault("eos_token"));
        return [.. names.Append(tokenizer.SpecialTokens.EndOfSequence).OfType<string>().Select(tokenizer.FindSpecial).OfType<int>().Distinct()];
    }

    private static Dictionary<string, string> Roles(SpecialTokenNames names)
    {
        Dictionary<string, string> tokens = new(StringComparer.Ordinal);
        foreach ((string role, string? token) in new[]
            {
                ("bos_token", names.BeginningOfSequence), ("eos_token", names.EndOfSequence), ("pad_token", names.Padding),
            })
        {
            if (token is not null)
            {
                tokens[role] = token;
            }
        }

        return tokens;
    }

    private static ToolCallSyntax RecognizeToolCalls(string source)
    {
        return !Has("tools") ? ToolCallSyntax.None
            : Has("<tool_call>") ? ToolCallSyntax.Hermes
            : Has("[TOOL_CALLS]") ? ToolCallSyntax.Mistral
            : Has("<|eot_id|>") && Has("\"parameters\"") ? ToolCallSyntax.Llama3
            : Has("<|observation|>") && Has("[gMASK]") ? ToolCallSyntax.Glm4
            : ToolCallSyntax.None;

        bool Has(string part) => source.Contains(part, StringComparison.Ordinal);
    }
}
