using Microsoft.Extensions.AI;

namespace OpenLedger.Hosting.ChatClients;

/// <summary>Signs a receipt for each attributed and metered call and queues it for settlement.</summary>
/// <remarks>
/// The receipt is made when answer, attribution and fee are all there, whatever the order of the stages; a call that fails, is cancelled or
/// is abandoned before its end gets none. Thread-safe when the inner client is.
/// </remarks>
public sealed class SettlementChatClient : DelegatingChatClient, IInferenceStage
{
    private readonly SettlementQueue _queue;

    /// <summary>Creates the stage.</summary>
    /// <param name="innerClient">Answers; disposed with this client.</param>
    /// <param name="queue">Makes and keeps the receipts. Not disposed.</param>
    public SettlementChatClient(IChatClient innerClient, SettlementQueue queue)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(queue);
        _queue = queue;
    }

    InferenceParts IInferenceStage.Part => InferenceParts.Settlement;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Attribution or metering is not in the pipeline, or the stage is used twice.</exception>
    /// <exception cref="OpenLedger.Chain.ChainException">The ledger cannot be read; nothing was computed then.</exception>
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return InferencePipeline.GetResponseAsync(this, InnerClient, messages, options, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Attribution or metering is not in the pipeline, or the stage is used twice.</exception>
    /// <exception cref="OpenLedger.Chain.ChainException">The ledger cannot be read; nothing was computed then.</exception>
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return InferencePipeline.GetStreamingResponseAsync(this, InnerClient, messages, options, cancellationToken);
    }

    async ValueTask IInferenceStage.EnterAsync(InferenceCall call, IChatClient inner, CancellationToken cancellationToken)
    {
        InferenceParts missing = InferenceParts.All & ~call.Entered & ~InferencePipeline.PartsInside(inner);
        if (missing != InferenceParts.None)
        {
            throw new InvalidOperationException(
                $"Settlement lacks {missing}: a receipt needs the answer's attribution and its fee. Add "
                + $"{string.Join(" and ", new[] { InferenceParts.Attribution, InferenceParts.Metering }.Where(part => missing.HasFlag(part)).Select(part => $"Use{part}()"))} to the same pipeline.");
        }

        await _queue.PrepareAsync(cancellationToken).ConfigureAwait(false);
        call.Completion = () => _queue.Issue(call);
    }

    ValueTask<AIContent?> IInferenceStage.LeaveAsync(InferenceCall call, UsageDetails? usage, CancellationToken cancellationToken) => default;
}
