using OpenLedger.Lora.Training.Autograd;
using static TorchSharp.torch;

namespace OpenLedger.Lora.Training.Data;

/// <summary>Examples as right-padded tensors. Owns them.</summary>
public sealed class TrainingBatch : IDisposable
{
    /// <summary>The label value that the loss ignores.</summary>
    public const long IgnoredLabel = -100;

    /// <summary>Pads examples to the longest and shifts the labels: the label of position t is token t + 1.</summary>
    /// <param name="examples">At least one example of at least two tokens.</param>
    /// <exception cref="ArgumentException">No example, or one with nothing to predict or a negative token.</exception>
    /// <exception cref="TorchRuntimeException">TorchSharp's native library cannot be loaded.</exception>
    public TrainingBatch(IReadOnlyList<TrainingExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.Count == 0)
        {
            throw new ArgumentException("A batch needs at least one example.", nameof(examples));
        }

        if (examples.Select(FindFault).FirstOrDefault(fault => fault is not null) is { } found)
        {
            throw new ArgumentException(found + ".", nameof(examples));
        }

        TorchRuntime.EnsureLoaded();

        // The last token predicts nothing, so inputs are one shorter than the longest example.
        int length = examples.Max(e => e.Tokens.Count) - 1;
        long[] inputs = new long[checked(examples.Count * length)], labels = new long[inputs.Length];
        Array.Fill(labels, IgnoredLabel);
        for (int row = 0; row < examples.Count; row++)
        {
            TrainingExample example = examples[row];
            for (int t = 0; t + 1 < example.Tokens.Count; t++)
            {
                inputs[(row * length) + t] = example.Tokens[t];
                if (t + 1 >= example.LossFrom)
                {
                    labels[(row * length) + t] = example.Tokens[t + 1];
                    LossTokens++;
                }
            }

            Tokens += example.Tokens.Count - 1;
            LargestToken = Math.Max(LargestToken, example.Tokens.Max());
        }

        long[] shape = [examples.Count, length];
        Inputs = tensor(inputs, shape).DetachFromDisposeScope();
        Labels = tensor(labels, shape).DetachFromDisposeScope();
    }

    /// <summary>int64 <c>[batch, tokens]</c></summary>
    public Tensor Inputs { get; }

    /// <summary>int64 <c>[batch, tokens]</c>, <see cref="IgnoredLabel"/> where nothing is predicted.</summary>
    public Tensor Labels { get; }

    /// <summary>Number of input tokens without padding.</summary>
    public int Tokens { get; }

    /// <summary>Number of predictions that count in the loss.</summary>
    public int LossTokens { get; }

    /// <summary>Greatest token id, predicted ones included; below the vocabulary's size of every model that the batch is meant for.</summary>
    public int LargestToken { get; }

    /// <summary>What is wrong with an example whatever the model, or <see langword="null"/>.</summary>
    internal static string? FindFault(TrainingExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        if (example.Tokens.Count < 2 || example.LossFrom < 1 || example.LossFrom >= example.Tokens.Count)
        {
            return $"Example '{example.Id}' has {example.Tokens.Count} tokens and a loss from {example.LossFrom}; the loss must start at 1 or later and before the end";
        }

        return example.Tokens.Min() < 0 ? $"Example '{example.Id}' holds the token {example.Tokens.Min()}; ids start at 0" : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Inputs.Dispose();
        Labels.Dispose();
    }
}
