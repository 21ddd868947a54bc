using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using OpenLedger.Chain.Settlement;
using OpenLedger.Hosting.ChatClients;

namespace OpenLedger.Benchmarks.Hosting;

/// <summary>What metering adds to a streamed answer of 100 tokens that costs nothing to compute.</summary>
[MemoryDiagnoser]
public class ChatPipelineBenchmarks : IDisposable
{
    private readonly HundredTokens _plain = new HundredTokens();
    private readonly IChatClient _metered = new HundredTokens().AsBuilder()
        .UseMetering(new PricePolicy { WeiPer1000InputTokens = 1, WeiPer1000OutputTokens = 1, PlatformFeeWei = 1 }).Build();

    [GlobalCleanup]
    public void Dispose()
    {
        _plain.Dispose();
        _metered.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public Task<ChatResponse> Plain() => _plain.GetStreamingResponseAsync("question").ToChatResponseAsync();

    [Benchmark]
    public Task<ChatResponse> Metered() => _metered.GetStreamingResponseAsync("question").ToChatResponseAsync();

    private sealed class HundredTokens : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await ValueTask.CompletedTask;
            for (int i = 0; i < 100; i++)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, "word ");
            }

            yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = 5, OutputTokenCount = 100 })])
            {
                FinishReason = ChatFinishReason.Stop,
            };
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
