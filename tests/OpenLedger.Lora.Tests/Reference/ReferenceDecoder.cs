using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Tests.Reference;

/// <summary>The LLaMA decoder in double, one scalar at a time, without a cache: to be read, never to be optimised.</summary>
internal sealed class ReferenceDecoder(
    DecoderDescription description, IReadOnlyDictionary<string, ReadOnlyMemory<float>> weights, LoraAdapter? adapter = null)
{
    /// <summary>Logits after every token, <c>[tokens][vocabulary]</c>.</summary>
    public double[][] Logits(int[] tokens)
    {
        double[][] stream = [.. tokens.Select(t => Row(LlamaTensorNames.Embedding, t, description.HiddenSize))];
        for (int layer = 0; layer < description.LayerCount; layer++)
        {
            double[][] normed = [.. stream.Select(x => Norm(x, LlamaTensorNames.AttentionNorm(layer)))];
            double[][] attended = Attention(normed, layer);
            Add(stream, [.. attended.Select(x => Linear(x, layer, DecoderLinear.Output))]);

            normed = [.. stream.Select(x => Norm(x, LlamaTensorNames.MlpNorm(layer)))];
            Add(stream, [.. normed.Select(x => Mlp(x, layer))]);
        }

        string head = description.TiedEmbeddings ? LlamaTensorNames.Embedding : LlamaTensorNames.Head;
        return [.. stream.Select(x => Product(weights[head].Span, Norm(x, LlamaTensorNames.FinalNorm), description.VocabularySize))];
    }

    private double[][] Attention(double[][] normed, int layer)
    {
        int size = description.HeadSize;
        double[][] queries = [.. normed.Select((x, p) => Rotate(Linear(x, layer, DecoderLinear.Query), p))];
        double[][] keys = [.. normed.Select((x, p) => Rotate(Linear(x, layer, DecoderLinear.Key), p))];
        double[][] values = [.. normed.Select(x => Linear(x, layer, DecoderLinear.Value))];
        double[][] result = [.. normed.Select(_ => new double[description.HeadCount * size])];
        for (int i = 0; i < normed.Length; i++)
        {
            for (int head = 0; head < description.HeadCount; head++)
            {
                int keyHead = head / (description.HeadCount / description.KeyValueHeadCount);
                double[] scores = new double[i + 1];
                for (int j = 0; j <= i; j++)
                {
                    for (int k = 0; k < size; k++)
                    {
                        scores[j] += queries[i][(head * size) + k] * keys[j][(keyHead * size) + k] / Math.Sqrt(size);
                    }
                }

                double max = scores.Max();
                double sum = scores.Sum(s => Math.Exp(s - max));
                for (int j = 0; j <= i; j++)
                {
                    for (int k = 0; k < size; k++)
                    {
                        result[i][(head * size) + k] += Math.Exp(scores[j] - max) / sum * values[j][(keyHead * size) + k];
                    }
                }
            }
        }

        return result;
    }

    private double[] Mlp(double[] x, int layer)
    {
        double[] gate = Linear(x, layer, DecoderLinear.Gate);
        double[] up = Linear(x, layer, DecoderLinear.Up);
        double[] inner = [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)];
        return Linear(inner, layer, DecoderLinear.Down);
    }

    private double[] Linear(double[] x, int layer, DecoderLinear linear)
    {
        string module = LlamaTensorNames.Module(layer, linear);
        double[] y = Product(weights[module + ".weight"].Span, x, description.ShapeOf(linear).OutFeatures);
        if (adapter is not null && adapter.Modules.TryGetValue(module, out LoraModule? update))
        {
            double[] delta = Product(update.LoraB.Span, Product(update.LoraA.Span, x, update.Rank), update.OutFeatures);
            for (int i = 0; i < y.Length; i++)
            {
                y[i] += update.Scaling * delta[i];
            }
        }

        return y;
    }

    private double[] Rotate(double[] heads, int position)
    {
        int size = description.HeadSize;
        double[] y = new double[heads.Length];
        for (int start = 0; start < heads.Length; start += size)
        {
            for (int i = 0; i < size / 2; i++)
            {
                double angle = position * Math.Pow(description.Rope.Theta, -2.0 * i / size);
                double a = heads[start + i];
                double b = heads[start + i + (size / 2)];
                y[start + i] = (a * Math.Cos(angle)) - (b * Math.Sin(angle));
                y[start + i + (size / 2)] = (b * Math.Cos(angle)) + (a * Math.Sin(angle));
            }
        }

        return y;
    }

    private double[] Norm(double[] x, string gainName)
    {
        double root = Math.Sqrt(x.Average(v => v * v) + description.NormEpsilon);
        double[] gain = Row(gainName, 0, x.Length);
        return [.. x.Select((v, i) => v / root * gain[i])];
    }

    private double[] Row(string name, int row, int width) => [.. weights[name].Span.Slice(row * width, width).ToArray().Select(v => (double)v)];

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

    private static void Add(double[][] stream, double[][] addend)
    {
        for (int t = 0; t < stream.Length; t++)
        {
            for (int i = 0; i < stream[t].Length; i++)
            {
                stream[t][i] += addend[t][i];
            }
        }
    }
}
