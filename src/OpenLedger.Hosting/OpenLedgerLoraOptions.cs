using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Serving;

namespace OpenLedger.Hosting;

/// <summary>The base model and how it answers.</summary>
public sealed class OpenLedgerLoraOptions
{
    /// <summary>Folder with <c>config.json</c>, <c>model.safetensors</c> and <c>tokenizer.json</c>. Required; read when the model is first used.</summary>
    public string? ModelFolder { get; set; }

    /// <summary>The model id that means the base model without an adapter.</summary>
    /// <value><c>base</c></value>
    public string BaseModelId { get; set; } = "base";

    /// <summary>What requests get that do not say otherwise.</summary>
    /// <value>The defaults of <see cref="GenerationOptions"/>: greedy, 256 tokens.</value>
    public GenerationOptions Generation { get; set; } = new();

    /// <summary>How conversations become tokens.</summary>
    /// <value>a <see cref="QuestionAnswerFormat"/></value>
    public IChatPromptFormat PromptFormat { get; set; } = new QuestionAnswerFormat();

    /// <summary>Most threads that one matrix product may use.</summary>
    /// <value>The number of logical processors; 1 and up.</value>
    public int MaxThreads { get; set; } = Environment.ProcessorCount;
}
