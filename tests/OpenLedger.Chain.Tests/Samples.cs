using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Receipts;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Chain.Tests;

/// <summary>A small economy with fixed keys: two models, five contributors.</summary>
internal static class Samples
{
    public const ulong Open = 1_000_000_000_000_000_000;

    public static EthereumAccount Operator { get; } = Account(100);

    public static LedgerIdentity Identity { get; } = new()
    {
        ChainId = 31337,
        Ledger = Account(101).Address,
        Token = Account(102).Address,
        Operator = Operator.Address,
    };

    public static EthereumAddress Treasury { get; } = Account(103).Address;

    public static ModelTerms[] Terms { get; } =
    [
        new()
        {
            ModelId = Bytes32.HashOf("model/a"),
            Price = new PricePolicy { WeiPer1000InputTokens = Open / 2, WeiPer1000OutputTokens = (Open / 2 * 3) + 1, PlatformFeeWei = Open / 5 },
            Split = new FeeSplit { ModelPpm = 400_000, StakersPpm = 100_000, ContributorsPpm = 500_000 },
            ModelOwner = Account(104).Address,
            StakersPool = Account(105).Address,
            PlatformTreasury = Treasury,
        },
        new()
        {
            ModelId = Bytes32.HashOf("model/b"),
            Price = new PricePolicy { WeiPer1000InputTokens = 7, WeiPer1000OutputTokens = 11, PlatformFeeWei = 0 },
            Split = new FeeSplit { ModelPpm = 333_333, StakersPpm = 0, ContributorsPpm = 666_667 },
            ModelOwner = Account(106).Address,
            StakersPool = Account(105).Address,
            PlatformTreasury = Treasury,
        },
    ];

    public static EthereumAccount Account(int number) => EthereumAccount.FromSeed([(byte)number]);

    public static AttributionShare Share(int number, ulong weightPpb) =>
        new("facts", Account(1 + (number % 5)).Address.ToContributorId(), Bytes32.HashOf($"row/{number}"), weightPpb);

    public static AttributedReceipt Receipt(string inference, int model, uint tokensIn, uint tokensOut, Attribution attribution)
    {
        InferenceReceipt receipt = new()
        {
            InferenceId = Bytes32.HashOf(inference),
            ModelId = Terms[model].ModelId,
            AdapterSetHash = Bytes32.HashOf("adapters"),
            PromptHash = Bytes32.HashOf("prompt of " + inference),
            OutputHash = Bytes32.HashOf("output of " + inference),
            TokensIn = tokensIn,
            TokensOut = tokensOut,
            Gross = Terms[model].Price.FeeFor(tokensIn, tokensOut),
            AttributionRoot = attribution.Root,
            Timestamp = 1_790_000_000 + tokensIn,
        };
        return new AttributedReceipt(SignedReceipt.Sign(receipt, Identity, Operator), attribution);
    }

    /// <summary>Four receipts over both models; one answer without attribution.</summary>
    public static AttributedReceipt[] Receipts(string day) =>
    [
        Receipt(day + "/1", 0, 1200, 800, Attribution.Create([Share(1, 750_000_000), Share(2, 250_000_000)])),
        Receipt(day + "/2", 1, 1201, 77, Attribution.Create([Share(1, 333_333_333), Share(3, 333_333_333), Share(9, 333_333_334)])),
        Receipt(day + "/3", 0, 10, 3, Attribution.None),
        Receipt(day + "/4", 1, 999_999, 0, Attribution.Create([Share(4, Attribution.Whole)])),
    ];

    public static SqliteLedger OpenLedger(string path) => SqliteLedger.Open(path, new SqliteLedgerOptions { Identity = Identity, BusyTimeout = TimeSpan.FromSeconds(1) });
}
