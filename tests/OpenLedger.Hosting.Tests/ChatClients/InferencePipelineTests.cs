using Microsoft.Extensions.AI;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Settlement;
using OpenLedger.Hosting.ChatClients;

namespace OpenLedger.Hosting.Tests.ChatClients;

public sealed class InferencePipelineTests
{
    private static readonly ChatOptions Expert = new() { ModelId = "expert" };

    public static TheoryData<string, bool> Orders =>
        [.. from order in new[] { "AMS", "ASM", "MAS", "MSA", "SAM", "SMA" } from streams in new[] { false, true } select (order, streams)];

    internal static async Task<ChatResponse> AskAsync(
        IChatClient client, string question, bool streams, ChatOptions? options = null, CancellationToken cancellationToken = default) => streams
            ? await client.GetStreamingResponseAsync(question, options, cancellationToken).ToChatResponseAsync(cancellationToken)
            : await client.GetResponseAsync(question, options, cancellationToken);

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task EveryOrder_Adapter_GivesTheSameReceiptReportAndAnswer(string order, bool streams)
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline(order);
        ChatResponse response = await AskAsync(client, "where is the pier", streams, Expert);

        // The expectation is computed here, from the receipt format alone.
        PaidInference paid = Assert.IsType<PaidInference>(PaidInference.Find(response));
        Assert.Equal("answer to: where is the pier", response.Text);
        Assert.Equal("answer to: where is the pier", paid.Answer);
        Assert.Equal("where is the pier", paid.Question);
        Assert.Equal("expert", paid.AdapterName);
        Assert.Equal((1006, 6), (paid.Usage!.InputTokenCount, paid.Usage.OutputTokenCount));
        UInt128 fee = (((1006 * 5_000) + (6 * 70_000)) / 1000) + 11;
        Assert.Equal(fee, paid.FeeWei);
        Assert.Equal(["r1", "r2", "r3", "r4"], paid.Report!.Records.Select(record => record.RecordId));
        Assert.Equal(2, paid.Attribution!.Count);
        Assert.Equal(
            [("harbour", 833_333_333ul), ("people", 166_666_667ul)],
            paid.Attribution.Select(share => (share.DatanetId, share.WeightPpb)));
        AttributedReceipt pending = Assert.Single(fixture.Queue.GetPending());
        Assert.Same(paid.SignedReceipt, pending.SignedReceipt);
        Assert.True(pending.SignedReceipt.IsValid(SettlementFixture.Identity));
        Assert.Equal(fee, pending.SignedReceipt.Receipt.Gross);
        Assert.Equal(Bytes32.HashOf("where is the pier"), pending.SignedReceipt.Receipt.PromptHash);
        Assert.Equal(Bytes32.HashOf("answer to: where is the pier"), pending.SignedReceipt.Receipt.OutputHash);
        Assert.Equal(Bytes32.HashOf("expert's weights"), pending.SignedReceipt.Receipt.AdapterSetHash);
        Assert.Equal(paid.Attribution.Root, pending.SignedReceipt.Receipt.AttributionRoot);
        Assert.Equal((ulong)FixedTime.Now.ToUnixTimeSeconds(), pending.SignedReceipt.Receipt.Timestamp);
        Assert.Equal((1006u, 6u), (pending.SignedReceipt.Receipt.TokensIn, pending.SignedReceipt.Receipt.TokensOut));
        Assert.Equal(("where is the pier", "answer to: where is the pier"), Assert.Single(fixture.Attribution.Asked));
    }

    [Fact]
    public async Task EveryOrder_EqualCallOnFreshLedger_GivesIdenticalReceipts()
    {
        HashSet<(Bytes32 Digest, string Signature)> seen = [];
        foreach ((string order, bool streams) in Orders.Select(row => (row.Data.Item1, row.Data.Item2)))
        {
            using SettlementFixture fixture = new();
            using IChatClient client = fixture.CreatePipeline(order);
            await AskAsync(client, "q", streams, Expert);
            var receipt = Assert.Single(fixture.Queue.GetPending()).SignedReceipt;
            seen.Add((receipt.Receipt.Digest(SettlementFixture.Identity), receipt.Signature.ToString()!));
        }

        Assert.Single(seen);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task EveryOrder_BaseModel_IsSettledWithoutShares(string order, bool streams)
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline(order);
        foreach (ChatOptions? options in new[] { null, new ChatOptions { ModelId = "the-base" } })
        {
            PaidInference paid = PaidInference.Find(await AskAsync(client, "q", streams, options))!;
            Assert.Null(paid.AdapterName);
            Assert.Null(paid.Report);
            Assert.Empty(paid.Attribution!);
            Assert.True(paid.SignedReceipt!.Receipt.AdapterSetHash.IsZero);
            Assert.True(paid.SignedReceipt.Receipt.AttributionRoot.IsZero);
        }

        Assert.Equal(2, fixture.Queue.PendingCount);
        Assert.Empty(fixture.Attribution.Asked);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task EveryOrder_InnerFailure_LeavesNoReceipt(string order, bool streams)
    {
        using SettlementFixture fixture = new() { Model = new FakeChatClient { Fault = new TimeoutException("model") } };
        using IChatClient client = fixture.CreatePipeline(order);
        await Assert.ThrowsAsync<TimeoutException>(() => AskAsync(client, "q", streams, Expert));
        Assert.Equal(0, fixture.Queue.PendingCount);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task EveryOrder_AttributionFailure_LeavesNoReceipt(string order, bool streams)
    {
        using SettlementFixture fixture = new() { Attribution = new FakeAttribution { Fault = new TimeoutException("attribution") } };
        using IChatClient client = fixture.CreatePipeline(order);
        await Assert.ThrowsAsync<TimeoutException>(() => AskAsync(client, "q", streams, Expert));
        Assert.Equal(0, fixture.Queue.PendingCount);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task EveryOrder_NoUsage_LeavesNoReceipt(string order, bool streams)
    {
        using SettlementFixture fixture = new() { Model = new FakeChatClient { ReportsUsage = false } };
        using IChatClient client = fixture.CreatePipeline(order);
        InvalidOperationException fault = await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(client, "q", streams, Expert));
        Assert.Contains("reports no input and no output tokens", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, fixture.Queue.PendingCount);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task EveryOrder_CancelledInTheMiddle_LeavesNoReceipt(string order, bool streams)
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline(order);
        using CancellationTokenSource source = new();
        if (streams)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("q", Expert, source.Token))
                {
                    await source.CancelAsync();
                }
            });
        }
        else
        {
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetResponseAsync("q", Expert, source.Token));
        }

        Assert.Equal(0, fixture.Queue.PendingCount);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task EveryOrder_CancelledWhenTheModelHasFinished_LeavesNoReceipt(string order, bool streams)
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline(order);
        using CancellationTokenSource source = new();
        fixture.Model.AtEnd = source.Cancel;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AskAsync(client, "q", streams, options: null, source.Token));
        Assert.Equal(0, fixture.Queue.PendingCount);
    }

    [Theory]
    [InlineData("AMS")]
    [InlineData("SMA")]
    [InlineData("MSA")]
    public async Task GetStreamingResponseAsync_AbandonedAnywhereBeforeTheFinish_LeavesNoReceipt(string order)
    {
        int textUpdates = FakeChatClient.AnswerTo("a b c").Split(' ').Length;
        for (int stopAfter = 1; stopAfter <= textUpdates; stopAfter++)
        {
            using SettlementFixture fixture = new();
            using IChatClient client = fixture.CreatePipeline(order);
            int seen = 0;
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("a b c", Expert))
            {
                Assert.Null(update.FinishReason);
                if (++seen == stopAfter)
                {
                    break;
                }
            }

            Assert.Equal(0, fixture.Queue.PendingCount);
        }
    }

    [Theory]
    [InlineData("AMS")]
    [InlineData("SMA")]
    [InlineData("MSA")]
    public async Task GetStreamingResponseAsync_AbandonedAtTheFinish_IsPaid(string order)
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline(order);
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("a b c", Expert))
        {
            if (update.FinishReason is not null)
            {
                break;
            }
        }

        Assert.Equal(1, fixture.Queue.PendingCount);
    }

    [Fact]
    public async Task GetStreamingResponseAsync_Text_IsPassedOnBeforeTheInnerCallEnds()
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline();
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("a b", Expert))
        {
            updates.Add(update);
            if (update.Text.Length > 0)
            {
                Assert.Equal(0, fixture.Queue.PendingCount);
            }
        }

        Assert.Equal(["answer", " to:", " a", " b", "", ""], updates.Select(update => update.Text));
        Assert.All(updates[..^1], update => Assert.Null(PaidInference.Find(update)));
        Assert.NotNull(PaidInference.Find(updates[^1]));
        Assert.Equal("m", updates[^1].MessageId);
    }

    [Fact]
    public async Task GetStreamingResponseAsync_StreamWithoutEnd_GetsALastUpdateOfItsOwn()
    {
        FakeChatClient model = new() { HasEnd = false, ReportsUsage = false };
        using IChatClient client = new ChatClientBuilder(model).UseAttribution(new FakeAttribution()).Build();
        ChatResponse response = await client.GetStreamingResponseAsync("a b", Expert).ToChatResponseAsync();
        Assert.Single(response.Messages);
        Assert.Equal("answer to: a b", response.Text);
        Assert.NotNull(PaidInference.Find(response)?.Report);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallersOptions_StayAsTheyWere(bool streams)
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline();
        AdditionalPropertiesDictionary properties = new() { ["mine"] = 1 };
        ChatOptions options = new() { ModelId = "expert", AdditionalProperties = properties, StopSequences = ["x"] };
        await AskAsync(client, "q", streams, options);
        Assert.Same(properties, options.AdditionalProperties);
        Assert.Equal(["mine"], properties.Keys);
        Assert.NotSame(options, fixture.Model.LastOptions);
        Assert.Equal(["mine"], fixture.Model.LastOptions!.AdditionalProperties!.Keys); // the model's client sees nothing of ours
        Assert.Equal("expert", fixture.Model.LastOptions.ModelId);
        Assert.Equal(["x"], fixture.Model.LastOptions.StopSequences!);
    }

    [Fact]
    public async Task SameStageTwice_IsRefusedBeforeTheModelIsAsked()
    {
        FakeChatClient model = new();
        using IChatClient client = new ChatClientBuilder(model)
            .UseMetering(SettlementFixture.Terms.Price).UseMetering(SettlementFixture.Terms.Price).Build();
        InvalidOperationException fault = await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetResponseAsync("q"));
        Assert.Contains("Metering is entered twice", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, model.Calls);
    }

    [Fact]
    public async Task ClientThatCallsTwiceBetweenStages_IsRefusedAndNotPaid()
    {
        using SettlementFixture fixture = new();
        using IChatClient client = new ChatClientBuilder(fixture.Model)
            .UseAttribution(fixture.Attribution)
            .Use(inner => new TwiceChatClient(inner))
            .UseMetering(SettlementFixture.Terms.Price).UseSettlement(fixture.Queue).Build();
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetResponseAsync("q", Expert));
        Assert.Equal(0, fixture.Queue.PendingCount);
    }

    [Fact]
    public async Task ClientThatCallsTwiceOutside_IsPaidTwice()
    {
        using SettlementFixture fixture = new();
        using IChatClient client = new TwiceChatClient(fixture.CreatePipeline());
        await client.GetResponseAsync("q", Expert);
        Assert.Equal(2, fixture.Queue.PendingCount);
    }

    [Fact]
    public async Task ConcurrentCalls_EachGetTheirOwnReceipt()
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline("MAS");
        ChatResponse[] responses = await Task.WhenAll(Enumerable.Range(0, 60).Select(i =>
            Task.Run(() => AskAsync(client, $"question {i % 20}", streams: i % 3 == 0, i % 2 == 0 ? Expert : null))));
        Assert.Equal(60, fixture.Queue.PendingCount);
        Assert.Equal(60, responses.Select(response => PaidInference.Find(response)!.SignedReceipt!.Receipt.InferenceId).Distinct().Count());
        for (int i = 0; i < responses.Length; i++)
        {
            PaidInference paid = PaidInference.Find(responses[i])!;
            Assert.Equal($"question {i % 20}", paid.Question);
            Assert.Equal(i % 2 == 0, paid.Report is not null);
            Assert.Equal(Bytes32.HashOf($"answer to: question {i % 20}"), paid.SignedReceipt!.Receipt.OutputHash);
        }

        SettlementResult result = await fixture.Queue.SettleAsync();
        Assert.Equal(60, result.Epoch!.Receipts.Count);
    }

    [Fact]
    public async Task Messages_ThatCanBeReadOnce_AreReadOnce()
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline();
        int reads = 0;
        IEnumerable<ChatMessage> Once()
        {
            Assert.Equal(1, ++reads);
            yield return new ChatMessage(ChatRole.User, "first");
            yield return new ChatMessage(ChatRole.Assistant, "reply");
            yield return new ChatMessage(ChatRole.User, "second");
        }

        PaidInference paid = PaidInference.Find(await client.GetResponseAsync(Once(), Expert))!;
        Assert.Equal("second", paid.Question);
    }

    [Fact]
    public async Task NullMessages_AreRefusedAtOnce()
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline();
        Assert.Throws<ArgumentNullException>(() => client.GetStreamingResponseAsync((IEnumerable<ChatMessage>)null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => client.GetResponseAsync((IEnumerable<ChatMessage>)null!));
    }

    [Fact]
    public void Dispose_DisposesTheInnerClientOnly()
    {
        using SettlementFixture fixture = new();
        fixture.CreatePipeline().Dispose();
        Assert.True(fixture.Model.IsDisposed);
        Assert.Equal(0, fixture.Queue.PendingCount); // still usable
    }

    private sealed class TwiceChatClient(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await base.GetResponseAsync(messages, options, cancellationToken);
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
    }
}
