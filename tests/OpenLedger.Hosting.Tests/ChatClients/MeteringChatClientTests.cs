using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using OpenLedger.Chain.Settlement;
using OpenLedger.Hosting.ChatClients;

namespace OpenLedger.Hosting.Tests.ChatClients;

public sealed class MeteringChatClientTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fee_Alone_ComesWithTheResponse(bool streams)
    {
        using IChatClient client = new ChatClientBuilder(new FakeChatClient()).UseMetering(SettlementFixture.Terms.Price).Build();
        PaidInference paid = PaidInference.Find(await InferencePipelineTests.AskAsync(client, "a b c", streams))!;
        Assert.Equal((UInt128)((1005 * 5) + (5 * 70) + 11), paid.FeeWei);
        Assert.Null(paid.SignedReceipt);
        Assert.Null(paid.Attribution);
    }

    [Theory]
    [InlineData(-1L, 1L)]
    [InlineData(1L, -1L)]
    [InlineData(1L + uint.MaxValue, 1L)]
    [InlineData(null, 1L)]
    [InlineData(1L, null)]
    public async Task ImpossibleCounts_AreRefused(long? input, long? output)
    {
        using IChatClient client = new ChatClientBuilder(new CountingChatClient(input, output)).UseMetering(SettlementFixture.Terms.Price).Build();
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetResponseAsync("q"));
    }

    [Fact]
    public async Task Metrics_CountCallsTokensAndFees()
    {
        List<(string Name, double Value, string Tags)> seen = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == OpenLedgerTelemetry.MeterName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
        using IChatClient client = new ChatClientBuilder(new FakeChatClient()).UseMetering(SettlementFixture.Terms.Price).Build();
        await client.GetResponseAsync("secret question", new ChatOptions { ModelId = "metrics-test" }); // other tests report at the same time
        Assert.Equal(
            [
                ("openledger.inferences", 1, "openledger.model=metrics-test"),
                ("openledger.tokens", 1004, "openledger.model=metrics-test,openledger.direction=input"),
                ("openledger.tokens", 4, "openledger.model=metrics-test,openledger.direction=output"),
                ("openledger.fee", (1004 * 5) + (4 * 70) + 11, "openledger.model=metrics-test"),
            ],
            seen);

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string text = string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            if (text.Contains("metrics-test", StringComparison.Ordinal))
            {
                seen.Add((instrument.Name, value, text));
            }
        }
    }

    [Fact]
    public void Constructor_BadPrice_IsRefused()
    {
        using FakeChatClient model = new();
        PricePolicy price = SettlementFixture.Terms.Price with { PlatformFeeWei = UInt128.MaxValue };
        Assert.Throws<ArgumentException>(() => new MeteringChatClient(model, price));
    }

    private sealed class CountingChatClient(long? input, long? output) : DelegatingChatClient(new FakeChatClient())
    {
        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            ChatResponse response = await base.GetResponseAsync(messages, options, cancellationToken);
            response.Usage = new UsageDetails { InputTokenCount = input, OutputTokenCount = output };
            return response;
        }
    }
}
