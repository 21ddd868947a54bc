using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace OpenLedger.Attribution.Gradients;

/// <summary>Per-sample gradients of a LoRA adapter: one row per example, from one backward pass per batch.</summary>
/// <remarks>
/// Each factor is expanded to one copy per sample, <c>[batch, …]</c>; the gradient of copy i is the gradient of example i, because no
/// other example's loss touches that copy. The loss of an example is the mean over its counted tokens, as in training.
/// Runs synchronously on the calling thread and holds no tensor afterwards. Not thread-safe: it shares the model.
/// </remarks>
public sealed class LoraGradients
{
    private readonly TorchDecoder _model;
    private readonly TorchLora _adapter;
    private readonly int _batchSize;

    /// <summary>Prepares gradients at a trained adapter.</summary>
    /// <param name="model">The frozen base. Not disposed.</param>
    /// <param name="adapter">The adapter at whose weights gradients are taken. Not disposed and not changed.</param>
    /// <param name="batchSize">Examples per backward pass, at least 1; the result does not depend on it beyond float32 rounding.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is below 1.</exception>
    /// <exception cref="ArgumentException">The adapter does not fit the model, is empty, or has one copy per sample already.</exception>
    public LoraGradients(TorchDecoder model, TorchLora adapter, int batchSize = 16)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        model.RequireFit(adapter);
        if (adapter.Pairs.FirstOrDefault(pair => pair.Value.A.shape.Length != 2) is { Key: { } expanded })
        {
            throw new ArgumentException($"'{expanded}' holds one copy per sample; give the adapter with its shared pairs.", nameof(adapter));
        }

        (_model, _adapter, _batchSize) = (model, adapter, batchSize);
        Layout = new GradientLayout(adapter.Pairs.SelectMany(pair => new[]
        {
            (pair.Key + ".lora_A.weight", checked((int)pair.Value.A.numel())),
            (pair.Key + ".lora_B.weight", checked((int)pair.Value.B.numel())),
        }));
    }

    /// <summary>One block per LoRA factor, ordered by module path, A before B.</summary>
    public GradientLayout Layout { get; }

    /// <summary>Computes the gradient of every example's mean loss.</summary>
    /// <param name="examples">The examples; row i of the result belongs to example i.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns><c>[examples, parameters]</c> in managed memory.</returns>
    /// <exception cref="ArgumentException">An example has nothing to predict, is too long for the model or holds a token outside its vocabulary.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public GradientMatrix Compute(IReadOnlyList<TrainingExample> examples, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        GradientMatrix gradients = new(Layout, examples.Count);
        for (int start = 0; start < examples.Count; start += _batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TrainingExample[] batch = [.. examples.Skip(start).Take(_batchSize)];
            ComputeBatch(batch, gradients.Slice(start, batch.Length));
        }

        return gradients;
    }

    /// <summary>Computes one gradient per record: the mean over the examples made from it.</summary>
    /// <param name="records">The examples of each record, at least one each; row i of the result belongs to record i.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns><c>[records, parameters]</c> in managed memory.</returns>
    /// <exception cref="ArgumentException">A record has no example, or an example does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public GradientMatrix ComputeMeans(IReadOnlyList<IReadOnlyList<TrainingExample>> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        (TrainingExample Example, int Record)[] all =
            [.. records.SelectMany((examples, record) => examples.Select(example => (example, record)))];
        GradientMatrix means = new(Layout, records.Count);
        int empty = Enumerable.Range(0, records.Count).FirstOrDefault(i => records[i].Count == 0, -1);
        if (empty >= 0)
        {
            throw new ArgumentException($"Record {empty} has no training example, so it has no gradient; leave it out.", nameof(records));
        }

        // One set of rows serves all batches: rows are large objects, which the collector would let pile up.
        GradientMatrix rows = new(Layout, Math.Min(_batchSize, all.Length));
        foreach ((TrainingExample Example, int Record)[] batch in all.Chunk(_batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            GradientMatrix gradients = rows.Slice(0, batch.Length);
            ComputeBatch([.. batch.Select(b => b.Example)], gradients);
            for (int i = 0; i < batch.Length; i++)
            {
                Span<float> mean = means.Row(batch[i].Record);
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(gradients.Row(i), 1f / records[batch[i].Record].Count, mean, mean);
            }
        }

        return means;
    }

    private void ComputeBatch(TrainingExample[] examples, GradientMatrix destination)
    {
        // A loss without a graph would end the process inside autograd.grad: hence enable_grad, whatever the caller has switched off.
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradientsOn = enable_grad();
        using TrainingBatch batch = new(examples);
        using TorchLora copies = new();
        List<Tensor> leaves = [];
        foreach ((string module, TorchLoraPair pair) in _adapter.Pairs)
        {
            Tensor a = OneCopyPerSample(pair.A, examples.Length), b = OneCopyPerSample(pair.B, examples.Length);
            copies.Add(module, new TorchLoraPair(a, b, pair.Scaling));
            leaves.AddRange([a, b]);
        }

        Tensor loss = CausalLoss.SumOfSampleMeans(_model, copies, batch);
        IList<Tensor> gradients = autograd.grad([loss], leaves);
        for (int block = 0; block < gradients.Count; block++)
        {
            ReadOnlySpan<float> values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(gradients[block].contiguous().bytes);
            int length = Layout.Blocks[block].Length;
            for (int sample = 0; sample < examples.Length; sample++)
            {
                values.Slice(sample * length, length).CopyTo(destination.Row(sample, block));
            }
        }
    }

    private static Tensor OneCopyPerSample(Tensor factor, int samples) =>
        factor.detach().unsqueeze(0).expand(samples, -1, -1).contiguous().requires_grad_();
}
