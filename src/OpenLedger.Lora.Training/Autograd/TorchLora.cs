using OpenLedger.Lora.Adapters;
using static TorchSharp.torch;

namespace OpenLedger.Lora.Training.Autograd;

/// <summary>The trainable tensors of one LoRA adapter, by module path: what <see cref="TorchDecoder"/> adds to its linears.</summary>
/// <remarks>
/// A pair is shared by the whole batch (A <c>[rank, inFeatures]</c>, B <c>[outFeatures, rank]</c>) or has one copy per sample
/// (A <c>[batch, rank, inFeatures]</c>, B <c>[batch, outFeatures, rank]</c>): the gradient of the expanded copy is the per-sample
/// gradient, from one backward pass. This object owns its tensors. Not thread-safe.
/// </remarks>
public sealed class TorchLora : IDisposable
{
    private readonly SortedDictionary<string, TorchLoraPair> _pairs = new(StringComparer.Ordinal);

    private bool _disposed;

    /// <summary>The pairs, ordered by module path (ordinal).</summary>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    public IReadOnlyDictionary<string, TorchLoraPair> Pairs
    {
        get
        {
            // An emptied adapter would pass for "no adapter" in a model.
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _pairs;
        }
    }

    /// <summary>Adds the pair of one module and takes ownership of its tensors.</summary>
    /// <param name="modulePath">Module path without <c>.weight</c>, e.g. <c>model.layers.0.self_attn.q_proj</c>.</param>
    /// <param name="pair">A and B with the scaling that is applied to their product.</param>
    /// <exception cref="ArgumentException">
    /// The module already has a pair, or A and B do not belong together; the tensors then remain the caller's.
    /// </exception>
    public void Add(string modulePath, TorchLoraPair pair)
    {
        ArgumentException.ThrowIfNullOrEmpty(modulePath);
        ArgumentNullException.ThrowIfNull(pair);
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequirePair(modulePath, pair);
        if (!_pairs.TryAdd(modulePath, pair))
        {
            throw new ArgumentException($"Module '{modulePath}' already has a LoRA pair; add each module once.", nameof(modulePath));
        }
    }

    /// <summary>Copies a PEFT adapter into tensors, for gradients at its weights.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <returns>Shared pairs that need no gradient yet. The caller owns the object.</returns>
    /// <exception cref="TorchRuntimeException">TorchSharp's native library cannot be loaded.</exception>
    public static TorchLora From(LoraAdapter adapter)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        TorchRuntime.EnsureLoaded();
        TorchLora lora = new();
        foreach (LoraModule module in adapter.Modules.Values)
        {
            lora.Add(module.ModulePath, new TorchLoraPair(
                tensor(module.LoraA.ToArray(), [module.Rank, module.InFeatures]).DetachFromDisposeScope(),
                tensor(module.LoraB.ToArray(), [module.OutFeatures, module.Rank]).DetachFromDisposeScope(),
                module.Scaling));
        }

        return lora;
    }

    /// <summary>Copies the factors out of the tensors into an adapter that can be saved and served.</summary>
    /// <param name="config">The configuration that the pairs were made from.</param>
    /// <returns>Plain managed memory, independent of this object.</returns>
    /// <exception cref="ArgumentException">The pairs contradict the configuration, or there is none.</exception>
    /// <exception cref="InvalidOperationException">The pairs hold one copy per sample.</exception>
    public LoraAdapter ToAdapter(LoraConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new LoraAdapter(config, Pairs.Select(entry =>
        {
            (string module, TorchLoraPair pair) = entry;
            long[] a = pair.A.shape, b = pair.B.shape;
            if (a.Length != 2)
            {
                throw new InvalidOperationException($"'{module}' holds one copy per sample; only shared pairs make an adapter.");
            }

            return new LoraModule(module, (int)a[0], (int)a[1], (int)b[0], pair.Scaling, Values(pair.A), Values(pair.B));
        }));

        static float[] Values(Tensor tensor)
        {
            using Tensor detached = tensor.detach();
            using Tensor plain = detached.contiguous();
            return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(plain.bytes).ToArray();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TorchLoraPair pair in _pairs.Values)
        {
            pair.A.Dispose();
            pair.B.Dispose();
        }

        _pairs.Clear();
        _disposed = true;
    }

    private static void RequirePair(string modulePath, TorchLoraPair pair)
    {
        ArgumentNullException.ThrowIfNull(pair.A, nameof(pair));
        ArgumentNullException.ThrowIfNull(pair.B, nameof(pair));
        long[] a = pair.A.shape, b = pair.B.shape;
        bool alike = a.Length == b.Length && a.Length is 2 or 3 && a[^2] == b[^1] && (a.Length == 2 || a[0] == b[0]);
        if (!alike || a.Contains(0) || b.Contains(0) || pair.A.dtype != ScalarType.Float32 || pair.B.dtype != ScalarType.Float32)
        {
            throw new ArgumentException(
                $"The pair of '{modulePath}' is A {pair.A.dtype} [{string.Join(", ", a)}] and B {pair.B.dtype} [{string.Join(", ", b)}]; " +
                "expected float32 A [rank, inFeatures] and B [outFeatures, rank], or both with the same leading batch dimension.",
                nameof(pair));
        }
    }
}
