using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Hosting.ChatClients;

/// <summary>Adds attribution, metering and settlement to a chat pipeline. Their order does not matter; each is used at most once.</summary>
/// <remarks>
/// Put other middleware (function invocation, caching, telemetry) outside or inside of all three, not between them. Results come with the
/// response: <see cref="PaidInference.Find(ChatResponse)"/>.
/// </remarks>
public static class OpenLedgerChatClientBuilderExtensions
{
    /// <summary>Adds attribution by the <see cref="IAnswerAttribution"/> of the service provider.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ChatClientBuilder UseAttribution(this ChatClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use((inner, services) =>
            new AttributionChatClient(inner, services.GetRequiredService<IAnswerAttribution>(), services.GetService<ILoggerFactory>()));
    }

    /// <summary>Adds attribution.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="attribution">Attributes; not disposed.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ChatClientBuilder UseAttribution(this ChatClientBuilder builder, IAnswerAttribution attribution)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(attribution);
        return builder.Use((inner, services) => new AttributionChatClient(inner, attribution, services.GetService<ILoggerFactory>()));
    }

    /// <summary>Adds metering at the prices of <see cref="OpenLedgerChainOptions.Price"/>.</summary>
    /// <param name="builder">The builder; building throws <see cref="InvalidOperationException"/> where the options name no prices.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ChatClientBuilder UseMetering(this ChatClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use((inner, services) => new MeteringChatClient(
            inner,
            OpenLedgerServiceCollectionExtensions.OptionsOf(services).Chain.Price ?? throw new InvalidOperationException(
                $"There are no prices, because Chain.Price is null; set it in AddOpenLedger, or use {nameof(UseMetering)} with a price policy."),
            services.GetService<ILoggerFactory>()));
    }

    /// <summary>Adds metering.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="price">What calls cost; settlement needs the same prices.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ChatClientBuilder UseMetering(this ChatClientBuilder builder, PricePolicy price)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(price);
        return builder.Use((inner, services) => new MeteringChatClient(inner, price, services.GetService<ILoggerFactory>()));
    }

    /// <summary>Adds settlement through the <see cref="SettlementQueue"/> of the service provider.</summary>
    /// <param name="builder">The builder; building throws <see cref="InvalidOperationException"/> where the options name no ledger.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ChatClientBuilder UseSettlement(this ChatClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use((inner, services) => new SettlementChatClient(inner, services.GetRequiredService<SettlementQueue>()));
    }

    /// <summary>Adds settlement.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="queue">Makes and keeps the receipts; not disposed.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ChatClientBuilder UseSettlement(this ChatClientBuilder builder, SettlementQueue queue)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(queue);
        return builder.Use((inner, _) => new SettlementChatClient(inner, queue));
    }
}
