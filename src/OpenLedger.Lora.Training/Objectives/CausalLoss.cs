using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace OpenLedger.Lora.Training.Objectives;

/// <summary>Next-token cross-entropy, computed only where a label counts.</summary>
/// <remarks>Positions without a label never reach the output head: with short answers behind long questions that saves most of its cost.</remarks>
public static class CausalLoss
{
    /// <summary>Mean cross-entropy in nats over the positions that count.</summary>
    /// <param name="model">The model that predicts.</param>
    /// <param name="adapter">LoRA to add, or <see langword="null"/>.</param>
    /// <param name="batch">Inputs and labels.</param>
    /// <returns>A scalar tensor with its graph. The caller owns it.</returns>
    /// <exception cref="ArgumentException">The batch or the adapter does not fit the model.</exception>
    public static Tensor Mean(TorchDecoder model, TorchLora? adapter, TrainingBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor losses, _) = PerToken(model, adapter, batch);
        return losses.mean().MoveToOuterDisposeScope();
    }

    /// <summary>Mean cross-entropy of every sample on its own, summed over the batch.</summary>
    /// <param name="model">The model that predicts.</param>
    /// <param name="adapter">LoRA, usually with one copy per sample.</param>
    /// <param name="batch">Inputs and labels.</param>
    /// <returns>
    /// A scalar: <c>Σ_i mean_t ℓ_it</c>. Its gradient with respect to sample i's copy of the adapter is the gradient of sample i's mean loss,
    /// because no other term depends on that copy. The caller owns the tensor.
    /// </returns>
    /// <exception cref="ArgumentException">The batch or the adapter does not fit the model.</exception>
    public static Tensor SumOfSampleMeans(TorchDecoder model, TorchLora? adapter, TrainingBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using DisposeScope scope = NewDisposeScope();
        (Tensor losses, Tensor rows) = PerToken(model, adapter, batch);
        long count = batch.Inputs.shape[0];
        Tensor tokens = zeros(count).index_add_(0, rows, ones_like(losses), alpha: 1);
        return (losses / tokens.index_select(0, rows)).sum().MoveToOuterDisposeScope();
    }

    /// <summary>Losses of the counted positions in row-major order, and the batch row of each.</summary>
    private static (Tensor Losses, Tensor Rows) PerToken(TorchDecoder model, TorchLora? adapter, TrainingBatch batch)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.LargestToken >= model.Description.VocabularySize)
        {
            throw new ArgumentException(
                $"The batch holds the token {batch.LargestToken}; the model's vocabulary ends at {model.Description.VocabularySize - 1}; encode with the tokenizer of this model.",
                nameof(batch));
        }

        Tensor labels = batch.Labels.reshape(-1);
        Tensor counted = labels.ne(TrainingBatch.IgnoredLabel).nonzero().reshape(-1);
        Tensor hidden = model.Hidden(batch.Inputs, adapter);
        Tensor logits = model.Logits(hidden.reshape(-1, model.Description.HiddenSize).index_select(0, counted));
        Tensor losses = nn.functional.cross_entropy(logits, labels.index_select(0, counted), reduction: nn.Reduction.None);
        return (losses, counted.div(batch.Labels.shape[1], RoundingMode.floor).to(ScalarType.Int64));
    }
}
