using Microsoft.Extensions.AI;
using OpenLedger.Lora.Templates;
using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Lora.Serving;

/// <summary>A prompt format that can tell the model of tools.</summary>
/// <remarks>Implementations are immutable and thread-safe.</remarks>
public interface IToolPromptFormat : IChatPromptFormat
{
    /// <summary>How the model writes calls; with <see cref="ToolCallSyntax.None"/>, requests with tools are refused.</summary>
    ToolCallSyntax ToolCalls { get; }

    /// <summary>Encodes a conversation with tools up to the point where the model answers.</summary>
    /// <param name="messages">The conversation, oldest first.</param>
    /// <param name="tools">The tools; each must be an <see cref="AIFunctionDeclaration"/>.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <returns>Token ids of the prompt.</returns>
    /// <exception cref="ArgumentException">The conversation or a tool cannot be expressed in this format.</exception>
    IReadOnlyList<int> Encode(IEnumerable<ChatMessage> messages, IReadOnlyList<AITool> tools, Tokenizer tokenizer);
}
