using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Receipts;
using OpenLedger.Chain.Settlement;
using OpenLedger.Chain.Verification;
using OpenLedger.Testing;

namespace OpenLedger.Chain.Tests;

public class ReadmeTests
{
    [Fact]
    public async Task Example_Runs()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("ledger.db");
        string export = folder.File("export");

        // readme
        EthereumAccount key = EthereumAccount.CreateRandom();
        EthereumAddress contributor = EthereumAccount.CreateRandom().Address;
        LedgerIdentity identity = new() { ChainId = 31337, Ledger = key.Address, Token = default, Operator = key.Address };
        ModelTerms terms = new()
        {
            ModelId = Bytes32.HashOf("my model"),
            Price = new PricePolicy { WeiPer1000InputTokens = 500, WeiPer1000OutputTokens = 1500, PlatformFeeWei = 200 },
            Split = new FeeSplit { ModelPpm = 400_000, StakersPpm = 100_000, ContributorsPpm = 500_000 },
            ModelOwner = key.Address,
            StakersPool = key.Address,
            PlatformTreasury = key.Address,
        };
        Attribution shares = Attribution.Create([new("my-datanet", contributor.ToContributorId(), Bytes32.HashOf("row 1"), Attribution.Whole)]);
        InferenceReceipt receipt = new()
        {
            InferenceId = Bytes32.HashOf("call 1"),
            ModelId = terms.ModelId,
            AdapterSetHash = default,
            AttributionRoot = shares.Root,
            PromptHash = Bytes32.HashOf("prompt"),
            OutputHash = Bytes32.HashOf("answer"),
            Timestamp = 1_790_000_000,
            TokensIn = 1200,
            TokensOut = 800,
            Gross = terms.Price.FeeFor(1200, 800),
        };
        using SqliteLedger ledger = SqliteLedger.Open(path, new SqliteLedgerOptions { Identity = identity });
        SettlementResult result = await new SettlementEngine(ledger, key).SettleAsync(
            [terms], [new AttributedReceipt(SignedReceipt.Sign(receipt, identity, key), shares)]);
        foreach (PayoutClaim claim in result.Claims)
        {
            Console.WriteLine($"{claim.Account} is paid {await ledger.ClaimAsync(claim)} wei");
        }

        SettlementExport.Write(ledger, key, export);
        VerificationReport report = SettlementVerifier.Verify(export, expectedOperator: key.Address);
        // end

        Assert.True(report.Passed);
        Assert.Equal(900u, report.State!.Paid(contributor));
    }

    [Fact]
    public void Example_IsTheOneInTheReadme()
    {
        string[] source = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "tests", "OpenLedger.Chain.Tests", "ReadmeTests.cs"));
        IEnumerable<string> example = source
            .SkipWhile(line => line.Trim() != "// readme").Skip(1).TakeWhile(line => line.Trim() != "// end")
            .Select(line => line.Length > 8 ? line[8..] : "");
        string readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "OpenLedger.Chain", "README.md"));
        Assert.Contains(string.Join('\n', example), readme, StringComparison.Ordinal);
    }
}
