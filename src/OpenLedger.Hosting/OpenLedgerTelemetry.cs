using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OpenLedger.Hosting;

/// <summary>Names under which this package reports traces and metrics, for <c>AddSource</c> and <c>AddMeter</c>.</summary>
/// <remarks>Neither traces nor metrics hold prompts, answers or records.</remarks>
public static class OpenLedgerTelemetry
{
    /// <summary>The activity source; its activities are <c>openledger.attribute</c> and <c>openledger.settle</c>.</summary>
    public const string ActivitySourceName = "OpenLedger.Hosting";

    /// <summary>The meter.</summary>
    public const string MeterName = "OpenLedger.Hosting";

    /// <summary>Counter of metered calls, in <c>{inference}</c>, by <see cref="ModelTag"/>.</summary>
    public const string InferencesMetric = "openledger.inferences";

    /// <summary>Counter of tokens, in <c>{token}</c>, by <see cref="ModelTag"/> and <see cref="DirectionTag"/>.</summary>
    public const string TokensMetric = "openledger.tokens";

    /// <summary>Counter of fees in wei, by <see cref="ModelTag"/>; a floating-point number for charts, never for payments.</summary>
    public const string FeeMetric = "openledger.fee";

    /// <summary>Histogram of the time that attributing an answer takes, in <c>s</c>.</summary>
    public const string AttributionDurationMetric = "openledger.attribution.duration";

    /// <summary>Counter of receipts that were settled, in <c>{receipt}</c>.</summary>
    public const string SettledReceiptsMetric = "openledger.settled_receipts";

    /// <summary>Tag with the model id that was asked for: an adapter's name, or <c>base</c> for the base model, whatever its id.</summary>
    public const string ModelTag = "openledger.model";

    /// <summary>Tag that is <c>input</c> or <c>output</c>.</summary>
    public const string DirectionTag = "openledger.direction";

    internal static ActivitySource Source { get; } = new(ActivitySourceName);

    internal static Meter Meter { get; } = new(MeterName);

    internal static Counter<long> Inferences { get; } = Meter.CreateCounter<long>(InferencesMetric, "{inference}");

    internal static Counter<long> Tokens { get; } = Meter.CreateCounter<long>(TokensMetric, "{token}");

    internal static Counter<double> Fee { get; } = Meter.CreateCounter<double>(FeeMetric, "wei");

    internal static Histogram<double> AttributionDuration { get; } = Meter.CreateHistogram<double>(AttributionDurationMetric, "s");

    internal static Counter<long> SettledReceipts { get; } = Meter.CreateCounter<long>(SettledReceiptsMetric, "{receipt}");
}
