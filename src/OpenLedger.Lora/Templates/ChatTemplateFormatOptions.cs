using System.Text.Json.Nodes;

namespace OpenLedger.Lora.Templates;

/// <summary>What a <see cref="ChatTemplateFormat"/> cannot see in the template.</summary>
public sealed record ChatTemplateFormatOptions
{
    /// <summary>How the model writes calls of tools.</summary>
    /// <value>Default null: recognised from the template's text.</value>
    public ToolCallSyntax? ToolCalls { get; init; }

    /// <summary>Control tokens that end an answer; those the tokenizer lacks do not count.</summary>
    /// <value>Default null: the tokenizer's end of sequence, and the ends of turns that the template names.</value>
    public IReadOnlyList<string>? StopTokens { get; init; }

    /// <summary>Control tokens without which the format makes no sense.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<string> ControlTokens { get; init; } = [];

    /// <summary>Variables of the template, such as <c>enable_thinking</c> or <c>date_string</c>; copied by the format.</summary>
    /// <value>Default null: none.</value>
    public JsonObject? Variables { get; init; }

    /// <summary>The clock of <c>strftime_now</c>.</summary>
    /// <value>Default: the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Checks everything at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all of them.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (ToolCalls is { } syntax && !Enum.IsDefined(syntax))
        {
            faults.Add($"{nameof(ToolCalls)} is {syntax}, which is no tool call syntax");
        }

        if ((StopTokens ?? []).Any(string.IsNullOrEmpty))
        {
            faults.Add($"{nameof(StopTokens)} holds an empty token; leave it out");
        }

        if (ControlTokens is null || ControlTokens.Any(string.IsNullOrEmpty))
        {
            faults.Add($"{nameof(ControlTokens)} is null or holds an empty token; leave it out");
        }

        if (TimeProvider is null)
        {
            faults.Add($"{nameof(TimeProvider)} is null; use TimeProvider.System");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"The options of the chat template are invalid:\n  - {string.Join("\n  - ", faults)}");
        }
    }
}
