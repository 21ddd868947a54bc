using OpenLedger.Lora.Inference;

namespace OpenLedger.Lora.Serving;

/// <summary>Settings of a <see cref="LoraChatClient"/>.</summary>
public sealed record LoraChatClientOptions
{
    /// <summary>The model id that means the base model without an adapter; also used where a request names no model.</summary>
    public required string BaseModelId { get; init; }

    /// <summary>How conversations become tokens. Published checkpoints need a <see cref="Templates.ChatTemplateFormat"/>.</summary>
    /// <value>a <see cref="QuestionAnswerFormat"/></value>
    public IChatPromptFormat PromptFormat { get; init; } = new QuestionAnswerFormat();

    /// <summary>What requests get that do not say otherwise. Stop tokens here are added to those of the format.</summary>
    /// <value>greedy, 256 tokens. Sampling requests without a seed all use the seed given here.</value>
    public GenerationOptions Generation { get; init; } = new();

    /// <summary>Requests computed at once; others wait their turn.</summary>
    /// <value>The number of logical processors.</value>
    public int MaxConcurrentRequests { get; init; } = Environment.ProcessorCount;

    /// <summary>Clock for the creation time of responses.</summary>
    /// <value><see cref="TimeProvider.System"/></value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Checks all fields.</summary>
    /// <exception cref="ArgumentException">Lists every fault.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(BaseModelId))
        {
            faults.Add($"{nameof(BaseModelId)} is empty; give the base model a name");
        }

        if (MaxConcurrentRequests < 1)
        {
            faults.Add($"{nameof(MaxConcurrentRequests)} is {MaxConcurrentRequests}; legal is 1 and up");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"The chat client options are invalid:\n  - {string.Join("\n  - ", faults)}");
        }

        Generation.Validate();
    }
}
