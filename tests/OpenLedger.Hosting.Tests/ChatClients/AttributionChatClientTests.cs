using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenLedger.Hosting.ChatClients;

namespace OpenLedger.Hosting.Tests.ChatClients;

public sealed class AttributionChatClientTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Citations_OfEarningRecords_ComeWithoutChangingTheText(bool streams)
    {
        using IChatClient client = new ChatClientBuilder(new FakeChatClient()).UseAttribution(new FakeAttribution()).Build();
        ChatResponse response = await InferencePipelineTests.AskAsync(client, "a b", streams, new ChatOptions { ModelId = "expert" });
        Assert.Equal("answer to: a b", response.Text);
        CitationAnnotation[] citations =
            [.. response.Messages.SelectMany(message => message.Contents).SelectMany(content => content.Annotations ?? []).Cast<CitationAnnotation>()];
        Assert.Equal([("r1", "text 1"), ("r2", "text 2"), ("r3", "text 3")], citations.Select(citation => (citation.Title!, citation.Snippet!)));
        Assert.Equal([500_000_000L, 333_333_333L, 166_666_667L], citations.Select(citation => (long)citation.AdditionalProperties!["weightPpb"]!));
        Assert.Equal(Accounts.Mira.Address.ToContributorId().ToString(), citations[0].AdditionalProperties!["contributor"]);
        Assert.Equal("people", citations[2].AdditionalProperties!["datanet"]);
        Assert.StartsWith("0x", (string)citations[2].AdditionalProperties!["rowHash"]!, StringComparison.Ordinal);

        // Chat histories are stored as JSON.
        string json = JsonSerializer.Serialize(response.Messages, AIJsonUtilities.DefaultOptions);
        Assert.Contains("\"r3\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ThatNobodyHelped_HasNoCitationsAndNoShares()
    {
        using SettlementFixture fixture = new() { Attribution = new FakeAttribution { HelpsNobody = true } };
        using IChatClient client = fixture.CreatePipeline();
        ChatResponse response = await client.GetResponseAsync("q", new ChatOptions { ModelId = "expert" });
        Assert.All(response.Messages.SelectMany(message => message.Contents), content => Assert.Null(content.Annotations));
        PaidInference paid = PaidInference.Find(response)!;
        Assert.Empty(paid.Attribution!);
        Assert.NotNull(paid.Report);
        Assert.False(paid.SignedReceipt!.Receipt.AdapterSetHash.IsZero);
        Assert.True(paid.SignedReceipt.Receipt.AttributionRoot.IsZero);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task UnregisteredAdapter_IsRefusedBeforeTheModelIsAsked(bool streams)
    {
        FakeChatClient model = new();
        using IChatClient client = new ChatClientBuilder(model).UseAttribution(new FakeAttribution()).Build();
        InvalidOperationException fault = await Assert.ThrowsAsync<InvalidOperationException>(
            () => InferencePipelineTests.AskAsync(client, "q", streams, new ChatOptions { ModelId = "stranger" }));
        Assert.Equal(
            "Answers of adapter 'stranger' cannot be attributed; register it with AdapterAttribution.Register, or ask for the base model.", fault.Message);
        Assert.Equal(0, model.Calls);
    }

    [Fact]
    public async Task ModelIdChangedInside_IsRefused()
    {
        using SettlementFixture fixture = new();
        using IChatClient client = new ChatClientBuilder(fixture.Model)
            .UseAttribution(fixture.Attribution)
            .ConfigureOptions(options => options.ModelId = "the-base")
            .UseMetering(SettlementFixture.Terms.Price).UseSettlement(fixture.Queue).Build();
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetResponseAsync("q", new ChatOptions { ModelId = "expert" }));
        Assert.Equal(0, fixture.Queue.PendingCount);
    }
}
