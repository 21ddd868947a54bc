using Microsoft.Extensions.AI;
using OpenLedger.Chain;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Settlement;
using OpenLedger.Chain.Verification;
using OpenLedger.Hosting.ChatClients;
using OpenLedger.Testing;

namespace OpenLedger.Hosting.Tests;

public sealed class SettlementQueueTests
{
    private static readonly ChatOptions Expert = new() { ModelId = "expert" };

    [Fact]
    public async Task SettleAsync_Pending_IsPaidToTheContributorsAndVerifies()
    {
        using SettlementFixture fixture = new();
        using IChatClient client = fixture.CreatePipeline();
        PaidInference first = PaidInference.Find(await client.GetResponseAsync("one", Expert))!;
        PaidInference second = PaidInference.Find(await client.GetResponseAsync("two"))!;
        SettlementResult result = await fixture.Queue.SettleAsync();
        Assert.Equal(0, fixture.Queue.PendingCount);
        Assert.Equal(first.FeeWei!.Value + second.FeeWei!.Value, result.Epoch!.Gross);

        // Mira's weight is 5/6 (rows 1 and 2), Oskar's 1/6, of half of what is left of the first fee after the platform's part.
        FeeParts parts = SettlementFixture.Terms.Split.Divide(first.FeeWei.Value, SettlementFixture.Terms.Price.PlatformFeeWei);
        Assert.Equal(
            parts.Contributors,
            result.Epoch.Credits[Accounts.Mira.Address] + result.Epoch.Credits[Accounts.Oskar.Address]);
        Assert.InRange((double)result.Epoch.Credits[Accounts.Mira.Address] / (double)parts.Contributors, 0.83, 0.84);
        foreach (PayoutClaim claim in result.Claims)
        {
            Assert.Equal(claim.Cumulative, await fixture.Ledger.ClaimAsync(claim));
        }

        using TemporaryFolder export = new();
        SettlementExport.Write(fixture.Ledger, Accounts.Operator, export.File("export"));
        Assert.True(SettlementVerifier.Verify(export.File("export"), Accounts.Operator.Address).Passed);
    }

    [Fact]
    public async Task SettleAsync_NothingPending_PostsNothing()
    {
        using SettlementFixture fixture = new();
        SettlementResult result = await fixture.Queue.SettleAsync();
        Assert.Null(result.Epoch);
        Assert.Equal(0ul, (await fixture.Ledger.ReadAsync()).Epoch);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public async Task SettleAsync_BusyLedger_IsTriedAgainAndPaysOnce(bool failsAfterPosting, int failures)
    {
        using SettlementFixture fixture = new();
        BusyLedger ledger = new(fixture.Ledger) { FailuresLeft = failures, FailsAfterPosting = failsAfterPosting };
        using SettlementQueue queue = new(ledger, Accounts.Operator, SettlementFixture.Terms, new FixedTime());
        PaidInference paid = await AskAsync(fixture, queue, "q");
        await queue.SettleAsync();
        Assert.Equal(0, queue.PendingCount);
        Assert.Equal(failsAfterPosting ? 1 : failures + 1, ledger.Posts);
        Assert.Equal(paid.FeeWei, (await fixture.Ledger.ReadAsync()).Funded);
    }

    [Fact]
    public async Task SettleAsync_LedgerStaysBusy_GivesUpAndKeepsTheReceipts()
    {
        using SettlementFixture fixture = new();
        BusyLedger ledger = new(fixture.Ledger) { FailuresLeft = int.MaxValue };
        using SettlementQueue queue = new(ledger, Accounts.Operator, SettlementFixture.Terms, new FixedTime());
        PaidInference paid = await AskAsync(fixture, queue, "q");
        ChainException fault = await Assert.ThrowsAsync<ChainException>(() => queue.SettleAsync());
        Assert.Equal(ChainError.LedgerBusy, fault.Error);
        Assert.Equal(4, ledger.Posts);
        Assert.Equal(1, queue.PendingCount);
        ledger.FailuresLeft = 0;
        Assert.Equal(paid.FeeWei, (await queue.SettleAsync()).Epoch!.Gross);
    }

    [Fact]
    public async Task SettleAsync_OtherFault_IsNotTriedAgain()
    {
        using SettlementFixture fixture = new();
        BusyLedger ledger = new(fixture.Ledger) { FailuresLeft = int.MaxValue, Error = ChainError.BatchRejected };
        using SettlementQueue queue = new(ledger, Accounts.Operator, SettlementFixture.Terms, new FixedTime());
        await AskAsync(fixture, queue, "q");
        await Assert.ThrowsAsync<ChainException>(() => queue.SettleAsync());
        Assert.Equal(1, ledger.Posts);
        Assert.Equal(1, queue.PendingCount);
    }

    [Fact]
    public async Task SettleAsync_ReceiptIssuedMeanwhile_WaitsForTheNextEpoch()
    {
        using SettlementFixture fixture = new();
        BusyLedger ledger = new(fixture.Ledger);
        using SettlementQueue queue = new(ledger, Accounts.Operator, SettlementFixture.Terms, new FixedTime());
        await AskAsync(fixture, queue, "q");
        ledger.BeforePosting = () => AskAsync(fixture, queue, "q");
        Assert.Single((await queue.SettleAsync()).Epoch!.Receipts);
        Assert.Equal(1, queue.PendingCount);
        ledger.BeforePosting = null;
        await AskAsync(fixture, queue, "q");
        SettlementResult second = await queue.SettleAsync();
        Assert.Equal(2, second.Epoch!.Receipts.Count);
        Assert.Empty(second.AlreadySettled);
    }

    [Fact]
    public async Task SettleAsync_CalledAtOnce_SettlesEachReceiptOnce()
    {
        using SettlementFixture fixture = new();
        for (int i = 0; i < 5; i++)
        {
            await AskAsync(fixture, fixture.Queue, "q");
        }

        SettlementResult[] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => fixture.Queue.SettleAsync())));
        Assert.Equal(5, results.Sum(result => result.Epoch?.Receipts.Count ?? 0));
        Assert.Equal(1ul, (await fixture.Ledger.ReadAsync()).Epoch);
    }

    [Fact]
    public async Task Run_RepeatedOnAFreshLedger_GivesAnIdenticalEpoch()
    {
        Bytes32[] commitments = await Task.WhenAll(RunAsync(), RunAsync());
        Assert.Equal(commitments[0], commitments[1]);

        static async Task<Bytes32> RunAsync()
        {
            using SettlementFixture fixture = new();
            foreach (string question in new[] { "a", "b", "a" })
            {
                await AskAsync(fixture, fixture.Queue, question);
            }

            await fixture.Queue.SettleAsync();
            await AskAsync(fixture, fixture.Queue, "a");
            return (await fixture.Queue.SettleAsync()).Batch!.Header.Digest(SettlementFixture.Identity);
        }
    }

    [Fact]
    public async Task Receipts_AreNumberedFromZeroInEachEpoch()
    {
        using SettlementFixture fixture = new();
        foreach ((ulong epoch, ulong index) in new[] { (0ul, 0ul), (0ul, 1ul), (1ul, 0ul), (1ul, 1ul) })
        {
            if ((epoch, index) == (1, 0))
            {
                await fixture.Queue.SettleAsync();
            }

            var receipt = (await AskAsync(fixture, fixture.Queue, "q")).SignedReceipt!.Receipt;
            Assert.Equal(
                InferenceIdentity.CreateId(
                    receipt.ModelId, receipt.AdapterSetHash, receipt.PromptHash, receipt.OutputHash, receipt.TokensIn, receipt.TokensOut,
                    InferenceIdentity.NonceAt(epoch, index)),
                receipt.InferenceId);
        }
    }

    [Fact]
    public async Task Logs_TellOfSettlementAndLossButNotOfPrompts()
    {
        using SettlementFixture fixture = new();
        using ListLoggerFactory logs = new();
        using (SettlementQueue queue = new(fixture.Ledger, Accounts.Operator, SettlementFixture.Terms, new FixedTime(), logs))
        {
            IChatClient client = new AttributionChatClient(
                new MeteringChatClient(new SettlementChatClient(fixture.Model, queue), SettlementFixture.Terms.Price, logs), fixture.Attribution, logs);
            await client.GetResponseAsync("secret", Expert);
            await queue.SettleAsync();
            await client.GetResponseAsync("secret", Expert);
        }

        Assert.Contains(logs.Lines, line => line.StartsWith("Debug Attributed an answer of adapter expert: 2 shares, 4 records.", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, line => line.StartsWith("Information Settled 1 receipts as epoch 1: ", StringComparison.Ordinal));
        Assert.Equal("Warning The queue is disposed with 1 receipts that were never settled; settle before.", logs.Lines[^1]);
        Assert.DoesNotContain(logs.Lines, line => line.Contains("secret", StringComparison.Ordinal) || line.Contains("answer to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signer_WhoIsNotTheOperator_IsRefusedBeforeTheModelIsAsked()
    {
        using SettlementFixture fixture = new();
        using SettlementQueue queue = new(fixture.Ledger, Accounts.Mira, SettlementFixture.Terms);
        await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(fixture, queue, "q"));
        Assert.Equal(0, fixture.Model.Calls);
    }

    [Fact]
    public void Constructor_BadTerms_AreRefused()
    {
        using SettlementFixture fixture = new();
        ModelTerms terms = SettlementFixture.Terms with { ModelOwner = default };
        Assert.Throws<ArgumentException>(() => new SettlementQueue(fixture.Ledger, Accounts.Operator, terms));
    }

    private static async Task<PaidInference> AskAsync(SettlementFixture fixture, SettlementQueue queue, string question)
    {
        // Not disposed: the fake model is shared with the fixture.
        IChatClient client = new ChatClientBuilder(fixture.Model)
            .UseAttribution(fixture.Attribution).UseMetering(SettlementFixture.Terms.Price).UseSettlement(queue).Build();
        return PaidInference.Find(await client.GetResponseAsync(question, Expert))!;
    }
}
