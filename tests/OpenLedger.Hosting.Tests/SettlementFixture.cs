using Microsoft.Extensions.AI;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Settlement;
using OpenLedger.Hosting.ChatClients;
using OpenLedger.Testing;

namespace OpenLedger.Hosting.Tests;

/// <summary>A fresh ledger with a queue, and pipelines over fakes.</summary>
internal sealed class SettlementFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SettlementFixture()
    {
        LedgerPath = _folder.File("ledger.db");
        Ledger = SqliteLedger.Open(LedgerPath, new SqliteLedgerOptions { Identity = Identity });
        Queue = new SettlementQueue(Ledger, Accounts.Operator, Terms, new FixedTime());
    }

    public static LedgerIdentity Identity { get; } = new()
    {
        ChainId = 31337,
        Ledger = Accounts.Operator.Address,
        Token = default,
        Operator = Accounts.Operator.Address,
    };

    public static ModelTerms Terms { get; } = new()
    {
        ModelId = Bytes32.HashOf("the-base"),
        Price = new PricePolicy { WeiPer1000InputTokens = 5_000, WeiPer1000OutputTokens = 70_000, PlatformFeeWei = 11 },
        Split = new FeeSplit { ModelPpm = 400_000, StakersPpm = 100_000, ContributorsPpm = 500_000 },
        ModelOwner = Accounts.Owner.Address,
        StakersPool = Accounts.Owner.Address,
        PlatformTreasury = Accounts.Operator.Address,
    };

    public string LedgerPath { get; }

    public SqliteLedger Ledger { get; }

    public SettlementQueue Queue { get; }

    public FakeAttribution Attribution { get; init; } = new();

    public FakeChatClient Model { get; init; } = new();

    /// <summary>The stages by their first letters, outermost first: "AMS" is attribution around metering around settlement.</summary>
    public IChatClient CreatePipeline(string stages = "AMS")
    {
        ChatClientBuilder builder = new(Model);
        foreach (char stage in stages)
        {
            _ = stage switch
            {
                'A' => builder.UseAttribution(Attribution),
                'M' => builder.UseMetering(Terms.Price),
                _ => builder.UseSettlement(Queue),
            };
        }

        return builder.Build();
    }

    public void Dispose()
    {
        Queue.Dispose();
        Ledger.Dispose();
        _folder.Dispose();
    }
}
