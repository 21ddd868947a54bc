using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenLedger.Attribution.Answers;
using OpenLedger.Attribution.Reports;
using OpenLedger.Attribution.Rewards;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Settlement;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;
using OpenLedger.Hosting.ChatClients;
using OpenLedger.Lora;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Serving;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Testing;

namespace OpenLedger.Hosting.Tests;

public sealed class OpenLedgerServiceCollectionExtensionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AddOpenLedger_Pipeline_AnswersAndSettlesWithARealModel()
    {
        TinyModelFolder.Write(_folder.File("model"));
        using ServiceProvider services = CreateServices();
        using IChatClient client = services.GetRequiredService<LoraChatClient>().AsBuilder().UseAttribution().UseMetering().UseSettlement().Build(services);
        ChatResponse response = await client.GetResponseAsync("what is a datanet");
        PaidInference paid = PaidInference.Find(response)!;
        Assert.Equal(9, paid.Usage!.OutputTokenCount);
        Assert.True(paid.SignedReceipt!.IsValid(SettlementFixture.Identity));
        Assert.Equal((ulong)FixedTime.Now.ToUnixTimeSeconds(), paid.SignedReceipt.Receipt.Timestamp);
        Assert.Equal(SettlementFixture.Terms.ModelId, paid.SignedReceipt.Receipt.ModelId);
        SettlementResult result = await services.GetRequiredService<SettlementQueue>().SettleAsync();
        Assert.Equal(paid.FeeWei, result.Epoch!.Gross);
        Assert.Equal(paid.FeeWei, (await services.GetRequiredService<ILedger>().ReadAsync()).Funded);
        InvalidOperationException fault = await Assert.ThrowsAsync<InvalidOperationException>(
            () => client.GetResponseAsync("q", new ChatOptions { ModelId = "stranger" }));
        Assert.Contains("register it", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddOpenLedger_AdapterOfARealModel_IsAttributedUnderItsHash()
    {
        TinyModelFolder.Write(_folder.File("model"));
        TinyModelFolder.WriteAdapter(_folder.File("adapter"), _folder.File("model"));
        using ServiceProvider services = CreateServices();
        LoraChatClient lora = services.GetRequiredService<LoraChatClient>();
        lora.AddAdapter("expert", LoraAdapter.Load(_folder.File("adapter")));
        AttributionSource source = new("r1", Accounts.Mira.Address.ToContributorId(), "text 1", []);
        Bytes32 hash = AdapterProvenance.HashAdapter(_folder.File("adapter"));
        services.GetRequiredService<AdapterAttribution>().RegisterSources(
            "expert", hash, [source], new Dictionary<string, RecordOrigin> { ["r1"] = new("harbour", Bytes32.HashOf("a")) },
            (question, answer, _) =>
            {
                RecordInfluence[] influences = [new("r1", source.Contributor, 1)];
                return AttributionReport.Create(question, answer, "fake", influences, RewardAllocation.Allocate(influences), []);
            });
        using IChatClient client = lora.AsBuilder().UseSettlement().UseAttribution().UseMetering().Build(services);
        ChatResponse response = await client.GetStreamingResponseAsync("what is a datanet", new ChatOptions { ModelId = "expert" }).ToChatResponseAsync();
        PaidInference paid = PaidInference.Find(response)!;
        Assert.Equal("expert", paid.AdapterName);
        Assert.Equal(response.Text, paid.Answer);
        Assert.Equal(hash, paid.SignedReceipt!.Receipt.AdapterSetHash);
        Assert.Equal("r1", Assert.Single(paid.Report!.Records).RecordId);
        Assert.Equal(response.Usage!.OutputTokenCount, paid.SignedReceipt.Receipt.TokensOut);
        SettlementResult result = await services.GetRequiredService<SettlementQueue>().SettleAsync();
        Assert.True(result.Epoch!.Credits[Accounts.Mira.Address] > UInt128.Zero);
    }

    [Fact]
    public void AddOpenLedger_EveryService_IsOneInstance()
    {
        TinyModelFolder.Write(_folder.File("model"));
        using ServiceProvider services = CreateServices();
        foreach (Type type in new[]
        {
            typeof(TimeProvider), typeof(IDatanetStore), typeof(IContributionVerifier), typeof(DatanetOptions), typeof(Tokenizer), typeof(CausalLM),
            typeof(LoraChatClient), typeof(SqliteLedger), typeof(ILedger), typeof(SettlementEngine), typeof(AdapterAttribution), typeof(IAnswerAttribution),
            typeof(SettlementQueue), typeof(AnswerAttributorOptions),
        })
        {
            Assert.Same(services.GetRequiredService(type), services.GetRequiredService(type));
        }

        Assert.Same(services.GetRequiredService<SqliteLedger>(), services.GetRequiredService<ILedger>());
        Assert.Same(services.GetRequiredService<AdapterAttribution>(), services.GetRequiredService<IAnswerAttribution>());
        Assert.Same(services.GetRequiredService<IDatanetStore>(), services.GetRequiredService<DatanetOptions>().Store);
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == "TorchSharp");
    }

    [Fact]
    public void AddOpenLedger_ResolvingTheStore_NeedsNoModelAndNoLedger()
    {
        using ServiceProvider services = CreateServices(options => options.Lora.ModelFolder = _folder.File("absent"));
        services.GetRequiredService<IDatanetStore>();
        services.GetRequiredService<AdapterAttribution>();
        Assert.False(File.Exists(_folder.File("ledger.db")));
        Assert.Throws<ModelFormatException>(() => services.GetRequiredService<CausalLM>());
    }

    [Fact]
    public void AddOpenLedger_DisposedProvider_LetsGoOfItsFiles()
    {
        TinyModelFolder.Write(_folder.File("model"));
        IDatanetStore store;
        using (ServiceProvider services = CreateServices())
        {
            store = services.GetRequiredService<IDatanetStore>();
            services.GetRequiredService<SettlementQueue>();
            services.GetRequiredService<LoraChatClient>();
        }

        Assert.Throws<ObjectDisposedException>(() => store.Read(reader => 0));
        foreach (string file in new[] { "datanets.db", "ledger.db" })
        {
            using FileStream exclusive = new(_folder.File(file), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            Assert.True(exclusive.Length > 0);
        }

        Directory.Delete(_folder.File("model"), recursive: true);
        Assert.Equal(["datanets.db", "ledger.db"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order()); // no journals left behind
        if (OperatingSystem.IsLinux())
        {
            Assert.DoesNotContain(_folder.Path, string.Join('\n', OpenFiles()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AddOpenLedger_RegisteredBefore_IsKept()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        using ServiceProvider services = CreateServices(before: collection => collection.AddSingleton<IDatanetStore>(store));
        Assert.Same(store, services.GetRequiredService<DatanetOptions>().Store);
        Assert.IsType<FixedTime>(services.GetRequiredService<DatanetOptions>().TimeProvider);
        Assert.False(File.Exists(_folder.File("datanets.db")));
    }

    [Fact]
    public void AddOpenLedger_WithoutLedgerPath_SaysSoWhenSettlementIsAskedFor()
    {
        using ServiceProvider services = CreateServices(options => options.Chain.LedgerPath = null);
        foreach (Type type in new[] { typeof(ILedger), typeof(SqliteLedger), typeof(SettlementEngine), typeof(SettlementQueue) })
        {
            InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() => services.GetRequiredService(type));
            Assert.Equal("There is no ledger, because Chain.LedgerPath is null; name a file in AddOpenLedger to settle calls.", fault.Message);
        }

        using FakeChatClient model = new();
        Assert.Throws<InvalidOperationException>(() => model.AsBuilder().UseSettlement().Build(services));
        model.AsBuilder().UseMetering().Build(services);
    }

    [Fact]
    public void UseMetering_WithoutPrices_SaysSo()
    {
        using ServiceProvider services = CreateServices(options => (options.Chain.LedgerPath, options.Chain.Price) = (null, null));
        using FakeChatClient model = new();
        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() => model.AsBuilder().UseMetering().Build(services));
        Assert.StartsWith("There are no prices, because Chain.Price is null", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddOpenLedger_EmptyOptions_ReportsEveryFault()
    {
        using ServiceProvider services = new ServiceCollection().AddOpenLedger(options =>
        {
            options.Datanets.StorePath = " ";
            options.Datanets.LockTimeout = TimeSpan.Zero;
            options.Datanets.MaxContributionBytes = 0;
            options.Lora.BaseModelId = "";
            options.Lora.PromptFormat = null!;
            options.Lora.MaxThreads = 0;
            options.Lora.Generation = new GenerationOptions { MaxTokens = 0 };
            options.Attribution = new AnswerAttributorOptions { BatchSize = 0 };
            options.Chain.LedgerPath = "";
        }).BuildServiceProvider();
        OptionsValidationException fault = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IDatanetStore>());
        Assert.Equal(
            [
                "Datanets.StorePath is empty; name a file, or use null to keep datanets in memory.",
                "Datanets.LockTimeout is 00:00:00; it must be from 1 second to 1 hour.",
                "Datanets.MaxContributionBytes is 0; it must be from 1 to 1000000000.",
                "Lora.ModelFolder is missing; name the folder with config.json, model.safetensors and tokenizer.json.",
                "Lora.BaseModelId is empty; give the base model a name, for one 'base'.",
                "Lora.PromptFormat is null; use new QuestionAnswerFormat() for single questions and answers.",
                "Lora.MaxThreads is 0; it must be at least 1.",
                "Lora.Generation: The generation options are invalid:\n  - MaxTokens is 0; legal is 1 and up",
                "Attribution.BatchSize is 0; it must be at least 1.",
                "Chain.LedgerPath is empty; name a file, or use null to do without settlement.",
                "Chain.Price is missing; settlement needs the prices of calls.",
                "Chain.Split is missing; settlement needs to know how a fee is divided.",
                "Chain.OperatorSigner is missing; settlement needs the operator's key, for one an EthereumAccount.",
                "Chain.Ledger is the zero address; use the contract's address, or any address that is unique to an embedded ledger.",
                "Chain.ModelOwner is the zero address; money sent there is lost.",
                "Chain.StakersPool is the zero address; money sent there is lost.",
                "Chain.PlatformTreasury is the zero address; money sent there is lost.",
            ],
            fault.Failures);
    }

    [Fact]
    public void AddOpenLedger_BadPricesAndSplit_AreReportedEvenWithoutALedger()
    {
        using ServiceProvider services = CreateServices(options =>
        {
            options.Chain.LedgerPath = null;
            options.Chain.Price = SettlementFixture.Terms.Price with { PlatformFeeWei = UInt128.MaxValue };
            options.Chain.Split = SettlementFixture.Terms.Split with { ModelPpm = 1 };
        });
        OptionsValidationException fault = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IDatanetStore>());
        Assert.Equal(2, fault.Failures.Count());
        Assert.All(fault.Failures, failure => Assert.StartsWith("Chain.", failure, StringComparison.Ordinal));
    }

    [Fact]
    public void AddOpenLedger_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddOpenLedger(null!));
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddOpenLedger(_ => { }));
    }

    // A descriptor may be closed by another thread between the listing and the look; FileInfo then knows no target and does not throw.
    private static IEnumerable<string> OpenFiles() =>
        Directory.GetFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget ?? "");

    private ServiceProvider CreateServices(Action<OpenLedgerOptions>? configure = null, Action<IServiceCollection>? before = null)
    {
        ServiceCollection collection = new();
        collection.AddSingleton<TimeProvider>(new FixedTime());
        before?.Invoke(collection);
        collection.AddOpenLedger(options =>
        {
            options.Datanets.StorePath = _folder.File("datanets.db");
            options.Lora.ModelFolder = _folder.File("model");
            options.Lora.BaseModelId = "the-base";
            options.Lora.Generation = new GenerationOptions { MaxTokens = 9 };
            options.Lora.MaxThreads = 1;
            options.Chain.LedgerPath = _folder.File("ledger.db");
            options.Chain.OperatorSigner = Accounts.Operator;
            options.Chain.Ledger = Accounts.Operator.Address;
            options.Chain.Price = SettlementFixture.Terms.Price;
            options.Chain.Split = SettlementFixture.Terms.Split;
            options.Chain.ModelOwner = Accounts.Owner.Address;
            options.Chain.StakersPool = Accounts.Owner.Address;
            options.Chain.PlatformTreasury = Accounts.Operator.Address;
        });
        collection.AddOpenLedger(options => configure?.Invoke(options)); // a second call adds settings and nothing else
        return collection.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }
}
