using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Hosting.ChatClients;

/// <summary>Counts the tokens of each call and computes its fee.</summary>
/// <remarks>
/// Tokens are those that the inner client reports as <see cref="UsageDetails"/>; a client that reports none cannot be metered. The order
/// among attribution, metering and settlement does not matter. Thread-safe when the inner client is.
/// </remarks>
public sealed partial class MeteringChatClient : DelegatingChatClient, IInferenceStage
{
    private readonly PricePolicy _price;
    private readonly ILogger _logger;

    /// <summary>Creates the stage.</summary>
    /// <param name="innerClient">Answers and reports usage; disposed with this client.</param>
    /// <param name="price">What calls cost.</param>
    /// <param name="loggerFactory">For logs, which hold no prompts and answers; none when null.</param>
    /// <exception cref="ArgumentException">A price is too high.</exception>
    public MeteringChatClient(IChatClient innerClient, PricePolicy price, ILoggerFactory? loggerFactory = null)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(price);
        price.Validate();
        _price = price;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<MeteringChatClient>();
    }

    InferenceParts IInferenceStage.Part => InferenceParts.Metering;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The inner client reports no or impossible token counts, or the stage is used twice.</exception>
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return InferencePipeline.GetResponseAsync(this, InnerClient, messages, options, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The inner client reports no or impossible token counts, or the stage is used twice.</exception>
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return InferencePipeline.GetStreamingResponseAsync(this, InnerClient, messages, options, cancellationToken);
    }

    ValueTask IInferenceStage.EnterAsync(InferenceCall call, IChatClient inner, CancellationToken cancellationToken) => default;

    ValueTask<AIContent?> IInferenceStage.LeaveAsync(InferenceCall call, UsageDetails? usage, CancellationToken cancellationToken)
    {
        if (usage is not { InputTokenCount: >= 0 and <= uint.MaxValue, OutputTokenCount: >= 0 and <= uint.MaxValue })
        {
            throw new InvalidOperationException(
                $"The inner client reports {usage?.InputTokenCount?.ToString() ?? "no"} input and {usage?.OutputTokenCount?.ToString() ?? "no"} output tokens; "
                + $"both counts are needed, from 0 to {uint.MaxValue}. Use a client that reports usage.");
        }

        call.Usage = usage;
        call.TokensIn = (uint)usage.InputTokenCount;
        call.TokensOut = (uint)usage.OutputTokenCount;
        UInt128 fee = _price.FeeFor(call.TokensIn, call.TokensOut);
        call.FeeWei = fee;
        string model = call.AdapterName ?? "base";
        OpenLedgerTelemetry.Inferences.Add(1, new KeyValuePair<string, object?>(OpenLedgerTelemetry.ModelTag, model));
        OpenLedgerTelemetry.Tokens.Add(call.TokensIn, Tags(model, "input"));
        OpenLedgerTelemetry.Tokens.Add(call.TokensOut, Tags(model, "output"));
        OpenLedgerTelemetry.Fee.Add((double)fee, new KeyValuePair<string, object?>(OpenLedgerTelemetry.ModelTag, model));
        LogMetered(model, call.TokensIn, call.TokensOut, fee);
        return default;
    }

    private static KeyValuePair<string, object?>[] Tags(string model, string direction) =>
    [
        new(OpenLedgerTelemetry.ModelTag, model),
        new(OpenLedgerTelemetry.DirectionTag, direction),
    ];

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "Metered a call of {Model}: {TokensIn} tokens in, {TokensOut} out, {FeeWei} wei.")]
    private partial void LogMetered(string model, uint tokensIn, uint tokensOut, UInt128 feeWei);
}
