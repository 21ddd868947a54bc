using Microsoft.Extensions.AI;
using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Lora.Serving;

/// <summary>How a conversation becomes the token ids a model was trained on.</summary>
/// <remarks>Implementations are immutable and thread-safe. Text of messages goes through <see cref="Tokenizer.EncodeText"/>, never a string template.</remarks>
public interface IChatPromptFormat
{
    /// <summary>Encodes a conversation up to the point where the model answers.</summary>
    /// <param name="messages">The conversation, oldest first.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <returns>Token ids of the prompt.</returns>
    /// <exception cref="ArgumentException">The conversation cannot be expressed in this format.</exception>
    IReadOnlyList<int> Encode(IEnumerable<ChatMessage> messages, Tokenizer tokenizer);

    /// <summary>Ids that end an answer.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <returns>Token ids; may be empty.</returns>
    /// <exception cref="ArgumentException">The tokenizer lacks control tokens of this format.</exception>
    IReadOnlyList<int> StopTokens(Tokenizer tokenizer);
}
