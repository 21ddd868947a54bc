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

    /// <summary>The pairs, ordered by module path (ordinal).</summary>
    public IReadOnlyDictionary<string, TorchLoraPair> Pairs => _pairs;

    /// <summary>Adds the pair of one module and takes ownership of its tensors.</summary>
    /// <param name="modulePath">Module path without <c>.weight</c>, e.g. <c>model.layers.0.self_attn.q_proj</c>.</param>
    /// <param name="pair">A and B with the scaling that is applied to their product.</param>
    /// <exception cref="ArgumentException">The module already has a pair.</exception>
    public void Add(string modulePath, TorchLoraPair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        if (!_pairs.TryAdd(modulePath, pair))
        {
            throw new ArgumentException($"Module '{modulePath}' already has a LoRA pair; add each module once.", nameof(modulePath));
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
    }
}

/// <summary>The two factors of one module's weight change <c>ΔW = scaling · B · A</c>.</summary>
/// <param name="A">Shrinks: <c>[rank, inFeatures]</c>, or <c>[batch, rank, inFeatures]</c>.</param>
/// <param name="B">Expands: <c>[outFeatures, rank]</c>, or <c>[batch, outFeatures, rank]</c>.</param>
/// <param name="Scaling">alpha / rank (LoRA) or alpha / √rank (rsLoRA).</param>
public sealed record TorchLoraPair(Tensor A, Tensor B, double Scaling);
