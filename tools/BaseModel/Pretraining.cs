using System.Diagnostics;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.Objectives;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OpenLedger.BaseModel;

/// <summary>Trains every weight of a fresh decoder with AdamW, linear warm-up and cosine decay.</summary>
internal static class Pretraining
{
    private const double FinalShare = 0.05, WeightDecay = 0.1, MaxGradientNorm = 1.0;
    private const int WarmupSteps = 150;

    public static TorchDecoder Fresh(DecoderDescription description, int seed, TorchProducts products)
    {
        using Generator generator = new((ulong)seed);
        Dictionary<string, Tensor> weights = [];
        double residual = 0.02 / Math.Sqrt(2 * description.LayerCount);
        foreach ((string name, long[] shape) in TorchDecoder.Shapes(description))
        {
            bool isResidual = name.EndsWith("o_proj.weight", StringComparison.Ordinal) || name.EndsWith("down_proj.weight", StringComparison.Ordinal);
            using Tensor start = shape.Length == 1 ? ones(shape) : randn(shape, generator: generator) * (isResidual ? residual : 0.02);
            weights[name] = new Parameter(start.clone());
        }

        return new TorchDecoder(description, weights) { Products = products };
    }

    /// <summary>The weights of an earlier phase, to be trained on.</summary>
    public static TorchDecoder Continue(string folder, TorchProducts products)
    {
        using TorchDecoder earlier = TorchDecoder.Load(folder);
        return new TorchDecoder(
            earlier.Description, earlier.Weights.ToDictionary(w => w.Key, w => (Tensor)new Parameter(w.Value.clone())))
        { Products = products };
    }

    public static void Run(TorchDecoder model, IEnumerable<TrainingExample[]> batches, int steps, double peakLearningRate, Action<int>? everyThousandSteps = null)
    {
        Parameter[] matrices = [.. model.Weights.Values.Where(w => w.dim() > 1).Cast<Parameter>()];
        Parameter[] norms = [.. model.Weights.Values.Where(w => w.dim() == 1).Cast<Parameter>()];
        AdamW.ParamGroup Group(Parameter[] parameters, double decay) =>
            new(parameters, new AdamW.Options { LearningRate = peakLearningRate, beta1 = 0.9, beta2 = 0.98, eps = 1e-8, weight_decay = decay });
        using AdamW optimizer = optim.AdamW([Group(matrices, WeightDecay), Group(norms, 0)], peakLearningRate, 0.9, 0.98);
        Stopwatch clock = Stopwatch.StartNew();
        long tokens = 0;
        double sum = 0;
        int step = 0;
        foreach (TrainingExample[] examples in batches.Take(steps))
        {
            using (DisposeScope scope = NewDisposeScope())
            {
                foreach (var group in optimizer.ParamGroups)
                {
                    group.LearningRate = LearningRate(step, steps, peakLearningRate);
                }

                using TrainingBatch batch = new(examples);
                optimizer.zero_grad();
                Tensor loss = CausalLoss.Mean(model, null, batch);
                loss.backward();
                nn.utils.clip_grad_norm_([.. model.Weights.Values.Cast<Parameter>()], MaxGradientNorm);
                optimizer.step();
                sum += loss.item<float>();
                tokens += batch.Tokens;
            }

            step++;
            if (step % 100 == 0)
            {
                double left = clock.Elapsed.TotalMinutes / step * (steps - step);
                Console.WriteLine($"step {step}/{steps}  loss {sum / 100:F3}  {tokens / clock.Elapsed.TotalSeconds:F0} tokens/s  {tokens / 1e6:F2} M tokens  {left:F1} min left");
                sum = 0;
            }

            if (step % 1000 == 0)
            {
                everyThousandSteps?.Invoke(step);
            }
        }
    }

    private static double LearningRate(int step, int steps, double peakLearningRate)
    {
        if (step < WarmupSteps)
        {
            return peakLearningRate * (step + 1) / WarmupSteps;
        }

        double progress = (double)(step - WarmupSteps) / Math.Max(1, steps - WarmupSteps);
        return peakLearningRate * (FinalShare + ((1 - FinalShare) * 0.5 * (1 + Math.Cos(Math.PI * progress))));
    }
}
