using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Tests.Reference;

/// <summary>Every decoder that a description can describe, in double, one scalar at a time, without a cache: to be read, never to be optimised.</summary>
/// <param name="description">The model.</param>
/// <param name="weights">Every weight, by what it is and its layer, row-major.</param>
/// <param name="adapter">The low-rank update of a linear of a layer, if there is one.</param>
internal sealed class ReferenceDecoder(
    DecoderDescription description,
    Func<DecoderTensor, int, ReadOnlyMemory<float>> weights,
    Func<int, DecoderLinear, LoraModule?>? adapter = null)
{
    private int _context;

    /// <summary>A model with the tensor names of LLaMA.</summary>
    public static ReferenceDecoder OfLlama(
        DecoderDescription description, IReadOnlyDictionary<string, ReadOnlyMemory<float>> weights, LoraAdapter? adapter = null) => new(
            description,
            (tensor, layer) => weights[LlamaTensorNames.Of(tensor, layer)],
            (layer, linear) => adapter?.Modules.GetValueOrDefault(LlamaTensorNames.Module(layer, linear)));

    /// <summary>Logits after every token, <c>[tokens][vocabulary]</c>.</summary>
    /// <param name="tokens">The sequence.</param>
    /// <param name="prompt">How many of them are the prompt; all but its last see each other with <see cref="PositionKind.RotaryInTwoDimensions"/>.</param>
    public double[][] Logits(int[] tokens, int? prompt = null)
    {
        DecoderTensor head = description.TiedEmbeddings ? DecoderTensor.Embedding : DecoderTensor.Head;
        double[][] logits = [.. States(tokens, prompt).Select(x => Product(head, -1, x, description.VocabularySize))];
        return description.LogitSoftCap is double cap ? [.. logits.Select(row => row.Select(l => cap * Math.Tanh(l / cap)).ToArray())] : logits;
    }

    /// <summary>States after the final norm.</summary>
    public double[][] States(int[] tokens, int? prompt = null)
    {
        _context = description.Positions == PositionKind.RotaryInTwoDimensions ? (prompt ?? tokens.Length) - 1 : 0;
        double[][] stream = [.. tokens.Select(Embed)];
        for (int layer = 0; layer < description.LayerCount; layer++)
        {
            stream = Block(stream, layer);
        }

        return Norm(stream, DecoderTensor.FinalNorm, DecoderTensor.FinalNormBias, -1);
    }

    private double[] Embed(int token, int position)
    {
        double[] x = [.. Row(DecoderTensor.Embedding, -1, token, description.HiddenSize).Select(v => v * description.EmbeddingScale)];
        if (description.Positions == PositionKind.Learned)
        {
            x = Sum(x, Row(DecoderTensor.PositionEmbedding, -1, position, description.HiddenSize));
        }

        return description.EmbeddingNorm ? Norm([x], DecoderTensor.EmbeddingNorm, DecoderTensor.EmbeddingNormBias, -1)[0] : x;
    }

    private double[][] Block(double[][] x, int layer)
    {
        double[][] h = Norm(x, DecoderTensor.AttentionNorm, DecoderTensor.AttentionNormBias, layer);
        double[][] attended = [.. Attention(h, layer).Select(a => Linear(a, layer, DecoderLinear.Output))];
        switch (description.Layout)
        {
            case BlockLayout.ParallelOneNorm:
                return Sum(x, attended, Mlp(h, layer));
            case BlockLayout.ParallelTwoNorms:
                return Sum(x, attended, Mlp(MlpNorm(x), layer));
            case BlockLayout.Sandwich:
                x = Sum(x, Norm(attended, DecoderTensor.AttentionOutputNorm, null, layer));
                return Sum(x, Norm(Mlp(MlpNorm(x), layer), DecoderTensor.MlpOutputNorm, null, layer));
            case BlockLayout.NormedResidual:
                x = Sum(Scale(h), attended);
                h = MlpNorm(x);
                return Sum(Scale(h), Mlp(h, layer));
            default:
                x = Sum(x, attended);
                return Sum(x, Mlp(MlpNorm(x), layer));
        }

        double[][] MlpNorm(double[][] y) => Norm(y, DecoderTensor.MlpNorm, DecoderTensor.MlpNormBias, layer);
        double[][] Scale(double[][] y) => [.. y.Select(row => row.Select(v => v * description.ResidualScale).ToArray())];
    }

    private double[][] Attention(double[][] h, int layer)
    {
        int size = description.HeadSize;
        double[][] queries = [.. h.Select((x, p) => Rotate(HeadNorm(Linear(x, layer, DecoderLinear.Query), DecoderTensor.QueryNorm, layer), p, layer, h.Length))];
        double[][] keys = [.. h.Select((x, p) => Rotate(HeadNorm(Linear(x, layer, DecoderLinear.Key), DecoderTensor.KeyNorm, layer), p, layer, h.Length))];
        double[][] values = [.. h.Select(x => Linear(x, layer, DecoderLinear.Value))];
        double[][] result = [.. h.Select(_ => new double[description.HeadCount * size])];
        for (int i = 0; i < h.Length; i++)
        {
            for (int head = 0; head < description.HeadCount; head++)
            {
                int keyHead = head / (description.HeadCount / description.KeyValueHeadCount);
                int[] visible = [.. Enumerable.Range(0, h.Length).Where(j => IsVisible(i, j, layer))];
                double[] scores = [.. visible.Select(j => Score(queries[i].AsSpan(head * size, size), keys[j].AsSpan(keyHead * size, size), head, j))];
                double max = scores.Max();
                double sum = scores.Sum(s => Math.Exp(s - max));
                for (int n = 0; n < visible.Length; n++)
                {
                    for (int k = 0; k < size; k++)
                    {
                        result[i][(head * size) + k] += Math.Exp(scores[n] - max) / sum * values[visible[n]][(keyHead * size) + k];
                    }
                }
            }
        }

        return result;
    }

    private bool IsVisible(int query, int key, int layer)
    {
        bool windowed = description.Window is not null && (description.WindowedLayers.Count == 0 || description.WindowedLayers.Contains(layer));
        return (key <= query || key < _context) && (!windowed || key > query - description.Window);
    }

    private double Score(ReadOnlySpan<double> query, ReadOnlySpan<double> key, int head, int keyPosition)
    {
        double product = 0;
        for (int k = 0; k < query.Length; k++)
        {
            product += query[k] * key[k];
        }

        double scale = description.AttentionScale ?? (1 / Math.Sqrt(description.HeadSize));
        double bias = description.Alibi is null ? 0 : Slope(head) * keyPosition;
        double score = description.Alibi?.BeforeScaling == true ? (product + bias) * scale : product * scale;
        score = description.AttentionSoftCap is double cap ? cap * Math.Tanh(score / cap) : score;
        return description.Alibi?.BeforeScaling == false ? score + bias : score;
    }

    private double Slope(int head)
    {
        int power = 1;
        while (2 * power <= description.HeadCount)
        {
            power *= 2;
        }

        double slope = head < power ? Math.Pow(2, -8.0 * (head + 1) / power) : Math.Pow(2, -4.0 * ((2 * (head - power)) + 1) / power);
        double unit = Math.ScaleB(1, Math.ILogB(slope) - 7); // bfloat16 has eight significant bits
        return description.Alibi!.SlopesInBFloat16 ? Math.Round(slope / unit) * unit : slope;
    }

    private double[][] Mlp(double[][] h, int layer) => [.. h.Select(x =>
    {
        double[] up = Linear(x, layer, DecoderLinear.Up);
        double[] inner = description.GatedMlp
            ? [.. Linear(x, layer, DecoderLinear.Gate).Zip(up, (g, u) => Activate(g) * u)]
            : [.. up.Select(Activate)];
        return Linear(inner, layer, DecoderLinear.Down);
    })];

    private double Activate(double x) => description.Activation switch
    {
        Activation.Silu => x / (1 + Math.Exp(-x)),
        Activation.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        _ => ReferenceKernels.Gelu(x),
    };

    private double[] Linear(double[] x, int layer, DecoderLinear linear)
    {
        double[] y = Product(DecoderTensor.Query + (int)linear, layer, x, description.ShapeOf(linear).OutFeatures);
        if (description.HasBias(linear))
        {
            y = Sum(y, Row(DecoderTensor.QueryBias + (int)linear, layer, 0, y.Length));
        }

        if (adapter?.Invoke(layer, linear) is LoraModule update)
        {
            double[] delta = Product(update.LoraB.Span, Product(update.LoraA.Span, x, update.Rank), update.OutFeatures);
            y = Sum(y, [.. delta.Select(d => d * update.Scaling)]);
        }

        return y;
    }

    /// <summary>Turns the pairs of every head; a partial rotation leaves the last dimensions as they are.</summary>
    private double[] Rotate(double[] heads, int position, int layer, int length)
    {
        RotaryDescription rope = description.RopeOf(layer);
        int size = description.HeadSize;
        double[] y = [.. heads];
        for (int head = 0; head < heads.Length; head += size)
        {
            if (description.Positions == PositionKind.Rotary)
            {
                Turn(y, head, rope.Dimensions ?? size, position, rope, length);
            }
            else if (description.Positions == PositionKind.RotaryInTwoDimensions)
            {
                bool inContext = position < _context;
                Turn(y, head, rope.Dimensions ?? (size / 2), inContext ? position : Math.Max(_context - 1, 0), rope, length);
                Turn(y, head + (size / 2), rope.Dimensions ?? (size / 2), inContext ? 0 : position - _context + 1, rope, length);
            }
        }

        return y;
    }

    private static void Turn(double[] y, int start, int dimensions, int position, RotaryDescription rope, int length)
    {
        for (int i = 0; i < dimensions / 2; i++)
        {
            (double frequency, double magnitude) = ReferenceRotary.Frequency(rope, i, dimensions, length);
            double cosine = magnitude * Math.Cos(position * frequency);
            double sine = magnitude * Math.Sin(position * frequency);
            int first = start + (rope.Interleaved ? 2 * i : i);
            int second = start + (rope.Interleaved ? (2 * i) + 1 : i + (dimensions / 2));
            (y[first], y[second]) = ((y[first] * cosine) - (y[second] * sine), (y[second] * cosine) + (y[first] * sine));
        }
    }

    private double[] HeadNorm(double[] heads, DecoderTensor gain, int layer) => description.QueryKeyNorm
        ? [.. heads.Chunk(description.HeadSize).SelectMany(head => Norm([head], gain, null, layer)[0])]
        : heads;

    private double[][] Norm(double[][] rows, DecoderTensor gain, DecoderTensor? bias, int layer) => [.. rows.Select(x =>
    {
        double[] g = Row(gain, layer, 0, x.Length);
        double mean = description.Norm == NormKind.LayerNorm ? x.Average() : 0;
        double root = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + description.NormEpsilon);
        double one = description.Norm == NormKind.RootMeanSquarePlusOne ? 1 : 0;
        double[] y = [.. x.Select((v, i) => (v - mean) / root * (one + g[i]))];
        return description.Norm == NormKind.LayerNorm && bias is DecoderTensor b ? Sum(y, Row(b, layer, 0, x.Length)) : y;
    })];

    private double[] Row(DecoderTensor tensor, int layer, int row, int width) =>
        [.. weights(tensor, layer).Span.Slice(row * width, width).ToArray().Select(v => (double)v)];

    private double[] Product(DecoderTensor tensor, int layer, double[] x, int rows) => Product(weights(tensor, layer).Span, x, rows);

    private static double[] Product(ReadOnlySpan<float> weight, double[] x, int rows)
    {
        double[] y = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < x.Length; k++)
            {
                y[i] += weight[(i * x.Length) + k] * x[k];
            }
        }

        return y;
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double[][] Sum(double[][] a, params double[][][] addends) =>
        [.. a.Select((row, t) => addends.Aggregate(row, (sum, addend) => Sum(sum, addend[t])))];
}
