using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenLedger.Attribution.Answers;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Settlement;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Serving;
using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Hosting;

/// <summary>Registers OpenLedger's services.</summary>
public static class OpenLedgerServiceCollectionExtensions
{
    /// <summary>Registers the services of all packages as singletons that are created when they are first resolved.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="configure">Sets the options; runs when the first of these services is resolved.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>
    /// <para>
    /// Registered, where nothing of the same type is yet: <see cref="TimeProvider"/>, <see cref="IDatanetStore"/>,
    /// <see cref="IContributionVerifier"/>, <see cref="DatanetOptions"/>, <see cref="Tokenizer"/>, <see cref="CausalLM"/>,
    /// <see cref="LoraChatClient"/>, <see cref="AnswerAttributorOptions"/>, <see cref="AdapterAttribution"/> and
    /// <see cref="IAnswerAttribution"/>, <see cref="SqliteLedger"/> and <see cref="ILedger"/>, <see cref="SettlementEngine"/> and
    /// <see cref="SettlementQueue"/>. The service provider disposes what it made. None of them loads libtorch.
    /// </para>
    /// <para>
    /// The first resolution throws <see cref="OptionsValidationException"/> with every fault of the options. After that, resolving throws
    /// what the service's own package throws for a missing or broken file.
    /// </para>
    /// </remarks>
    public static IServiceCollection AddOpenLedger(this IServiceCollection services, Action<OpenLedgerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<OpenLedgerOptions>().Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OpenLedgerOptions>, OpenLedgerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        AddDatanets(services);
        AddLora(services);
        services.TryAddSingleton(provider => OptionsOf(provider).Attribution);
        services.TryAddSingleton<AdapterAttribution>();
        services.TryAddSingleton<IAnswerAttribution>(provider => provider.GetRequiredService<AdapterAttribution>());
        AddChain(services);
        return services;
    }

    internal static OpenLedgerOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<OpenLedgerOptions>>().Value;

    private static void AddDatanets(IServiceCollection services)
    {
        services.TryAddSingleton<IContributionVerifier, EthereumContributionVerifier>();
        services.TryAddSingleton<IDatanetStore>(provider => SqliteDatanetStore.Open(new SqliteDatanetStoreOptions
        {
            Path = OptionsOf(provider).Datanets.StorePath,
            LockTimeout = OptionsOf(provider).Datanets.LockTimeout,
        }));
        services.TryAddSingleton(provider => new DatanetOptions
        {
            Store = provider.GetRequiredService<IDatanetStore>(),
            Verifier = provider.GetRequiredService<IContributionVerifier>(),
            TimeProvider = provider.GetRequiredService<TimeProvider>(),
            MaxContributionBytes = OptionsOf(provider).Datanets.MaxContributionBytes,
        });
    }

    private static void AddLora(IServiceCollection services)
    {
        services.TryAddSingleton<Tokenizer>(provider => Tokenizer.Load(OptionsOf(provider).Lora.ModelFolder!));

        // Weights in memory of their own: a disposed provider then holds no file, whenever the collector comes by.
        services.TryAddSingleton(provider => CausalLM.Load(
            OptionsOf(provider).Lora.ModelFolder!, new InferenceOptions { MaxThreads = OptionsOf(provider).Lora.MaxThreads, MapWeights = false }));
        services.TryAddSingleton(provider => new LoraChatClient(
            provider.GetRequiredService<CausalLM>(),
            provider.GetRequiredService<Tokenizer>(),
            new LoraChatClientOptions
            {
                BaseModelId = OptionsOf(provider).Lora.BaseModelId,
                PromptFormat = OptionsOf(provider).Lora.PromptFormat,
                Generation = OptionsOf(provider).Lora.Generation,
                TimeProvider = provider.GetRequiredService<TimeProvider>(),
            }));
    }

    private static void AddChain(IServiceCollection services)
    {
        services.TryAddSingleton(provider =>
        {
            OpenLedgerChainOptions chain = RequireSettlement(provider);
            return SqliteLedger.Open(chain.LedgerPath!, new SqliteLedgerOptions { Identity = chain.CreateIdentity() });
        });
        services.TryAddSingleton<ILedger>(provider => provider.GetRequiredService<SqliteLedger>());
        services.TryAddSingleton(provider => new SettlementEngine(
            provider.GetRequiredService<ILedger>(), RequireSettlement(provider).OperatorSigner!));
        services.TryAddSingleton(provider =>
        {
            OpenLedgerChainOptions chain = RequireSettlement(provider);
            return new SettlementQueue(
                provider.GetRequiredService<ILedger>(),
                chain.OperatorSigner!,
                chain.CreateTerms(OptionsOf(provider).Lora.BaseModelId),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetService<ILoggerFactory>());
        });
    }

    private static OpenLedgerChainOptions RequireSettlement(IServiceProvider provider) =>
        OptionsOf(provider).Chain is { LedgerPath: not null } chain
            ? chain
            : throw new InvalidOperationException(
                "There is no ledger, because Chain.LedgerPath is null; name a file in AddOpenLedger to settle calls.");
}
