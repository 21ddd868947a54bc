using Microsoft.Extensions.AI;

namespace OpenLedger.Hosting.ChatClients;

/// <summary>What a stage does before and after the call that it wraps; <see cref="InferencePipeline"/> does the rest.</summary>
internal interface IInferenceStage
{
    InferenceParts Part { get; }

    /// <summary>Runs before the inner call; throwing here costs nobody anything.</summary>
    ValueTask EnterAsync(InferenceCall call, IChatClient inner, CancellationToken cancellationToken);

    /// <summary>Runs after the inner call ended well. Returns content to add to the response, or null.</summary>
    ValueTask<AIContent?> LeaveAsync(InferenceCall call, UsageDetails? usage, CancellationToken cancellationToken);
}
