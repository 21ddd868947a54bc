using Microsoft.Extensions.AI;

namespace OpenLedger.Hosting.Tests.Datanets;

/// <summary>Gives prepared answers one after the other and keeps what it was asked; 100 tokens in and 10 out for each.</summary>
internal sealed class ScriptedChatClient(params string[] answers) : IChatClient
{
    public List<IReadOnlyList<ChatMessage>> Asked { get; } = [];

    public List<ChatOptions> Options { get; } = [];

    /// <summary>Called with the number of the request before it is answered.</summary>
    public Func<int, CancellationToken, Task>? Before { get; init; }

    public bool IsDisposed { get; private set; }

    public ChatFinishReason FinishReason { get; init; } = ChatFinishReason.Stop;

    public UsageDetails? Usage { get; init; } = new() { InputTokenCount = 100, OutputTokenCount = 10 };

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Asked.Add([.. messages]);
        Options.Add(options!);
        if (Before is not null)
        {
            await Before(Asked.Count, cancellationToken);
        }

        string answer = answers[Asked.Count - 1]; // a request too many fails the test
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)) { Usage = Usage, FinishReason = FinishReason };
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() => IsDisposed = true;
}
