using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>One sequence on a model: its key-value cache and scratch memory.</summary>
/// <remarks>
/// For one thread at a time. Cheap to create: memory grows with the sequence. A call that is cancelled or rejected leaves the sequence
/// as it was.
/// </remarks>
public sealed class DecodeSession
{
    /// <summary>Tokens that go through the layers together; bounds scratch memory whatever the length of the prompt.</summary>
    internal const int MaxBlock = 128;

    private readonly LayerRunner _runner;
    private readonly float[] _logits;
    private readonly Action<int, int> _computeLastLogits;
    private int _length;

    internal DecodeSession(CausalLM model, LoraAdapter? adapter, BoundAdapter? bound)
    {
        Model = model;
        Adapter = adapter;
        State = new SequenceState(model.Description, bound);
        _runner = new LayerRunner(model, bound?.MaxRank ?? 0, CausalLM.SmallPass);
        _logits = new float[model.Description.VocabularySize];
        _computeLastLogits = ComputeLastLogits;
    }

    /// <summary>Handles the logits of one position.</summary>
    internal delegate void LogitsVisitor<TState>(int position, ReadOnlySpan<float> logits, TState state);

    /// <summary>The model.</summary>
    public CausalLM Model { get; }

    /// <summary>The adapter that is applied, or <see langword="null"/> for the base model.</summary>
    public LoraAdapter? Adapter { get; }

    /// <summary>Number of tokens in the sequence so far.</summary>
    public int Position => State.Position;

    internal SequenceState State { get; }

    /// <summary>Appends a prompt.</summary>
    /// <param name="tokens">Token ids; at least one.</param>
    /// <param name="cancellationToken">Stops between layers; the sequence is then unchanged.</param>
    /// <returns>Scores of the next token, <c>[vocabulary]</c>; valid until the next call on this session.</returns>
    /// <exception cref="ArgumentException">A token is outside the vocabulary, or the sequence gets too long.</exception>
    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        Append(tokens, _computeLastLogits, cancellationToken);
        return _logits;
    }

    /// <summary>Appends one token.</summary>
    /// <param name="token">Token id.</param>
    /// <param name="cancellationToken">Stops between layers; the sequence is then unchanged.</param>
    /// <returns>Scores of the next token, <c>[vocabulary]</c>; valid until the next call on this session.</returns>
    /// <exception cref="ArgumentException">The token is outside the vocabulary, or the sequence gets too long.</exception>
    public ReadOnlySpan<float> Decode(int token, CancellationToken cancellationToken = default) =>
        Prefill(new ReadOnlySpan<int>(in token), cancellationToken);

    /// <summary>Forgets the tokens from a position on, so that another continuation can be tried.</summary>
    /// <param name="position">Tokens to keep, 0 to <see cref="Position"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There are not that many tokens; or the model's prompts attend to themselves in both directions
    /// (<see cref="PositionKind.RotaryInTwoDimensions"/>) and the position lies inside the prompt, which then holds no beginning that
    /// could be kept.
    /// </exception>
    public void Rewind(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, Position);
        if (position > 0 && position < State.ContextLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(position), position, $"The first {State.ContextLength} tokens see each other; rewind to 0 or to {State.ContextLength} and up.");
        }

        State.Position = position;
    }

    /// <summary>Appends tokens and gives the states after the final norm, <c>[tokens, hidden]</c>, from which the head would compute logits.</summary>
    internal float[] ComputeStates(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        int hidden = Model.Description.HiddenSize;
        float[] states = new float[checked(tokens.Length * hidden)];
        int begin = Position;
        Append(
            tokens,
            (position, count) => _runner.CopyFinalStates(0, count, states.AsSpan((position - begin) * hidden, count * hidden)),
            cancellationToken);
        return states;
    }

    /// <summary>Appends tokens and shows the logits after each of them, a block at a time.</summary>
    internal void Score<TState>(ReadOnlySpan<int> tokens, LogitsVisitor<TState> visit, TState state, CancellationToken cancellationToken)
    {
        const int HeadBlock = 16;
        int vocabulary = Model.Description.VocabularySize;
        float[] logits = new float[Math.Min(HeadBlock, tokens.Length) * vocabulary];
        int[] rows = new int[HeadBlock];
        Append(tokens, Visit, cancellationToken);

        void Visit(int position, int count)
        {
            for (int i = 0; i < count; i += HeadBlock)
            {
                int rowCount = Math.Min(HeadBlock, count - i);
                for (int r = 0; r < rowCount; r++)
                {
                    rows[r] = i + r;
                }

                _runner.ComputeLogits(rows.AsSpan(0, rowCount), logits.AsSpan(0, rowCount * vocabulary));
                for (int r = 0; r < rowCount; r++)
                {
                    visit(position + i + r, logits.AsSpan(r * vocabulary, vocabulary), state);
                }
            }
        }
    }

    internal void CheckTokens(ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty)
        {
            throw new ArgumentException("There are no tokens; give at least one, for example the begin token.", nameof(tokens));
        }

        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)Model.Description.VocabularySize)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(tokens), token, $"A token id lies outside the vocabulary; legal is 0 to {Model.Description.VocabularySize - 1}.");
            }
        }

        int max = Model.Description.MaxPositions;
        if (tokens.Length > max - Position)
        {
            throw new ArgumentException(
                $"{Position} tokens and {tokens.Length} more exceed the model's {max} positions; shorten the prompt or rewind.", nameof(tokens));
        }
    }

    /// <summary>
    /// Tokens that see each other in both directions: those before the begin token of a first prompt, or all but its last where it has
    /// none.
    /// </summary>
    internal int ContextOf(ReadOnlySpan<int> tokens)
    {
        if (Model.Description.Positions != PositionKind.RotaryInTwoDimensions)
        {
            return 0;
        }

        if (Position > 0)
        {
            return State.ContextLength;
        }

        int begin = Model.BeginToken is int token ? tokens.IndexOf(token) : -1;
        return begin >= 0 ? begin : tokens.Length - 1;
    }

    /// <summary>What sees itself in both directions cannot be cut.</summary>
    private int FirstBlock(int count, int context) => Math.Min(count, Position == 0 ? Math.Max(MaxBlock, context) : MaxBlock);

    private int BlockAt(int position, int length, int context) =>
        position == 0 ? FirstBlock(length, context) : Math.Min(length - position, MaxBlock);

    /// <summary>Appends tokens, block by block.</summary>
    /// <param name="tokens">Token ids.</param>
    /// <param name="visit">Called with the position and the length of each block that has gone through the layers.</param>
    /// <param name="cancellationToken">Stops between layers; the sequence is then unchanged.</param>
    private void Append(ReadOnlySpan<int> tokens, Action<int, int> visit, CancellationToken cancellationToken)
    {
        CheckTokens(tokens);
        int context = ContextOf(tokens);
        int position = Position;
        _length = position + tokens.Length;
        try
        {
            _runner.Reserve(FirstBlock(tokens.Length, context), State.Adapter?.MaxRank ?? 0);
            while (position < _length)
            {
                int count = BlockAt(position, _length, context);
                RunBlock(tokens.Slice(position - Position, count), position, _length, context, cancellationToken);
                visit(position, count);
                position += count;
            }

            State.Position = position;
            State.ContextLength = context;
        }
        finally
        {
            _runner.Release();
        }
    }

    /// <summary>Only the last token of a prompt has a successor to be chosen.</summary>
    private void ComputeLastLogits(int position, int count)
    {
        if (position + count == _length)
        {
            int last = count - 1;
            _runner.ComputeLogits(new ReadOnlySpan<int>(in last), _logits);
        }
    }

    private void RunBlock(ReadOnlySpan<int> tokens, int position, int length, int context, CancellationToken cancellationToken)
    {
        RowSegment segment = new(State, 0, tokens.Length, position, length, context);
        _runner.Run(new ReadOnlySpan<RowSegment>(in segment), tokens, cancellationToken);
    }
}
