using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.Objectives;
using TorchSharp;

namespace OpenLedger.Attribution.Tests.Reference;

/// <summary>Per-sample gradients the plain way: one forward and one backward pass per example, on the shared factors.</summary>
internal static class SlowLoraGradients
{
    public static float[] Of(TorchDecoder model, TorchLora adapter, TrainingExample example)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using TorchLora leaves = new();
        foreach ((string module, TorchLoraPair pair) in adapter.Pairs)
        {
            leaves.Add(module, new TorchLoraPair(
                pair.A.detach().clone().requires_grad_(), pair.B.detach().clone().requires_grad_(), pair.Scaling));
        }

        using TrainingBatch batch = new([example]);
        CausalLoss.Mean(model, leaves, batch).backward();
        return [.. leaves.Pairs.Values.SelectMany(p => new[] { p.A, p.B }).SelectMany(leaf => leaf.grad!.contiguous().data<float>().ToArray())];
    }
}
