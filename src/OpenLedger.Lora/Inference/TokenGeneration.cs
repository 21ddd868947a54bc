namespace OpenLedger.Lora.Inference;

/// <summary>One running generation: gives tokens one by one and says why it ended.</summary>
/// <remarks>
/// For one thread at a time; it owns the session's sequence while it runs. The last token given is not yet in the sequence, so that no
/// work is spent on a token nobody asks to continue.
/// </remarks>
public sealed class TokenGeneration
{
    private readonly DecodeSession _session;
    private readonly int[] _prompt;
    private readonly TokenSampler _sampler;
    private readonly HashSet<int> _stopTokens;
    private readonly int _maxTokens;
    private int _last;

    /// <summary>Prepares a generation; nothing is computed yet.</summary>
    /// <param name="session">The session to continue; its sequence so far is the context.</param>
    /// <param name="prompt">Tokens to append first; at least one.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">The options are invalid, or the prompt is empty or too long.</exception>
    public TokenGeneration(DecodeSession session, ReadOnlySpan<int> prompt, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(options);
        int free = session.Model.Description.MaxPositions - session.Position;
        if (prompt.IsEmpty || prompt.Length > free)
        {
            throw new ArgumentException($"The prompt has {prompt.Length} tokens; legal is 1 to {free}, what the model has positions for.", nameof(prompt));
        }

        _session = session;
        _prompt = prompt.ToArray();
        _sampler = new TokenSampler(options);
        _stopTokens = [.. options.StopTokens];
        _maxTokens = options.MaxTokens;
    }

    /// <summary>Tokens given so far.</summary>
    public int Count { get; private set; }

    /// <summary>Why generation ended, or <see cref="GenerationEnd.None"/> while it runs.</summary>
    public GenerationEnd End { get; private set; }

    /// <summary>Computes the next token.</summary>
    /// <param name="token">The token; undefined when the method returns <see langword="false"/>.</param>
    /// <param name="cancellationToken">Stops between layers; the call can then be repeated.</param>
    /// <returns><see langword="false"/> when generation has ended: see <see cref="End"/>.</returns>
    /// <exception cref="ArgumentException">The prompt holds a token outside the vocabulary, or the model computes NaN.</exception>
    public bool TryNext(out int token, CancellationToken cancellationToken = default)
    {
        token = 0;
        if (End == GenerationEnd.None && Count == _maxTokens)
        {
            End = GenerationEnd.MaxTokens;
        }
        else if (End == GenerationEnd.None && Count > 0 && _session.Position == _session.Model.Description.MaxPositions)
        {
            End = GenerationEnd.ContextFull;
        }

        if (End != GenerationEnd.None)
        {
            return false;
        }

        ReadOnlySpan<float> logits = Count == 0 ? _session.Prefill(_prompt, cancellationToken) : _session.Decode(_last, cancellationToken);
        token = _sampler.Sample(logits);
        if (_stopTokens.Contains(token))
        {
            End = GenerationEnd.StopToken;
            return false;
        }

        _last = token;
        Count++;
        return true;
    }
}
