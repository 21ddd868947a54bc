using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Templates;
using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Lora.Serving;

/// <summary>A chat client over one base model and any number of named adapters, all computed in this process.</summary>
/// <remarks>
/// <para>
/// <see cref="ChatOptions.ModelId"/> names an adapter or the base model. Adapters may be added and removed while requests run; a running
/// request keeps the adapter it began with. Thread-safe.
/// </para>
/// <para>
/// Tools are declared to the model where the prompt format is an <see cref="IToolPromptFormat"/> with a syntax for calls, and the calls in
/// its answer become <see cref="FunctionCallContent"/>; the client itself calls nothing. Otherwise tools, and always response formats other
/// than text and frequency or presence penalties, are refused rather than ignored. The model and the tokenizer belong to the caller;
/// disposing the client releases nothing of theirs.
/// </para>
/// </remarks>
public sealed class LoraChatClient : IChatClient
{
    private readonly CausalLM _model;
    private readonly Tokenizer _tokenizer;
    private readonly LoraChatClientOptions _options;
    private readonly ConcurrentDictionary<string, LoraAdapter> _adapters = new(StringComparer.Ordinal);
    private readonly ChatClientMetadata _metadata;
    private readonly int[] _stopTokens;
    private readonly SemaphoreSlim _gate;
    private long _requests;
    private int _disposed;

    /// <summary>Creates a client.</summary>
    /// <param name="model">The base model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="options">Settings; copied where they could change.</param>
    /// <exception cref="ArgumentException">The options are invalid, or the tokenizer does not belong to the model or the prompt format.</exception>
    public LoraChatClient(CausalLM model, Tokenizer tokenizer, LoraChatClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (tokenizer.VocabularySize > model.Description.VocabularySize)
        {
            throw new ArgumentException(
                $"The tokenizer has {tokenizer.VocabularySize} ids, the model only {model.Description.VocabularySize}: they do not belong together.",
                nameof(tokenizer));
        }

        _model = model;
        _tokenizer = tokenizer;
        _options = options;
        _stopTokens = [.. options.PromptFormat.StopTokens(tokenizer).Concat(model.EndTokens).Concat(options.Generation.StopTokens).Distinct()];
        _metadata = new ChatClientMetadata("openledger", providerUri: null, options.BaseModelId);
        _gate = new SemaphoreSlim(options.MaxConcurrentRequests);
    }

    /// <summary>Names of the adapters that can be asked for now, in ordinal order.</summary>
    public IReadOnlyList<string> AdapterNames => [.. _adapters.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Makes an adapter available under a name.</summary>
    /// <param name="name">The model id that requests will use.</param>
    /// <param name="adapter">An adapter for this client's base model.</param>
    /// <exception cref="ArgumentException">The name is empty, taken, or the base model's.</exception>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.AdapterMismatch"/>: the adapter does not fit the base model.</exception>
    public void AddAdapter(string name, LoraAdapter adapter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(adapter);
        _model.RequireFit(adapter);
        if (name == _options.BaseModelId || !_adapters.TryAdd(name, adapter))
        {
            throw new ArgumentException($"The model id '{name}' is taken; remove the adapter first or choose another name.", nameof(name));
        }
    }

    /// <summary>Makes an adapter unavailable for new requests.</summary>
    /// <param name="name">Its name.</param>
    /// <returns><see langword="false"/> if there was none of this name.</returns>
    public bool RemoveAdapter(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _adapters.TryRemove(name, out _);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The model id is unknown, an option is unsupported or out of range, or the prompt is too long.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    /// <remarks>
    /// Yields pieces of text as they are computed, then one update with the finish reason and a <see cref="UsageContent"/>. With tools, text
    /// that may be the beginning of a call is held back until that is decided.
    /// </remarks>
    /// <exception cref="ArgumentException">The model id is unknown, an option is unsupported or out of range, or the prompt is too long.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return StreamAsync(Prepare(messages, options), cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_model) ? _model
            : serviceType.IsInstanceOfType(_tokenizer) ? _tokenizer
            : null;
    }

    /// <summary>Refuses new requests; running ones end normally.</summary>
    public void Dispose() => Volatile.Write(ref _disposed, 1);

    private Request Prepare(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        string modelId = options?.ModelId ?? _options.BaseModelId;
        LoraAdapter? adapter = null;
        if (modelId != _options.BaseModelId && !_adapters.TryGetValue(modelId, out adapter))
        {
            throw new ArgumentException(
                $"The model id '{modelId}' is unknown; known are '{_options.BaseModelId}' (the base model) and the adapters [{string.Join(", ", AdapterNames)}].",
                nameof(options));
        }

        RefuseUnsupported(options);
        GenerationOptions generation = _options.Generation with
        {
            MaxTokens = options?.MaxOutputTokens ?? _options.Generation.MaxTokens,
            Temperature = options?.Temperature ?? _options.Generation.Temperature,
            TopK = options?.TopK ?? _options.Generation.TopK,
            TopP = options?.TopP ?? _options.Generation.TopP,
            Seed = options?.Seed ?? _options.Generation.Seed,
            StopTokens = _stopTokens,
            VocabularyLimit = _tokenizer.VocabularySize,
        };
        if (options?.Instructions is { Length: > 0 } instructions)
        {
            messages = messages.Prepend(new ChatMessage(ChatRole.System, instructions));
        }

        generation.Validate();
        AITool[] tools = options?.ToolMode is NoneChatToolMode ? [] : [.. options?.Tools ?? []];
        int[] prompt = tools.Length > 0 && _options.PromptFormat is IToolPromptFormat format
            ? [.. format.Encode(messages, tools, _tokenizer)]
            : [.. _options.PromptFormat.Encode(messages, _tokenizer)];
        int max = _model.Description.MaxPositions;
        return prompt.Length <= max
            ? new Request(modelId, adapter, prompt, generation, [.. (options?.StopSequences ?? []).Where(s => s.Length > 0)], tools)
            : throw new ArgumentException($"The prompt has {prompt.Length} tokens, the model {max} positions; shorten the messages.", nameof(messages));
    }

    private void RefuseUnsupported(ChatOptions? options)
    {
        List<string> faults = [];
        if (options?.Tools is { Count: > 0 } && options.ToolMode is not NoneChatToolMode
            && _options.PromptFormat is not IToolPromptFormat { ToolCalls: not ToolCallSyntax.None })
        {
            faults.Add("tools: the prompt format of this client knows none; use a chat template of a family that has them");
        }

        if (options?.ToolMode is RequiredChatToolMode)
        {
            faults.Add("a tool that must be called: the model decides that itself");
        }

        if (options?.ResponseFormat is not (null or ChatResponseFormatText))
        {
            faults.Add("a response format other than text");
        }

        if (options?.FrequencyPenalty is not (null or 0) || options?.PresencePenalty is not (null or 0))
        {
            faults.Add("frequency or presence penalties");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"The request asks for what this client does not do: {string.Join("; ", faults)}.", nameof(options));
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(Request request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string responseId = string.Create(CultureInfo.InvariantCulture, $"{request.ModelId}-{Interlocked.Increment(ref _requests)}");
        DateTimeOffset createdAt = _options.TimeProvider.GetUtcNow();
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            TokenGeneration generation = new(_model.CreateSession(request.Adapter), request.Prompt, request.Options);
            IncrementalDetokenizer detokenizer = _tokenizer.CreateDetokenizer();
            StopSequenceFilter filter = new(request.StopSequences);
            ToolCallStream calls = new(
                request.Tools.Length == 0 ? ToolCallSyntax.None : ((IToolPromptFormat)_options.PromptFormat).ToolCalls,
                [.. request.Tools.Select(t => t.Name)],
                n => ToolCallId.Create(request.Prompt, n));
            Dictionary<int, string> markers = FindMarkers(request);

            // Each step leaves the caller's thread: a decode step computes for a millisecond or more and never waits.
            while (!filter.Stopped
                && await Task.Run(() => generation.TryNext(out int next, cancellationToken) ? next : (int?)null, cancellationToken)
                    .ConfigureAwait(false) is int token)
            {
                string text = filter.Push(markers.TryGetValue(token, out string? marker) ? marker : detokenizer.Push(token));
                foreach (AIContent content in calls.Push(text))
                {
                    yield return Update(content);
                }
            }

            string rest = filter.Stopped ? "" : filter.Push(detokenizer.Flush()) + filter.Flush();
            foreach (AIContent content in calls.Push(rest).Concat(calls.Finish()))
            {
                yield return Update(content);
            }

            ChatResponseUpdate last = Update(new UsageContent(new UsageDetails
            {
                InputTokenCount = request.Prompt.Length,
                OutputTokenCount = generation.Count,
                TotalTokenCount = request.Prompt.Length + generation.Count,
            }));
            last.FinishReason = calls.CallCount > 0 ? ChatFinishReason.ToolCalls
                : filter.Stopped || generation.End == GenerationEnd.StopToken ? ChatFinishReason.Stop : ChatFinishReason.Length;
            yield return last;
        }
        finally
        {
            _gate.Release();
        }

        ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content])
        {
            ResponseId = responseId,
            MessageId = responseId,
            ModelId = request.ModelId,
            CreatedAt = createdAt,
        };
    }

    /// <summary>Control tokens that begin or end calls: decoding would skip them, and the calls would be missed.</summary>
    private Dictionary<int, string> FindMarkers(Request request)
    {
        Dictionary<int, string> markers = [];
        if (request.Tools.Length > 0)
        {
            foreach (string marker in ToolCallStream.Markers(((IToolPromptFormat)_options.PromptFormat).ToolCalls))
            {
                if (_tokenizer.FindSpecial(marker) is int id)
                {
                    markers[id] = marker;
                }
            }
        }

        return markers;
    }

    private sealed record Request(
        string ModelId, LoraAdapter? Adapter, int[] Prompt, GenerationOptions Options, IReadOnlyList<string> StopSequences, AITool[] Tools);
}
