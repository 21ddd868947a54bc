using static TorchSharp.torch;

namespace OpenLedger.Lora.Training.Data;

/// <summary>Examples as right-padded tensors. Owns them.</summary>
public sealed class TrainingBatch : IDisposable
{
    /// <summary>The label value that the loss ignores.</summary>
    public const long IgnoredLabel = -100;

    /// <summary>Pads examples to the longest and shifts the labels: the label of position t is token t + 1.</summary>
    /// <param name="examples">At least one example of at least two tokens.</param>
    /// <exception cref="ArgumentException">No example, or one with nothing to predict.</exception>
    public TrainingBatch(IReadOnlyList<TrainingExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.Count == 0)
        {
            throw new ArgumentException("A batch needs at least one example.", nameof(examples));
        }

        // The last token predicts nothing, so inputs are one shorter than the longest example.
        int length = examples.Max(e => e.Tokens.Count) - 1;
        long[] inputs = new long[examples.Count * Math.Max(length, 0)], labels = new long[inputs.Length];
        Array.Fill(labels, IgnoredLabel);
        for (int row = 0; row < examples.Count; row++)
        {
            TrainingExample example = examples[row];
            if (example.Tokens.Count < 2 || example.LossFrom < 1 || example.LossFrom >= example.Tokens.Count)
            {
                throw new ArgumentException(
                    $"Example '{example.Id}' has {example.Tokens.Count} tokens and a loss from {example.LossFrom}; the loss must start at 1 or later and before the end.",
                    nameof(examples));
            }

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

    /// <inheritdoc/>
    public void Dispose()
    {
        Inputs.Dispose();
        Labels.Dispose();
    }
}
