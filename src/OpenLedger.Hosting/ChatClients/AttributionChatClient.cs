using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenLedger.Attribution.Reports;
using OpenLedger.Chain.Settlement;
using ChainAttribution = OpenLedger.Chain.Settlement.Attribution;

namespace OpenLedger.Hosting.ChatClients;

/// <summary>Finds out which records each answer owes how much, and cites them.</summary>
/// <remarks>
/// <para>
/// After an answer of an adapter has ended it is attributed on a thread-pool thread, and the response gets an empty <see cref="TextContent"/>
/// with one <see cref="CitationAnnotation"/> per record with weight above 0, most helpful first: title = record id, snippet = record text,
/// additional properties <c>contributor</c>, <c>datanet</c>, <c>rowHash</c> (text) and <c>weightPpb</c> (integer). The text stays as it was.
/// Answers of the base model are not attributed. The order among attribution, metering and settlement does not matter.
/// </para>
/// <para>Thread-safe when the inner client and the attribution are.</para>
/// </remarks>
public sealed partial class AttributionChatClient : DelegatingChatClient, IInferenceStage
{
    private readonly IAnswerAttribution _attribution;
    private readonly ILogger _logger;

    /// <summary>Creates the stage.</summary>
    /// <param name="innerClient">Answers. Its <see cref="ChatClientMetadata.DefaultModelId"/> is the base model's id; disposed with this client.</param>
    /// <param name="attribution">Attributes. Not disposed.</param>
    /// <param name="loggerFactory">For logs, which hold no prompts and answers; none when null.</param>
    public AttributionChatClient(IChatClient innerClient, IAnswerAttribution attribution, ILoggerFactory? loggerFactory = null)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(attribution);
        _attribution = attribution;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<AttributionChatClient>();
    }

    InferenceParts IInferenceStage.Part => InferenceParts.Attribution;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The adapter asked for cannot be attributed, or the stage is used twice.</exception>
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return InferencePipeline.GetResponseAsync(this, InnerClient, messages, options, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The adapter asked for cannot be attributed, or the stage is used twice.</exception>
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return InferencePipeline.GetStreamingResponseAsync(this, InnerClient, messages, options, cancellationToken);
    }

    ValueTask IInferenceStage.EnterAsync(InferenceCall call, IChatClient inner, CancellationToken cancellationToken)
    {
        // Looked up before the answer is computed: an adapter that is replaced meanwhile must not be credited with it.
        call.Provenance = call.AdapterName is null ? null : Require(call.AdapterName);
        return default;
    }

    async ValueTask<AIContent?> IInferenceStage.LeaveAsync(InferenceCall call, UsageDetails? usage, CancellationToken cancellationToken)
    {
        if (call.AdapterName != call.Provenance?.AdapterName)
        {
            throw new InvalidOperationException(
                $"The model id was changed from '{call.Provenance?.AdapterName ?? "the base model"}' to '{call.AdapterName ?? "the base model"}' by a client "
                + "inside of the attribution stage; put it outside.");
        }

        if (call.Provenance is not AdapterProvenance provenance)
        {
            call.Attribution = ChainAttribution.None;
            return null;
        }

        using Activity? activity = OpenLedgerTelemetry.Source.StartActivity("openledger.attribute");
        activity?.SetTag(OpenLedgerTelemetry.ModelTag, provenance.AdapterName);
        long start = Stopwatch.GetTimestamp();
        AttributionReport report = await Task.Run(
            () => _attribution.Attribute(provenance, call.Question, call.Answer, cancellationToken), cancellationToken).ConfigureAwait(false);
        OpenLedgerTelemetry.AttributionDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
        call.Report = report;
        call.Attribution = SharesOf(report, provenance);
        LogAttributed(provenance.AdapterName, call.Attribution.Count, report.Records.Count);
        return Citations(report, provenance);
    }

    // Records with the same row, as when one row was trained on in several forms, share one entry on the ledger.
    private static ChainAttribution SharesOf(AttributionReport report, AdapterProvenance provenance) =>
        ChainAttribution.Create(report.Records
            .Where(record => record.WeightPpb > 0)
            .GroupBy(record => (Origin: OriginOf(record, provenance), record.Contributor))
            .Select(group => new AttributionShare(
                group.Key.Origin.DatanetId, group.Key.Contributor, group.Key.Origin.RowHash,
                group.Aggregate(0ul, (sum, record) => sum + record.WeightPpb))));

    private static TextContent? Citations(AttributionReport report, AdapterProvenance provenance)
    {
        AIAnnotation[] citations = [.. report.Records.Where(record => record.WeightPpb > 0).Select(record => new CitationAnnotation
        {
            Title = record.RecordId,
            Snippet = provenance.Texts.GetValueOrDefault(record.RecordId),
            AdditionalProperties = new AdditionalPropertiesDictionary
            {
                ["contributor"] = record.Contributor.ToString(),
                ["datanet"] = OriginOf(record, provenance).DatanetId,
                ["rowHash"] = OriginOf(record, provenance).RowHash.ToString(),
                ["weightPpb"] = (long)record.WeightPpb,
            },
        })];
        return citations.Length == 0 ? null : new TextContent("") { Annotations = citations };
    }

    private static RecordOrigin OriginOf(AttributedRecord record, AdapterProvenance provenance) =>
        provenance.Origins.GetValueOrDefault(record.RecordId) ?? throw new InvalidOperationException(
            $"Record '{record.RecordId}' of the report has no origin in the provenance of adapter '{provenance.AdapterName}'; register one for every record.");

    private AdapterProvenance Require(string adapterName) =>
        _attribution.Find(adapterName) ?? throw new InvalidOperationException(
            $"Answers of adapter '{adapterName}' cannot be attributed; register it with {nameof(AdapterAttribution)}.{nameof(AdapterAttribution.Register)}, or ask for the base model.");

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "Attributed an answer of adapter {Adapter}: {Shares} shares, {Records} records.")]
    private partial void LogAttributed(string adapter, int shares, int records);
}
