using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace OpenLedger.Hosting.Tests;

/// <summary>Answers "answer to: QUESTION" word by word, with one token per word.</summary>
internal sealed class FakeChatClient : IChatClient
{
    private int _calls;

    public int Calls => _calls;

    public ChatOptions? LastOptions { get; private set; }

    public Exception? Fault { get; init; }

    public bool ReportsUsage { get; init; } = true;

    public bool HasEnd { get; init; } = true;

    /// <summary>Runs when the answer is complete, just before the call ends.</summary>
    public Action? AtEnd { get; set; }

    public bool IsDisposed { get; private set; }

    public static string AnswerTo(string question) => $"answer to: {question}";

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] words = Begin(messages, options, cancellationToken);
        await Task.Yield();
        if (Fault is not null)
        {
            throw Fault;
        }

        AtEnd?.Invoke();
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, string.Concat(words)))
        {
            Usage = ReportsUsage ? Usage(words) : null,
            FinishReason = ChatFinishReason.Stop,
            ModelId = options?.ModelId,
        };
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        StreamAsync(Begin(messages, options, cancellationToken), cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("fake", null, "the-base")
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose() => IsDisposed = true;

    private string[] Begin(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _calls);
        LastOptions = options;
        string[] words = AnswerTo(messages.Last(message => message.Role == ChatRole.User).Text).Split(' ');
        return [.. words.Select((word, i) => i == 0 ? word : " " + word)];
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(string[] words, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string word in words)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, word) { ResponseId = "r", MessageId = "m" };
            if (Fault is not null)
            {
                throw Fault;
            }
        }

        if (HasEnd)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, []) { ResponseId = "r", MessageId = "m", FinishReason = ChatFinishReason.Stop };
        }

        if (ReportsUsage)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(Usage(words))]) { ResponseId = "r", MessageId = "m" };
        }

        AtEnd?.Invoke();
    }

    private static UsageDetails Usage(string[] words) =>
        new() { InputTokenCount = words.Length + 1000, OutputTokenCount = words.Length, TotalTokenCount = (2 * words.Length) + 1000 };
}
