using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>Sequences that step together: each linear layer multiplies the rows of all of them at once, so that its weight is read once.</summary>
/// <remarks>
/// <para>
/// Sequences may differ in length and in adapter, and come and go between steps. Every one computes bit for bit what its own
/// <see cref="DecodeSession"/> would compute alone.
/// </para>
/// <para>
/// For one thread at a time, together with the sessions it holds: while a call runs, no other thread may use them. Between calls a
/// session may be used by itself. A call that is cancelled or rejected leaves all sequences as they were.
/// </para>
/// </remarks>
public sealed class DecodeBatch
{
    private readonly List<DecodeSession> _sessions = [];
    private readonly LayerRunner _runner;
    private float[] _logits = [];
    private float[] _finishedLogits = [];
    private int[] _counts = [];
    private int[] _done = [];
    private int[] _contexts = [];
    private int[] _finishedRows = [];
    private int[] _finishedSessions = [];
    private int[] _tokens = [];
    private RowSegment[] _segments = [];

    internal DecodeBatch(CausalLM model)
    {
        Model = model;
        _runner = new LayerRunner(model, 0, DecodeSession.MaxBlock);
    }

    /// <summary>The model of all sessions.</summary>
    public CausalLM Model { get; }

    /// <summary>The sequences, in the order of tokens and logits.</summary>
    public IReadOnlyList<DecodeSession> Sessions => _sessions;

    /// <summary>Adds a sequence at the end.</summary>
    /// <param name="session">A session of this model, with any adapter and any tokens so far.</param>
    /// <exception cref="ArgumentException">The session belongs to another model or is in this batch already.</exception>
    public void Add(DecodeSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.Model != Model)
        {
            throw new ArgumentException($"The session belongs to the model '{session.Model.Name}', the batch to another, '{Model.Name}'.", nameof(session));
        }

        if (_sessions.Contains(session))
        {
            throw new ArgumentException("The session is in this batch already.", nameof(session));
        }

        _sessions.Add(session);
        Grow();
    }

    /// <summary>Takes a sequence out; those behind it move up. The session keeps its tokens.</summary>
    /// <param name="session">Any session.</param>
    /// <returns>Whether it was in this batch.</returns>
    public bool Remove(DecodeSession session) => _sessions.Remove(session);

    /// <summary>Appends one token to every sequence.</summary>
    /// <param name="tokens">Token ids, one per session.</param>
    /// <param name="cancellationToken">Stops between layers; no sequence has then changed.</param>
    /// <returns>Row-major <c>[sessions, vocabulary]</c>: row i holds the scores of the next token of session i; valid until the next call.</returns>
    /// <exception cref="ArgumentException">There is not one token per session, a token is outside the vocabulary, or a sequence gets too long.</exception>
    public ReadOnlySpan<float> Decode(scoped ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        if (tokens.Length != _sessions.Count)
        {
            throw new ArgumentException($"There are {tokens.Length} tokens for {_sessions.Count} sessions; give one per session.", nameof(tokens));
        }

        _counts.AsSpan(0, _sessions.Count).Fill(1);
        return Append(tokens, cancellationToken);
    }

    /// <summary>Appends any number of tokens to every sequence: prompts of some beside single tokens of others.</summary>
    /// <param name="tokens">Token ids of session 0, then those of session 1, and so on.</param>
    /// <param name="counts">How many tokens each session gets; 0 lets it sit out.</param>
    /// <param name="cancellationToken">Stops between layers; no sequence has then changed.</param>
    /// <returns>
    /// Row-major <c>[sessions, vocabulary]</c>: row i holds the scores of the next token of session i, undefined where the session sat
    /// out; valid until the next call.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The counts do not add up, a token is outside the vocabulary, or a sequence gets too long.
    /// </exception>
    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> counts, CancellationToken cancellationToken = default)
    {
        if (counts.Length != _sessions.Count)
        {
            throw new ArgumentException($"There are {counts.Length} counts for {_sessions.Count} sessions; give one per session.", nameof(counts));
        }

        long sum = 0;
        foreach (int count in counts)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(counts));
            sum += count;
        }

        if (sum != tokens.Length)
        {
            throw new ArgumentException($"The counts add up to {sum}; there are {tokens.Length} tokens.", nameof(counts));
        }

        counts.CopyTo(_counts);
        return Append(tokens, cancellationToken);
    }

    private ReadOnlySpan<float> Append(scoped ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        int sessions = _sessions.Count;
        int maxRank = 0;
        int longest = DecodeSession.MaxBlock;
        int at = 0;
        for (int i = 0; i < sessions; i++)
        {
            _done[i] = 0;
            _contexts[i] = 0;
            if (_counts[i] > 0)
            {
                ReadOnlySpan<int> own = tokens.Slice(at, _counts[i]);
                _sessions[i].CheckTokens(own);
                _contexts[i] = _sessions[i].ContextOf(own);
                longest = Math.Max(longest, _sessions[i].Position == 0 ? _contexts[i] : 0);
                maxRank = Math.Max(maxRank, _sessions[i].State.Adapter?.MaxRank ?? 0);
                at += _counts[i];
            }
        }

        int rows = Math.Min(tokens.Length, longest);
        if (_tokens.Length < rows)
        {
            _tokens = new int[rows];
        }

        try
        {
            _runner.Reserve(rows, maxRank);
            for (int left = tokens.Length; left > 0;)
            {
                (int segments, int used) = Plan(tokens);
                _runner.Run(_segments.AsSpan(0, segments), _tokens.AsSpan(0, used), cancellationToken);
                ComputeLogits(segments);
                left -= used;
            }
        }
        finally
        {
            _runner.Release();
        }

        for (int i = 0; i < sessions; i++)
        {
            if (_counts[i] > 0)
            {
                _sessions[i].State.Position += _counts[i];
                _sessions[i].State.ContextLength = _contexts[i];
            }
        }

        return _logits.AsSpan(0, sessions * Model.Description.VocabularySize);
    }

    /// <summary>Chooses the rows of the next pass: what is left of the sequences in order, up to a block.</summary>
    private (int Segments, int Rows) Plan(ReadOnlySpan<int> tokens)
    {
        int segments = 0;
        int rows = 0;
        int at = 0;
        for (int i = 0; i < _sessions.Count && rows < DecodeSession.MaxBlock; at += _counts[i++])
        {
            int left = _counts[i] - _done[i];
            if (left == 0)
            {
                continue;
            }

            DecodeSession session = _sessions[i];
            int begin = session.Position + _done[i];
            int count = Math.Min(left, DecodeSession.MaxBlock - rows);
            if (begin == 0 && count < _contexts[i])
            {
                // What sees itself in both directions cannot be cut: it waits for a pass of its own.
                if (rows > 0)
                {
                    break;
                }

                count = _contexts[i];
            }

            _segments[segments++] = new RowSegment(session.State, rows, count, begin, session.Position + _counts[i], _contexts[i]);
            tokens.Slice(at + _done[i], count).CopyTo(_tokens.AsSpan(rows));
            rows += count;
            _done[i] += count;
        }

        return (segments, rows);
    }

    /// <summary>Logits of the sequences that the last pass finished.</summary>
    private void ComputeLogits(int segments)
    {
        int vocabulary = Model.Description.VocabularySize;
        int finished = 0;
        int session = 0;
        foreach (RowSegment segment in _segments.AsSpan(0, segments))
        {
            while (_sessions[session].State != segment.Sequence)
            {
                session++;
            }

            if (segment.Begin + segment.Count == segment.Length)
            {
                _finishedRows[finished] = segment.FirstRow + segment.Count - 1;
                _finishedSessions[finished++] = session;
            }
        }

        if (finished == 0)
        {
            return;
        }

        ReadOnlySpan<int> rows = _finishedRows.AsSpan(0, finished);
        int first = _finishedSessions[0];
        if (_finishedSessions[finished - 1] - first == finished - 1)
        {
            _runner.ComputeLogits(rows, _logits.AsSpan(first * vocabulary, finished * vocabulary));
            return;
        }

        if (_finishedLogits.Length < finished * vocabulary)
        {
            _finishedLogits = new float[finished * vocabulary];
        }

        _runner.ComputeLogits(rows, _finishedLogits.AsSpan(0, finished * vocabulary));
        for (int i = 0; i < finished; i++)
        {
            _finishedLogits.AsSpan(i * vocabulary, vocabulary).CopyTo(_logits.AsSpan(_finishedSessions[i] * vocabulary));
        }
    }

    private void Grow()
    {
        int capacity = _counts.Length;
        if (_sessions.Count <= capacity)
        {
            return;
        }

        capacity = Math.Max(4, 2 * capacity);
        _logits = new float[checked(capacity * Model.Description.VocabularySize)];
        _counts = new int[capacity];
        _done = new int[capacity];
        _contexts = new int[capacity];
        _finishedRows = new int[capacity];
        _finishedSessions = new int[capacity];
        _segments = new RowSegment[capacity];
    }
}
