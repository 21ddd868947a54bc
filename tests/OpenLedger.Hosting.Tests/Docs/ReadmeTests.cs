using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenLedger.Chain.Evm;
using OpenLedger.Hosting.ChatClients;
using OpenLedger.Lora.Serving;
using OpenLedger.Testing;

namespace OpenLedger.Hosting.Tests.Docs;

public sealed class ReadmeTests
{
    [Fact]
    public async Task I_can_run_the_example()
    {
        using TemporaryFolder folder = new();
        TinyModelFolder.Write(folder.File("model"));
        await ExampleAsync(folder.File("model"), folder.File("ledger.db"));
        Assert.True(File.Exists(folder.File("ledger.db")));
    }

    [Fact]
    public void Readme_Example_IsTheOneThatRuns()
    {
        string source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "OpenLedger.Hosting.Tests", "Docs", "ReadmeTests.cs"));
        string readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "OpenLedger.Hosting", "README.md"));
        string[] example = [.. Lines(readme, "```csharp", "```").Where(line => !line.StartsWith("using ", StringComparison.Ordinal) || line.Contains('='))];
        Assert.Equal(Lines(source, "// begin" + " example", "// end" + " example"), example);
        Assert.NotEmpty(example);
    }

    private static async Task ExampleAsync(string modelFolder, string ledgerPath)
    {
        // begin example
        EthereumAccount account = EthereumAccount.CreateRandom();
        using ServiceProvider services = new ServiceCollection().AddOpenLedger(options =>
        {
            options.Lora.ModelFolder = modelFolder; // config.json, model.safetensors, tokenizer.json
            options.Chain.LedgerPath = ledgerPath;
            options.Chain.OperatorSigner = account;
            options.Chain.Price = new() { WeiPer1000InputTokens = 500, WeiPer1000OutputTokens = 1500, PlatformFeeWei = 200 };
            options.Chain.Split = new() { ModelPpm = 400_000, StakersPpm = 100_000, ContributorsPpm = 500_000 };
            options.Chain.Ledger = options.Chain.ModelOwner = options.Chain.StakersPool = options.Chain.PlatformTreasury = account.Address;
        }).BuildServiceProvider();
        using IChatClient client = services.GetRequiredService<LoraChatClient>()
            .AsBuilder().UseAttribution().UseMetering().UseSettlement().Build(services);
        ChatResponse response = await client.GetResponseAsync("what is a datanet");
        Console.WriteLine($"{response.Text} costs {PaidInference.Find(response)!.FeeWei} wei");
        await services.GetRequiredService<SettlementQueue>().SettleAsync();
        // end example
    }

    private static string[] Lines(string text, string begin, string end)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        int first = Array.FindIndex(lines, line => line.Trim() == begin) + 1;
        int last = Array.FindIndex(lines, first, line => line.Trim() == end);
        return [.. lines[first..last].Select(line => line.Trim()).Where(line => line.Length > 0)];
    }
}
