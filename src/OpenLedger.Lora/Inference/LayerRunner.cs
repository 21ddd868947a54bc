using System.Numerics.Tensors;
using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>
/// Runs rows of one or many sequences through the layers of a model: one product per linear over all rows, attention and adapters per
/// sequence. Every row computes what it would compute alone. For one thread at a time.
/// </summary>
internal sealed class LayerRunner
{
    private readonly CausalLM _model;
    private readonly DecoderDescription _description;
    private readonly AttentionPass _attention;
    private readonly RotaryFrequencies?[] _fixedFrequencies;
    private readonly int _ownRows;
    private PassScratch _scratch;
    private PassScratch? _small;
    private ReadOnlyMemory<float>[] _lowRankOf = [];
    private RowSegment[] _segments = [];
    private int _segmentCount;
    private int _rows;

    /// <param name="model">The model.</param>
    /// <param name="maxRank">Largest rank of the adapters to come, as far as known.</param>
    /// <param name="ownRows">Passes up to this many rows keep their memory; memory for longer ones is lent by the model.</param>
    public LayerRunner(CausalLM model, int maxRank, int ownRows)
    {
        _model = model;
        _ownRows = ownRows;
        _description = model.Description;
        _scratch = new PassScratch(_description, 1, maxRank);
        _attention = new AttentionPass(model);
        _fixedFrequencies = [.. new[] { _description.Rope, _description.LocalRope }.Select(
            rope => rope is null || RotaryFrequencies.DependOnLength(rope) ? null : RotaryFrequencies.Of(rope, RotatedDimensions(rope), 1))];
    }

    private ReadOnlySpan<RowSegment> Segments => _segments.AsSpan(0, _segmentCount);

    /// <summary>Makes room for passes of some rows until <see cref="Release"/>.</summary>
    public void Reserve(int rows, int maxRank)
    {
        if (_scratch.Rows >= rows && _scratch.MaxRank >= maxRank)
        {
            return;
        }

        if (rows <= _ownRows)
        {
            _scratch = new PassScratch(_description, rows, maxRank);
            return;
        }

        _small ??= _scratch;
        _scratch = _model.LendScratch(rows, maxRank);
    }

    /// <summary>Gives lent memory back.</summary>
    public void Release()
    {
        if (_small is not null)
        {
            _model.ReturnScratch(_scratch);
            _scratch = _small;
            _small = null;
        }
    }

    /// <summary>Runs all layers; the residual stream stays in the scratch memory until the next call.</summary>
    /// <param name="segments">Who owns which rows, in order and without holes.</param>
    /// <param name="tokens">One per row.</param>
    /// <param name="cancellationToken">Checked between layers.</param>
    public void Run(ReadOnlySpan<RowSegment> segments, ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        Begin(segments, tokens.Length);
        Embed(tokens);
        for (int layer = 0; layer < _description.LayerCount; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RunLayer(layer);
        }

        GC.KeepAlive(_model);
    }

    /// <summary>Final norm and output head for some rows of the last pass.</summary>
    /// <param name="rows">Rows of the pass; at most as many as it had.</param>
    /// <param name="logits">Receives <c>[rows, vocabulary]</c>.</param>
    public void ComputeLogits(ReadOnlySpan<int> rows, Span<float> logits)
    {
        int hidden = _description.HiddenSize;
        Span<float> normed = _scratch.Normed.AsSpan(0, rows.Length * hidden);
        for (int i = 0; i < rows.Length; i++)
        {
            _scratch.Stream.AsSpan(rows[i] * hidden, hidden).CopyTo(normed[(i * hidden)..]);
        }

        Normalize(normed, _model.Weights.FinalNorm, normed);
        _model.Weights.Head.Multiply(normed, rows.Length, _model.Workers, logits);
        if (_description.LogitSoftCap is double cap)
        {
            SoftCap.Apply(logits, (float)cap);
        }

        GC.KeepAlive(_model);
    }

    /// <summary>The states after the final norm, for some rows of the last pass, <c>[count, hidden]</c>.</summary>
    public void CopyFinalStates(int firstRow, int count, Span<float> states) =>
        Normalize(_scratch.Stream.AsSpan(firstRow * _description.HiddenSize, count * _description.HiddenSize), _model.Weights.FinalNorm, states);

    private void Begin(ReadOnlySpan<RowSegment> segments, int rows)
    {
        if (_segments.Length < segments.Length)
        {
            _segments = new RowSegment[segments.Length];
            _lowRankOf = new ReadOnlyMemory<float>[segments.Length];
        }

        segments.CopyTo(_segments);
        _segmentCount = segments.Length;
        _rows = rows;
        foreach (RowSegment segment in segments)
        {
            segment.Sequence.Cache.EnsureCapacity(segment.Begin + segment.Count);
        }

        if (_description.Positions is PositionKind.Rotary or PositionKind.RotaryInTwoDimensions)
        {
            FillAngles(0, _description.Rope);
            if (_description.LocalRope is not null)
            {
                FillAngles(1, _description.LocalRope);
            }
        }
    }

    private void Embed(ReadOnlySpan<int> tokens)
    {
        int hidden = _description.HiddenSize;
        Span<float> stream = _scratch.Stream.AsSpan(0, _rows * hidden);
        for (int row = 0; row < tokens.Length; row++)
        {
            _model.Weights.Embedding.ReadRow(tokens[row], stream.Slice(row * hidden, hidden));
        }

        if (_description.EmbeddingScale != 1)
        {
            TensorPrimitives.Multiply(stream, (float)_description.EmbeddingScale, stream);
        }

        if (_model.Weights.PositionEmbedding is WeightMatrix positions)
        {
            Span<float> position = _scratch.Branch.AsSpan(0, hidden);
            foreach (RowSegment segment in Segments)
            {
                for (int t = 0; t < segment.Count; t++)
                {
                    positions.ReadRow(segment.Begin + t, position);
                    Span<float> row = stream.Slice((segment.FirstRow + t) * hidden, hidden);
                    TensorPrimitives.Add(row, position, row);
                }
            }
        }

        if (_model.Weights.EmbeddingNorm is NormWeights norm)
        {
            Normalize(stream, norm, stream);
        }
    }

    private void RunLayer(int layer)
    {
        int length = _rows * _description.HiddenSize;
        LayerWeights weights = _model.Weights.Layers[layer];
        Span<float> stream = _scratch.Stream.AsSpan(0, length);
        Span<float> normed = _scratch.Normed.AsSpan(0, length);
        Span<float> branch = _scratch.Branch.AsSpan(0, length);
        Normalize(stream, weights.AttentionNorm, normed);
        RunAttention(layer, weights, normed, branch);
        switch (_description.Layout)
        {
            case BlockLayout.ParallelOneNorm:
            case BlockLayout.ParallelTwoNorms:
                // Both branches read the stream as it was, so the second norm comes before the first branch is added.
                if (weights.MlpNorm is NormWeights second)
                {
                    Normalize(stream, second, normed);
                }

                TensorPrimitives.Add(stream, branch, stream);
                RunMlp(layer, weights, normed, branch);
                TensorPrimitives.Add(stream, branch, stream);
                break;
            case BlockLayout.NormedResidual:
                float alpha = (float)_description.ResidualScale;
                TensorPrimitives.MultiplyAdd(normed, alpha, branch, stream);
                Normalize(stream, weights.MlpNorm!, normed);
                RunMlp(layer, weights, normed, branch);
                TensorPrimitives.MultiplyAdd(normed, alpha, branch, stream);
                break;
            default:
                AddBranch(weights.AttentionOutputNorm, branch, stream);
                Normalize(stream, weights.MlpNorm!, normed);
                RunMlp(layer, weights, normed, branch);
                AddBranch(weights.MlpOutputNorm, branch, stream);
                break;
        }
    }

    private void AddBranch(NormWeights? norm, Span<float> branch, Span<float> stream)
    {
        if (norm is not null)
        {
            Normalize(branch, norm, branch);
        }

        TensorPrimitives.Add(stream, branch, stream);
    }

    private void RunAttention(int layer, LayerWeights weights, ReadOnlySpan<float> normed, Span<float> output)
    {
        int queryWidth = _description.HeadCount * _description.HeadSize;
        int keyWidth = _description.KeyValueHeadCount * _description.HeadSize;
        Span<float> queries = _scratch.Queries.AsSpan(0, _rows * queryWidth);
        Span<float> keys = _scratch.Keys.AsSpan(0, _rows * keyWidth);
        Span<float> values = _scratch.Values.AsSpan(0, _rows * keyWidth);
        WeightMatrix.MultiplyAll(
            weights[DecoderLinear.Query], weights[DecoderLinear.Key], weights[DecoderLinear.Value], normed, _rows, _model.Workers, queries, keys, values);
        BeginUpdates();
        Complete(layer, DecoderLinear.Query, normed, 0, _rows, queries);
        Complete(layer, DecoderLinear.Key, normed, 0, _rows, keys);
        Complete(layer, DecoderLinear.Value, normed, 0, _rows, values);
        NormalizeHeads(queries, weights.QueryNorm);
        NormalizeHeads(keys, weights.KeyNorm);
        Rotate(layer, queries, queryWidth);
        Rotate(layer, keys, keyWidth);
        Remember(layer, keys, values);
        _attention.Run(layer, Segments, _scratch.Queries, _scratch.Attended);
        ReadOnlySpan<float> attended = _scratch.Attended.AsSpan(0, _rows * queryWidth);
        weights[DecoderLinear.Output].Multiply(attended, _rows, _model.Workers, output);
        BeginUpdates();
        Complete(layer, DecoderLinear.Output, attended, 0, _rows, output);
    }

    private void RunMlp(int layer, LayerWeights weights, ReadOnlySpan<float> normed, Span<float> output)
    {
        int hidden = _description.HiddenSize;
        for (int first = 0; first < _rows; first += PassScratch.MlpRows)
        {
            int count = Math.Min(PassScratch.MlpRows, _rows - first);
            ReadOnlySpan<float> input = normed.Slice(first * hidden, count * hidden);
            Span<float> up = _scratch.Up.AsSpan(0, count * _description.IntermediateSize);
            Span<float> inner = _scratch.Inner.AsSpan(0, up.Length);
            BeginUpdates();
            if (_description.GatedMlp)
            {
                Span<float> gate = _scratch.Gate.AsSpan(0, up.Length);
                WeightMatrix.MultiplyAll(weights[DecoderLinear.Gate], weights[DecoderLinear.Up], input, count, _model.Workers, gate, up);
                Complete(layer, DecoderLinear.Gate, input, first, count, gate);
                Complete(layer, DecoderLinear.Up, input, first, count, up);
                Activate(gate, inner);
                TensorPrimitives.Multiply(inner, up, inner);
            }
            else
            {
                weights[DecoderLinear.Up].Multiply(input, count, _model.Workers, up);
                Complete(layer, DecoderLinear.Up, input, first, count, up);
                Activate(up, inner);
            }

            Span<float> target = output.Slice(first * hidden, count * hidden);
            weights[DecoderLinear.Down].Multiply(inner, count, _model.Workers, target);
            BeginUpdates();
            Complete(layer, DecoderLinear.Down, inner, first, count, target);
        }
    }

    private void Activate(ReadOnlySpan<float> input, Span<float> output)
    {
        switch (_description.Activation)
        {
            case Activation.Silu:
                TensorPrimitives.Sigmoid(input, output);
                TensorPrimitives.Multiply(output, input, output);
                break;
            case Activation.GeluTanh:
                Gelu.ApplyTanh(input, output);
                break;
            default:
                Gelu.Apply(input, output);
                break;
        }
    }

    /// <summary>Forgets the inner products of adapters: the next input is another one.</summary>
    private void BeginUpdates() => _lowRankOf.AsSpan(0, _segmentCount).Clear();

    /// <summary>Adds the bias of a linear and the low-rank updates of the sequences whose rows lie in a block.</summary>
    /// <param name="layer">Zero-based layer.</param>
    /// <param name="linear">The linear that gave <paramref name="output"/>.</param>
    /// <param name="input">Its input, <c>[count, in]</c>.</param>
    /// <param name="first">First row of the block.</param>
    /// <param name="count">Rows of the block.</param>
    /// <param name="output">Changed in place, <c>[count, out]</c>.</param>
    private void Complete(int layer, DecoderLinear linear, ReadOnlySpan<float> input, int first, int count, Span<float> output)
    {
        (int outFeatures, int inFeatures) = _description.ShapeOf(linear);
        if (_model.Weights.Layers[layer].Biases[(int)linear] is float[] bias)
        {
            for (int row = 0; row < count; row++)
            {
                Span<float> target = output.Slice(row * outFeatures, outFeatures);
                TensorPrimitives.Add(target, bias, target);
            }
        }

        for (int s = 0; s < _segmentCount; s++)
        {
            RowSegment segment = _segments[s];
            int begin = Math.Max(segment.FirstRow - first, 0);
            int rows = Math.Min(segment.FirstRow + segment.Count - first, count) - begin;
            if (rows <= 0 || segment.Sequence.Adapter?[layer, linear] is not BoundUpdate update)
            {
                continue;
            }

            Span<float> inner = _scratch.LowRank.AsSpan((first + begin) * _scratch.MaxRank, rows * update.Rank);
            if (!update.LoraA.Equals(_lowRankOf[s]))
            {
                MatrixProduct.Multiply(input.Slice(begin * inFeatures, rows * inFeatures), update.LoraA.Span, rows, inFeatures, _model.Workers, inner);
                _lowRankOf[s] = update.LoraA;
            }

            for (int row = 0; row < rows; row++)
            {
                ScaledRows.Add(
                    inner.Slice(row * update.Rank, update.Rank), update.ScaledRowsOfB, output.Slice((begin + row) * outFeatures, outFeatures));
            }
        }
    }

    private void Normalize(ReadOnlySpan<float> input, NormWeights norm, Span<float> output)
    {
        int width = norm.Gain.Length;
        for (int at = 0; at < input.Length; at += width)
        {
            if (_description.Norm == NormKind.LayerNorm)
            {
                LayerNorm.Apply(input.Slice(at, width), norm.Gain, norm.Bias, _description.NormEpsilon, output.Slice(at, width));
            }
            else
            {
                RmsNorm.Apply(input.Slice(at, width), norm.Gain, _description.NormEpsilon, output.Slice(at, width));
            }
        }
    }

    private void NormalizeHeads(Span<float> heads, NormWeights? norm)
    {
        if (norm is not null)
        {
            Normalize(heads, norm, heads);
        }
    }

    /// <summary>Copies keys and values of all rows into the caches of their sequences.</summary>
    private void Remember(int layer, ReadOnlySpan<float> keys, ReadOnlySpan<float> values)
    {
        int size = _description.HeadSize;
        int heads = _description.KeyValueHeadCount;
        foreach (RowSegment segment in Segments)
        {
            for (int t = 0; t < segment.Count; t++)
            {
                for (int head = 0; head < heads; head++)
                {
                    int from = (((segment.FirstRow + t) * heads) + head) * size;
                    keys.Slice(from, size).CopyTo(segment.Sequence.Cache.Keys(layer, head, segment.Begin + t, 1));
                    values.Slice(from, size).CopyTo(segment.Sequence.Cache.Values(layer, head, segment.Begin + t, 1));
                }
            }
        }
    }

    private int RotatedDimensions(RotaryDescription rope) =>
        rope.Dimensions ?? (_description.Positions == PositionKind.RotaryInTwoDimensions ? _description.HeadSize / 2 : _description.HeadSize);

    /// <summary>Angles of all rows: per row and set, cosines then sines; with two dimensions the same again for the second.</summary>
    private void FillAngles(int set, RotaryDescription rope)
    {
        int size = _description.HeadSize;
        foreach (RowSegment segment in Segments)
        {
            // Frequencies that depend on the length are those of the length that the call reaches; cached keys keep theirs.
            RotaryFrequencies frequencies = _fixedFrequencies[set] ?? RotaryFrequencies.Of(rope, RotatedDimensions(rope), segment.Length);
            int pairs = frequencies.PerPair.Length;
            for (int t = 0; t < segment.Count; t++)
            {
                Span<float> angles = _scratch.Angles.AsSpan((((segment.FirstRow + t) * 2) + set) * size, size);
                int position = segment.Begin + t;
                if (_description.Positions == PositionKind.RotaryInTwoDimensions)
                {
                    int context = segment.ContextLength;
                    int block = position < context ? 0 : position - context + 1;
                    position = position < context ? position : Math.Max(context - 1, 0);
                    frequencies.Fill(block, angles.Slice(2 * pairs, pairs), angles.Slice(3 * pairs, pairs));
                }

                frequencies.Fill(position, angles[..pairs], angles.Slice(pairs, pairs));
            }
        }
    }

    private void Rotate(int layer, Span<float> heads, int width)
    {
        if (_description.Positions is not (PositionKind.Rotary or PositionKind.RotaryInTwoDimensions))
        {
            return;
        }

        RotaryDescription rope = _description.RopeOf(layer);
        int set = ReferenceEquals(rope, _description.Rope) ? 0 : 1;
        int size = _description.HeadSize;
        int pairs = RotatedDimensions(rope) / 2;
        for (int row = 0; row < _rows; row++)
        {
            ReadOnlySpan<float> angles = _scratch.Angles.AsSpan(((row * 2) + set) * size, size);
            for (int at = row * width; at < (row + 1) * width; at += size)
            {
                Turn(heads.Slice(at, 2 * pairs), angles[..(2 * pairs)], rope.Interleaved);
                if (_description.Positions == PositionKind.RotaryInTwoDimensions)
                {
                    Turn(heads.Slice(at + (size / 2), 2 * pairs), angles.Slice(2 * pairs, 2 * pairs), rope.Interleaved);
                }
            }
        }
    }

    private static void Turn(Span<float> head, ReadOnlySpan<float> angles, bool interleaved)
    {
        int pairs = angles.Length / 2;
        if (interleaved)
        {
            Rotation.TurnNeighbours(head, angles[..pairs], angles[pairs..]);
        }
        else
        {
            Rotation.TurnHalves(head, angles[..pairs], angles[pairs..]);
        }
    }
}
