using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;

namespace OpenLedger.Hosting.ChatClients;

/// <summary>Runs one stage around its inner client so that the order of stages does not matter.</summary>
/// <remarks>
/// The outermost stage creates the call and puts it into a copy of the options, where inner stages find it. Each stage adds its part after
/// its inner call has ended; whichever adds the last one completes the inference. So a call that fails, is cancelled or is abandoned
/// in the middle never reaches completion, in any order. Updates from the one with the finish reason or the usage on are held
/// back until the part is added: whoever has seen the end of an answer has been charged for it.
/// </remarks>
internal static class InferencePipeline
{
    internal static async Task<ChatResponse> GetResponseAsync(
        IInferenceStage stage, IChatClient inner, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        IList<ChatMessage> conversation = messages as IList<ChatMessage> ?? [.. messages];
        Entry entry = Enter(stage, inner, conversation, options);
        await stage.EnterAsync(entry.Call, inner, cancellationToken).ConfigureAwait(false);
        ChatResponse response = await inner.GetResponseAsync(conversation, entry.Options, cancellationToken).ConfigureAwait(false);
        entry.Call.Answer = string.Concat(response.Messages.Select(message => message.Text));
        AIContent? addition = await LeaveAsync(stage, entry.Call, response.Usage, cancellationToken).ConfigureAwait(false);
        if (addition is not null)
        {
            if (response.Messages.Count == 0)
            {
                response.Messages.Add(new ChatMessage(ChatRole.Assistant, [addition]));
            }
            else
            {
                ChatMessage last = response.Messages[^1];
                last.Contents = [.. last.Contents, addition];
            }
        }

        if (entry.IsOutermost)
        {
            response.AdditionalProperties = new(response.AdditionalProperties ?? []) { [PaidInference.PropertyKey] = entry.Call.ToPaidInference() };
        }

        return response;
    }

    internal static async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IInferenceStage stage, IChatClient inner, IEnumerable<ChatMessage> messages, ChatOptions? options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IList<ChatMessage> conversation = messages as IList<ChatMessage> ?? [.. messages];
        Entry entry = Enter(stage, inner, conversation, options);
        await stage.EnterAsync(entry.Call, inner, cancellationToken).ConfigureAwait(false);
        StringBuilder answer = new();
        UsageDetails? usage = null;
        List<ChatResponseUpdate> held = [];
        ChatResponseUpdate? last = null;
        await foreach (ChatResponseUpdate update in
            inner.GetStreamingResponseAsync(conversation, entry.Options, cancellationToken).ConfigureAwait(false))
        {
            last = update;
            answer.Append(update.Text);
            bool isEnd = update.FinishReason is not null;
            foreach (UsageContent content in update.Contents.OfType<UsageContent>())
            {
                isEnd = true;
                usage ??= new UsageDetails();
                usage.Add(content.Details);
            }

            if (held.Count > 0 || isEnd)
            {
                held.Add(update);
            }
            else
            {
                yield return update;
            }
        }

        entry.Call.Answer = answer.ToString();
        AIContent? addition = await LeaveAsync(stage, entry.Call, usage, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < held.Count - 1; i++)
        {
            yield return held[i];
        }

        ChatResponseUpdate end = held.Count > 0 ? held[^1].Clone() : EmptyAfter(last);
        if (addition is not null)
        {
            end.Contents = [.. end.Contents, addition];
        }

        if (entry.IsOutermost)
        {
            end.AdditionalProperties = new(end.AdditionalProperties ?? []) { [PaidInference.PropertyKey] = entry.Call.ToPaidInference() };
        }

        yield return end;
    }

    private static Entry Enter(IInferenceStage stage, IChatClient inner, IList<ChatMessage> messages, ChatOptions? options)
    {
        ChatOptions own = options?.Clone() ?? new ChatOptions();
        own.AdditionalProperties = new(own.AdditionalProperties ?? []);
        bool isOutermost = !own.AdditionalProperties.TryGetValue(InferenceCall.OptionsKey, out object? found);
        InferenceCall call = found as InferenceCall ?? new InferenceCall
        {
            Question = messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "",
            Nonce = NonceOf(own),
        };
        if (call.Entered.HasFlag(stage.Part))
        {
            throw new InvalidOperationException(
                $"The stage {stage.Part} is entered twice by one call: it is used twice, or a client between the stages calls the inner one more than "
                + "once. Use each stage once and put other middleware outside or inside all of them.");
        }

        call.Entered |= stage.Part;
        string? baseModelId = (inner.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata)?.DefaultModelId;
        call.AdapterName = own.ModelId is null || own.ModelId == baseModelId ? null : own.ModelId;
        if (PartsInside(inner) == InferenceParts.None)
        {
            own.AdditionalProperties.Remove(InferenceCall.OptionsKey); // the model's own client has no use for it
        }
        else
        {
            own.AdditionalProperties[InferenceCall.OptionsKey] = call;
        }

        return new Entry(call, own, isOutermost);
    }

    internal static InferenceParts PartsInside(IChatClient inner)
    {
        InferenceParts parts = InferenceParts.None;
        parts |= inner.GetService(typeof(AttributionChatClient)) is null ? 0 : InferenceParts.Attribution;
        parts |= inner.GetService(typeof(MeteringChatClient)) is null ? 0 : InferenceParts.Metering;
        parts |= inner.GetService(typeof(SettlementChatClient)) is null ? 0 : InferenceParts.Settlement;
        return parts;
    }

    private static async ValueTask<AIContent?> LeaveAsync(
        IInferenceStage stage, InferenceCall call, UsageDetails? usage, CancellationToken cancellationToken)
    {
        AIContent? addition = await stage.LeaveAsync(call, usage, cancellationToken).ConfigureAwait(false);
        call.Done |= stage.Part;
        if (call.Done == InferenceParts.All && call.Completion is { } complete)
        {
            cancellationToken.ThrowIfCancellationRequested(); // who gave up before the end does not pay
            call.SignedReceipt = complete();
        }

        return addition;
    }

    private static string? NonceOf(ChatOptions options) =>
        options.AdditionalProperties?.GetValueOrDefault(PaidInference.NonceKey) switch
        {
            null => null,
            string { Length: >= 1 and <= 256 } nonce => nonce,
            object other => throw new ArgumentException(
                $"The additional property '{PaidInference.NonceKey}' is a {other.GetType().Name}"
                + $"{(other is string text ? $" of {text.Length} characters" : "")}; it must be a string of 1 to 256 characters.",
                nameof(options)),
        };

    private static ChatResponseUpdate EmptyAfter(ChatResponseUpdate? last) => new(ChatRole.Assistant, (IList<AIContent>)[])
    {
        ResponseId = last?.ResponseId,
        MessageId = last?.MessageId,
        ModelId = last?.ModelId,
        CreatedAt = last?.CreatedAt,
        ConversationId = last?.ConversationId,
        AuthorName = last?.AuthorName,
    };

    private readonly record struct Entry(InferenceCall Call, ChatOptions Options, bool IsOutermost);
}
