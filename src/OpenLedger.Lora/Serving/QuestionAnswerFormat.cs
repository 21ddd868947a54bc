using Microsoft.Extensions.AI;
using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Lora.Serving;

/// <summary>One question, one answer: <c>&lt;|bos|&gt;&lt;|user|&gt;question&lt;|assistant|&gt;answer&lt;|end|&gt;</c>.</summary>
/// <remarks>
/// For models that were trained on single turns. Only the text of the last user message is encoded: system messages, instructions and
/// earlier turns are left out, because such a model has never seen them and would answer worse with them. Content other than text is
/// refused. Immutable and thread-safe.
/// </remarks>
public sealed class QuestionAnswerFormat : IChatPromptFormat
{
    /// <summary>Begins a sequence.</summary>
    public const string BeginToken = "<|bos|>";

    /// <summary>Stands before the question.</summary>
    public const string UserToken = "<|user|>";

    /// <summary>Stands before the answer.</summary>
    public const string AssistantToken = "<|assistant|>";

    /// <summary>Ends the answer.</summary>
    public const string EndToken = "<|end|>";

    /// <inheritdoc/>
    public IReadOnlyList<int> Encode(IEnumerable<ChatMessage> messages, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ChatMessage question = messages.LastOrDefault(m => m.Role == ChatRole.User)
            ?? throw new ArgumentException("The conversation holds no user message; this format needs a question.", nameof(messages));
        AIContent? other = question.Contents.FirstOrDefault(c => c is not TextContent);
        if (other is not null)
        {
            throw new ArgumentException($"The question holds {other.GetType().Name}; this format takes text only.", nameof(messages));
        }

        return EncodeQuestion(question.Text, tokenizer);
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> StopTokens(Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return [Find(tokenizer, EndToken)];
    }

    /// <summary>Encodes a question up to the point where the answer begins.</summary>
    /// <param name="question">Plain text; control tokens inside it stay text.</param>
    /// <param name="tokenizer">A tokenizer with the four control tokens.</param>
    /// <returns>Token ids.</returns>
    /// <exception cref="ArgumentException">The tokenizer lacks control tokens of this format.</exception>
    public static IReadOnlyList<int> EncodeQuestion(string question, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return
        [
            Find(tokenizer, BeginToken),
            Find(tokenizer, UserToken),
            .. tokenizer.EncodeText(question),
            Find(tokenizer, AssistantToken),
        ];
    }

    private static int Find(Tokenizer tokenizer, string token) =>
        tokenizer.FindSpecial(token)
        ?? throw new ArgumentException($"The tokenizer has no control token '{token}', which this chat format needs.", nameof(tokenizer));
}
