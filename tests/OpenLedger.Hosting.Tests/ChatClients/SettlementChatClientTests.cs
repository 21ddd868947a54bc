using Microsoft.Extensions.AI;
using OpenLedger.Chain.Settlement;
using OpenLedger.Hosting.ChatClients;

namespace OpenLedger.Hosting.Tests.ChatClients;

public sealed class SettlementChatClientTests
{
    [Theory]
    [InlineData("S", "Settlement lacks Attribution, Metering: a receipt needs the answer's attribution and its fee. Add UseAttribution() and UseMetering() to the same pipeline.")]
    [InlineData("SM", "Settlement lacks Attribution: a receipt needs the answer's attribution and its fee. Add UseAttribution() to the same pipeline.")]
    [InlineData("AS", "Settlement lacks Metering: a receipt needs the answer's attribution and its fee. Add UseMetering() to the same pipeline.")]
    [InlineData("SA", "Settlement lacks Metering: a receipt needs the answer's attribution and its fee. Add UseMetering() to the same pipeline.")]
    public async Task MissingStage_IsNamedBeforeTheModelIsAsked(string stages, string message)
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline(stages);
        foreach (bool streams in new[] { false, true })
        {
            InvalidOperationException fault = await Assert.ThrowsAsync<InvalidOperationException>(
                () => InferencePipelineTests.AskAsync(client, "q", streams, new ChatOptions { ModelId = "expert" }));
            Assert.Equal(message, fault.Message);
        }

        Assert.Equal(0, fixture.Model.Calls);
    }

    [Fact]
    public async Task DifferentPrices_AreRefused()
    {
        using SettlementFixture fixture = new();
        PricePolicy other = SettlementFixture.Terms.Price with { PlatformFeeWei = 12 };
        using IChatClient client = new ChatClientBuilder(fixture.Model)
            .UseAttribution(fixture.Attribution).UseMetering(other).UseSettlement(fixture.Queue).Build();
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetResponseAsync("q", new ChatOptions { ModelId = "expert" }));
        Assert.Equal(0, fixture.Queue.PendingCount);
    }

    [Fact]
    public async Task SameQuestionTwice_IsPaidTwice()
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline();
        await client.GetResponseAsync("q", new ChatOptions { ModelId = "expert" });
        await client.GetResponseAsync("q", new ChatOptions { ModelId = "expert" });
        Assert.Equal(2, (await fixture.Queue.SettleAsync()).Epoch!.Receipts.Count);

        // A later run on the same ledger begins with a new queue.
        using SettlementQueue later = new(fixture.Ledger, Accounts.Operator, SettlementFixture.Terms, new FixedTime());
        using IChatClient laterClient = new ChatClientBuilder(fixture.Model)
            .UseSettlement(later).UseAttribution(fixture.Attribution).UseMetering(SettlementFixture.Terms.Price).Build();
        await laterClient.GetResponseAsync("q", new ChatOptions { ModelId = "expert" });
        SettlementResult result = await later.SettleAsync();
        Assert.Single(result.Epoch!.Receipts);
        Assert.Empty(result.AlreadySettled);
    }

    [Fact]
    public async Task SameNonce_IsPaidOnceForEqualCallsOnly()
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline();
        ChatOptions options = new() { ModelId = "expert", AdditionalProperties = new() { [PaidInference.NonceKey] = "order 7" } };
        PaidInference first = PaidInference.Find(await client.GetResponseAsync("q", options))!;
        PaidInference again = PaidInference.Find(await client.GetResponseAsync("q", options))!;
        Assert.Same(first.SignedReceipt, again.SignedReceipt);
        Assert.Equal(1, fixture.Queue.PendingCount);
        await client.GetResponseAsync("another", options);
        options.AdditionalProperties![PaidInference.NonceKey] = "order 8";
        await client.GetResponseAsync("q", options);
        Assert.Equal(3, fixture.Queue.PendingCount);
    }

    [Fact]
    public async Task SameNonce_AfterSettlement_IsNotPaidAgain()
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline();
        ChatOptions options = new() { ModelId = "expert", AdditionalProperties = new() { [PaidInference.NonceKey] = "order 7" } };
        await client.GetResponseAsync("q", options);
        UInt128 gross = (await fixture.Queue.SettleAsync()).Epoch!.Gross;
        await client.GetResponseAsync("q", options);
        SettlementResult result = await fixture.Queue.SettleAsync();
        Assert.Null(result.Epoch);
        Assert.Single(result.AlreadySettled);
        Assert.Equal(0, fixture.Queue.PendingCount);
        Assert.Equal(gross, (await fixture.Ledger.ReadAsync()).Funded);
    }

    [Theory]
    [InlineData("")]
    [InlineData(7)]
    public async Task BadNonce_IsRefusedBeforeTheModelIsAsked(object nonce)
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline();
        ChatOptions options = new() { AdditionalProperties = new() { [PaidInference.NonceKey] = nonce } };
        await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync("q", options));
        Assert.Equal(0, fixture.Model.Calls);
    }
}
