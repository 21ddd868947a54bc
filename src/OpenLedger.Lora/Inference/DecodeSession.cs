using System.Buffers;
using System.Numerics.Tensors;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Kernels;
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
    private const int MaxBlock = 128;

    private readonly BoundAdapter? _bound;
    private readonly KeyValueCache _cache;
    private readonly float[] _logits;
    private Scratch _scratch;

    internal DecodeSession(CausalLM model, LoraAdapter? adapter, BoundAdapter? bound)
    {
        Model = model;
        Adapter = adapter;
        _bound = bound;
        DecoderDescription d = model.Description;
        _cache = new KeyValueCache(d.LayerCount, d.KeyValueHeadCount, d.HeadSize, d.MaxPositions);
        _logits = new float[d.VocabularySize];
        _scratch = new Scratch(d, 1, bound?.MaxRank ?? 0);
    }

    /// <summary>Handles the logits of one position.</summary>
    internal delegate void LogitsVisitor<TState>(int position, ReadOnlySpan<float> logits, TState state);

    /// <summary>The model.</summary>
    public CausalLM Model { get; }

    /// <summary>The adapter that is applied, or <see langword="null"/> for the base model.</summary>
    public LoraAdapter? Adapter { get; }

    /// <summary>Number of tokens in the sequence so far.</summary>
    public int Position { get; private set; }

    /// <summary>Appends a prompt.</summary>
    /// <param name="tokens">Token ids; at least one.</param>
    /// <param name="cancellationToken">Stops between layers; the sequence is then unchanged.</param>
    /// <returns>Scores of the next token, <c>[vocabulary]</c>; valid until the next call on this session.</returns>
    /// <exception cref="ArgumentException">A token is outside the vocabulary, or the sequence gets too long.</exception>
    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        CheckTokens(tokens);
        int begin = Position;
        int position = begin;
        while (!tokens.IsEmpty)
        {
            int count = Math.Min(tokens.Length, MaxBlock);
            RunLayers(tokens[..count], position, cancellationToken);
            position += count;
            tokens = tokens[count..];
            if (tokens.IsEmpty)
            {
                ComputeLogits(count - 1, 1, _logits);
            }
        }

        Position = position;
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
    /// <exception cref="ArgumentOutOfRangeException">There are not that many tokens.</exception>
    public void Rewind(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, Position);
        Position = position;
    }

    /// <summary>Appends tokens and shows the logits after each of them, a block at a time.</summary>
    internal void Score<TState>(ReadOnlySpan<int> tokens, LogitsVisitor<TState> visit, TState state, CancellationToken cancellationToken)
    {
        const int HeadBlock = 16;
        CheckTokens(tokens);
        int vocabulary = Model.Description.VocabularySize;
        float[] rows = new float[Math.Min(HeadBlock, tokens.Length) * vocabulary];
        while (!tokens.IsEmpty)
        {
            int count = Math.Min(tokens.Length, MaxBlock);
            RunLayers(tokens[..count], Position, cancellationToken);
            for (int i = 0; i < count; i += HeadBlock)
            {
                int rowCount = Math.Min(HeadBlock, count - i);
                ComputeLogits(i, rowCount, rows.AsSpan(0, rowCount * vocabulary));
                for (int r = 0; r < rowCount; r++)
                {
                    visit(Position + i + r, rows.AsSpan(r * vocabulary, vocabulary), state);
                }
            }

            Position += count;
            tokens = tokens[count..];
        }
    }

    private void CheckTokens(ReadOnlySpan<int> tokens)
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

    /// <summary>Runs all layers; the residual stream of the block stays in the scratch memory.</summary>
    private void RunLayers(ReadOnlySpan<int> tokens, int begin, CancellationToken cancellationToken)
    {
        DecoderDescription d = Model.Description;
        int count = tokens.Length;
        if (_scratch.Tokens < count)
        {
            _scratch = new Scratch(d, count, _bound?.MaxRank ?? 0);
        }

        _cache.EnsureCapacity(begin + count);
        RotaryTable rotary = Model.RotaryFor(begin + count);
        Span<float> stream = _scratch.Stream.AsSpan(0, count * d.HiddenSize);
        ReadOnlySpan<float> embedding = Model.Weights.Embedding.Span;
        for (int t = 0; t < count; t++)
        {
            embedding.Slice(tokens[t] * d.HiddenSize, d.HiddenSize).CopyTo(stream[(t * d.HiddenSize)..]);
        }

        for (int layer = 0; layer < d.LayerCount; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RunAttention(layer, begin, count, rotary, stream);
            RunMlp(layer, count, stream);
        }
    }

    private void RunAttention(int layer, int begin, int count, RotaryTable rotary, Span<float> stream)
    {
        DecoderDescription d = Model.Description;
        Span<float> normed = _scratch.Normed.AsSpan(0, count * d.HiddenSize);
        Normalize(stream, Model.Weights.Layers[layer].AttentionNorm.Span, normed);
        int queryWidth = d.HeadCount * d.HeadSize;
        int keyWidth = d.KeyValueHeadCount * d.HeadSize;
        Span<float> queries = _scratch.Queries.AsSpan(0, count * queryWidth);
        Span<float> keys = _scratch.Keys.AsSpan(0, count * keyWidth);
        Span<float> values = _scratch.Values.AsSpan(0, count * keyWidth);
        Apply(layer, DecoderLinear.Query, normed, count, queries);
        Apply(layer, DecoderLinear.Key, normed, count, keys);
        Apply(layer, DecoderLinear.Value, normed, count, values);
        for (int t = 0; t < count; t++)
        {
            rotary.Rotate(queries.Slice(t * queryWidth, queryWidth), begin + t);
            rotary.Rotate(keys.Slice(t * keyWidth, keyWidth), begin + t);
            for (int head = 0; head < d.KeyValueHeadCount; head++)
            {
                int from = (t * keyWidth) + (head * d.HeadSize);
                keys.Slice(from, d.HeadSize).CopyTo(_cache.Keys(layer, head, begin + t, 1));
                values.Slice(from, d.HeadSize).CopyTo(_cache.Values(layer, head, begin + t, 1));
            }
        }

        // Two products of headSize multiply-adds per query, head and visible position.
        long work = 2L * count * (begin + count) * queryWidth;
        int parts = Model.Workers.PartsFor(work, d.KeyValueHeadCount);
        if (parts == 1)
        {
            AttendHeads(layer, begin, count, 0, d.KeyValueHeadCount);
        }
        else
        {
            WorkSplitter.Run(parts, part => AttendHeads(
                layer, begin, count, d.KeyValueHeadCount * part / parts, d.KeyValueHeadCount * (part + 1) / parts));
        }

        Span<float> output = _scratch.Normed.AsSpan(0, count * d.HiddenSize);
        Apply(layer, DecoderLinear.Output, _scratch.Attended.AsSpan(0, count * queryWidth), count, output);
        TensorPrimitives.Add(stream, output, stream);
    }

    /// <summary>Attention of a range of key-value heads and all query heads that share them.</summary>
    private void AttendHeads(int layer, int begin, int count, int firstHead, int endHead)
    {
        DecoderDescription d = Model.Description;
        int queryWidth = d.HeadCount * d.HeadSize;
        int shared = d.HeadCount / d.KeyValueHeadCount;
        float scale = 1 / MathF.Sqrt(d.HeadSize);
        float[] scoreMemory = ArrayPool<float>.Shared.Rent(begin + count);
        for (int keyHead = firstHead; keyHead < endHead; keyHead++)
        {
            for (int t = 0; t < count; t++)
            {
                int visible = begin + t + 1;
                Span<float> scores = scoreMemory.AsSpan(0, visible);
                ReadOnlySpan<float> keys = _cache.Keys(layer, keyHead, 0, visible);
                ReadOnlySpan<float> values = _cache.Values(layer, keyHead, 0, visible);
                for (int head = keyHead * shared; head < (keyHead + 1) * shared; head++)
                {
                    int at = (t * queryWidth) + (head * d.HeadSize);
                    MatrixProduct.Multiply(_scratch.Queries.AsSpan(at, d.HeadSize), keys, 1, d.HeadSize, WorkerLimit.Single, scores);
                    TensorPrimitives.Multiply(scores, scale, scores);
                    Softmax.Apply(scores);
                    Span<float> attended = _scratch.Attended.AsSpan(at, d.HeadSize);
                    attended.Clear();
                    ScaledRows.Add(scores, values, attended);
                }
            }
        }

        ArrayPool<float>.Shared.Return(scoreMemory);
    }

    private void RunMlp(int layer, int count, Span<float> stream)
    {
        DecoderDescription d = Model.Description;
        Span<float> normed = _scratch.Normed.AsSpan(0, count * d.HiddenSize);
        Normalize(stream, Model.Weights.Layers[layer].MlpNorm.Span, normed);
        Span<float> gate = _scratch.Gate.AsSpan(0, count * d.IntermediateSize);
        Span<float> up = _scratch.Up.AsSpan(0, count * d.IntermediateSize);
        Span<float> inner = _scratch.Inner.AsSpan(0, count * d.IntermediateSize);
        Apply(layer, DecoderLinear.Gate, normed, count, gate);
        Apply(layer, DecoderLinear.Up, normed, count, up);
        SwiGlu.Apply(gate, up, inner);
        Apply(layer, DecoderLinear.Down, inner, count, normed);
        TensorPrimitives.Add(stream, normed, stream);
    }

    /// <summary>A linear layer with its low-rank update, if the adapter has one.</summary>
    private void Apply(int layer, DecoderLinear linear, ReadOnlySpan<float> input, int count, Span<float> output)
    {
        (int outFeatures, int inFeatures) = Model.Description.ShapeOf(linear);
        MatrixProduct.Multiply(input, Model.Weights.Layers[layer].Linears[(int)linear].Span, count, inFeatures, Model.Workers, output);
        if (_bound?[layer, linear] is BoundUpdate update)
        {
            Span<float> inner = _scratch.LowRank.AsSpan(0, count * update.Rank);
            MatrixProduct.Multiply(input, update.LoraA, count, inFeatures, Model.Workers, inner);
            for (int t = 0; t < count; t++)
            {
                ScaledRows.Add(inner.Slice(t * update.Rank, update.Rank), update.ScaledRowsOfB, output.Slice(t * outFeatures, outFeatures));
            }
        }
    }

    private void Normalize(ReadOnlySpan<float> input, ReadOnlySpan<float> gain, Span<float> output)
    {
        int width = gain.Length;
        for (int at = 0; at < input.Length; at += width)
        {
            RmsNorm.Apply(input.Slice(at, width), gain, Model.Description.NormEpsilon, output.Slice(at, width));
        }
    }

    /// <summary>Final norm and output head for some tokens of the block that <see cref="RunLayers"/> left in the scratch memory.</summary>
    private void ComputeLogits(int first, int count, Span<float> logits)
    {
        int hidden = Model.Description.HiddenSize;
        Span<float> normed = _scratch.Normed.AsSpan(0, count * hidden);
        Normalize(_scratch.Stream.AsSpan(first * hidden, count * hidden), Model.Weights.FinalNorm.Span, normed);
        MatrixProduct.Multiply(normed, Model.Weights.Head.Span, count, hidden, Model.Workers, logits);
    }

    /// <summary>Activations of one block of tokens.</summary>
    private sealed class Scratch
    {
        public Scratch(DecoderDescription d, int tokens, int maxRank)
        {
            Tokens = tokens;
            Stream = new float[checked(tokens * d.HiddenSize)];
            Normed = new float[tokens * d.HiddenSize];
            Queries = new float[checked(tokens * d.HeadCount * d.HeadSize)];
            Attended = new float[Queries.Length];
            Keys = new float[tokens * d.KeyValueHeadCount * d.HeadSize];
            Values = new float[Keys.Length];
            Gate = new float[checked(tokens * d.IntermediateSize)];
            Up = new float[Gate.Length];
            Inner = new float[Gate.Length];
            LowRank = new float[tokens * maxRank];
        }

        public int Tokens { get; }

        public float[] Stream { get; }

        public float[] Normed { get; }

        public float[] Queries { get; }

        public float[] Attended { get; }

        public float[] Keys { get; }

        public float[] Values { get; }

        public float[] Gate { get; }

        public float[] Up { get; }

        public float[] Inner { get; }

        public float[] LowRank { get; }
    }
}
