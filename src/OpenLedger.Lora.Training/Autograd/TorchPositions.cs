using OpenLedger.Lora.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace OpenLedger.Lora.Training.Autograd;

/// <summary>Rotary tables and attention masks of one <see cref="TorchDecoder"/>, kept for the longest sequence so far.</summary>
/// <remarks>Owns its tensors. Not thread-safe.</remarks>
internal sealed class TorchPositions(DecoderDescription description) : IDisposable
{
    private readonly Dictionary<RotaryDescription, (Tensor Cosine, Tensor Sine, int Length)> _tables = [];
    private readonly Dictionary<bool, (Tensor Mask, long Tokens)> _masks = [];
    private (Tensor Mask, long Tokens)? _causal;

    /// <summary>Rotates queries or keys by their position.</summary>
    /// <param name="x"><c>[batch, heads, tokens, headSize]</c></param>
    /// <param name="layer">Zero-based layer.</param>
    public Tensor Rotate(Tensor x, int layer)
    {
        if (description.Positions != PositionKind.Rotary)
        {
            return x;
        }

        RotaryDescription rope = description.RopeOf(layer);
        long rotated = rope.Dimensions ?? description.HeadSize, rest = description.HeadSize - rotated;
        (Tensor cosine, Tensor sine) = TablesOf(rope, (int)x.shape[2]);
        Tensor moving = rest == 0 ? x : x.narrow(-1, 0, rotated);
        Tensor turned = (moving * cosine) + (QuarterTurn(moving, rope.Interleaved) * sine);
        return rest == 0 ? turned : cat([turned, x.narrow(-1, rotated, rest)], -1);
    }

    /// <summary>What is added to scaled scores, <c>[heads or 1, tokens, tokens]</c>; <see langword="null"/> where plain causality is all.</summary>
    public Tensor? Mask(long tokens, int layer)
    {
        bool windowed = description.IsWindowed(layer) && tokens > description.Window;
        if (!windowed && description.Alibi is null)
        {
            return null;
        }

        if (!_masks.TryGetValue(windowed, out (Tensor Mask, long Tokens) entry) || entry.Tokens != tokens)
        {
            entry.Mask?.Dispose();
            entry = _masks[windowed] = (BuildMask((int)tokens, windowed), tokens);
        }

        return entry.Mask;
    }

    /// <summary>Zero on and below the diagonal, minus infinity above, <c>[1, tokens, tokens]</c>.</summary>
    public Tensor CausalMask(long tokens)
    {
        if (_causal?.Tokens != tokens)
        {
            _causal?.Mask.Dispose();
            float[] mask = new float[checked(tokens * tokens)];
            Fill(mask, (int)tokens, int.MaxValue, 0);
            _causal = (tensor(mask, [1, tokens, tokens]).DetachFromDisposeScope(), tokens);
        }

        return _causal.Value.Mask;
    }

    public void Dispose()
    {
        foreach ((Tensor cosine, Tensor sine, _) in _tables.Values)
        {
            cosine.Dispose();
            sine.Dispose();
        }

        foreach ((Tensor mask, _) in _masks.Values)
        {
            mask.Dispose();
        }

        _causal?.Mask.Dispose();
        _tables.Clear();
        _masks.Clear();
        _causal = null;
    }

    /// <summary>Each pair turned by a right angle: <c>(a, b) → (-b, a)</c>.</summary>
    private static Tensor QuarterTurn(Tensor x, bool interleaved)
    {
        long half = x.shape[^1] / 2;
        if (!interleaved)
        {
            return cat([-x.narrow(-1, half, half), x.narrow(-1, 0, half)], -1);
        }

        Tensor pairs = x.reshape([.. x.shape[..^1], half, 2]);
        return cat([-pairs.narrow(-1, 1, 1), pairs.narrow(-1, 0, 1)], -1).reshape(x.shape);
    }

    /// <summary>
    /// Tables <c>[tokens, rotated]</c> as views of ones that grow by doubling: models of a million positions are trained on short sequences.
    /// Where the frequencies themselves depend on the length, a table serves one length only.
    /// </summary>
    private (Tensor Cosine, Tensor Sine) TablesOf(RotaryDescription rope, int tokens)
    {
        bool byLength = RotaryFrequencies.DependOnLength(rope);
        if (!_tables.TryGetValue(rope, out (Tensor Cosine, Tensor Sine, int Length) entry) || entry.Length < tokens || (byLength && entry.Length != tokens))
        {
            entry.Cosine?.Dispose();
            entry.Sine?.Dispose();
            int length = byLength ? tokens : Math.Min(description.MaxPositions, 2 * tokens);
            RotaryFrequencies frequencies = RotaryFrequencies.Of(rope, description.HeadSize, tokens);
            entry = _tables[rope] = (Table(frequencies, rope.Interleaved, length, Math.Cos), Table(frequencies, rope.Interleaved, length, Math.Sin), length);
        }

        return (entry.Cosine.narrow(0, 0, tokens), entry.Sine.narrow(0, 0, tokens));
    }

    private static Tensor Table(RotaryFrequencies frequencies, bool interleaved, int positions, Func<double, double> function)
    {
        int half = frequencies.PerPair.Length, size = 2 * half;
        float[] table = new float[checked(positions * size)];
        for (int position = 0; position < positions; position++)
        {
            for (int i = 0; i < half; i++)
            {
                float value = (float)(function(position * frequencies.PerPair[i]) * frequencies.Magnitude);
                table[(position * size) + (interleaved ? 2 * i : i)] = value;
                table[(position * size) + (interleaved ? (2 * i) + 1 : i + half)] = value;
            }
        }

        return tensor(table, [positions, size]).DetachFromDisposeScope();
    }

    private Tensor BuildMask(int tokens, bool windowed)
    {
        int window = windowed ? description.Window!.Value : int.MaxValue;
        if (description.Alibi is not AlibiDescription alibi)
        {
            float[] plain = new float[checked(tokens * tokens)];
            Fill(plain, tokens, window, 0);
            return tensor(plain, [1, tokens, tokens]).DetachFromDisposeScope();
        }

        double scale = alibi.BeforeScaling ? description.AttentionScale ?? (1 / Math.Sqrt(description.HeadSize)) : 1;
        float[] mask = new float[checked(description.HeadCount * tokens * tokens)];
        for (int head = 0; head < description.HeadCount; head++)
        {
            Fill(mask.AsSpan(head * tokens * tokens, tokens * tokens), tokens, window, (float)(alibi.SlopeOf(head, description.HeadCount) * scale));
        }

        return tensor(mask, [description.HeadCount, tokens, tokens]).DetachFromDisposeScope();
    }

    private static void Fill(Span<float> mask, int tokens, int window, float slope)
    {
        for (int i = 0; i < tokens; i++)
        {
            for (int j = 0; j < tokens; j++)
            {
                mask[(i * tokens) + j] = j <= i && i - j < window ? slope * j : float.NegativeInfinity;
            }
        }
    }
}
