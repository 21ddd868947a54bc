using OpenLedger.Lora.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace OpenLedger.Lora.Training.Autograd;

/// <summary>The TorchSharp executor of a <see cref="DecoderDescription"/>: the same model as the managed decoder, with autograd.</summary>
/// <remarks>
/// It is for training and gradients; inference belongs to the managed kernels. Written as plain functions over named tensors instead
/// of a module tree, because adapters swap per call and per sample. Owns its weights. Not thread-safe, and TorchSharp's dispose scopes
/// are bound to a thread: call it from one thread, with no <see langword="await"/> between the calls of one step.
/// </remarks>
public sealed class TorchDecoder : IDisposable
{
    private readonly Dictionary<string, Tensor> _weights;
    private readonly Dictionary<(DecoderTensor Tensor, int Layer), TensorSource> _sources;
    private readonly OrderedDictionary<string, (int OutFeatures, int InFeatures)> _linears = new(StringComparer.Ordinal);
    private readonly TorchPositions _positions;

    /// <summary>Takes ownership of named weights and builds the executor.</summary>
    /// <param name="description">What the model is built from.</param>
    /// <param name="weights">float32 tensors under the names of <see cref="ModelFamily.ExpectedTensors"/>; still the caller's where this throws.</param>
    /// <exception cref="ArgumentException">
    /// The description is impossible, it has positions in two dimensions (ChatGLM-6B, which can be served and not trained), or a tensor is missing, no float32 or of another shape; the message lists every fault.
    /// </exception>
    public TorchDecoder(DecoderDescription description, IReadOnlyDictionary<string, Tensor> weights)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(weights);
        description.Validate();
        if (description.Positions == PositionKind.RotaryInTwoDimensions)
        {
            throw new ArgumentException("Positions in two dimensions (ChatGLM-6B) can be served and not trained; choose a later ChatGLM.", nameof(description));
        }

        Description = description;
        _sources = ModelFamily.Of(description).Locate(description).ToDictionary(s => (s.Tensor, s.Layer));
        _weights = new Dictionary<string, Tensor>(weights, StringComparer.Ordinal);
        List<string> faults = [];
        foreach ((string name, long[] shape) in Shapes(description))
        {
            if (!_weights.TryGetValue(name, out Tensor? tensor))
            {
                faults.Add($"'{name}' is missing");
            }
            else if (!tensor.shape.SequenceEqual(shape))
            {
                faults.Add($"'{name}' is [{string.Join(", ", tensor.shape)}], expected [{string.Join(", ", shape)}]");
            }
            else if (tensor.dtype != ScalarType.Float32)
            {
                faults.Add($"'{name}' is {tensor.dtype}, expected {ScalarType.Float32}");
            }
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"The weights do not fit the description: {string.Join("; ", faults)}.", nameof(weights));
        }

        foreach (TensorSource source in _sources.Values.Where(s => s.Layer >= 0 && s.Shape.Count == 2))
        {
            _linears[source.Module] = source.Transposed ? (source.Shape[1], source.Shape[0]) : (source.Shape[0], source.Shape[1]);
        }

        _positions = new TorchPositions(description);
    }

    /// <summary>Reads a model folder into frozen float32 tensors.</summary>
    /// <param name="folder">Hugging Face layout: <c>config.json</c> and <c>model.safetensors</c>.</param>
    /// <returns>The executor. The caller disposes it.</returns>
    /// <exception cref="ModelFormatException">The folder is missing, damaged or of an unsupported architecture.</exception>
    /// <exception cref="TorchRuntimeException">TorchSharp's native library cannot be loaded.</exception>
    public static TorchDecoder Load(string folder)
    {
        TorchRuntime.EnsureLoaded();
        using ModelFolder model = ModelFolder.Open(folder);

        // The scope releases what has been read when a later tensor turns out to be damaged.
        using DisposeScope scope = NewDisposeScope();
        TorchDecoder decoder = new(model.Description, Shapes(model.Description).ToDictionary(
            shape => shape.Name, shape => tensor(model.ReadSingles(shape.Name), shape.Shape), StringComparer.Ordinal));
        scope.Detach(decoder.Weights.Values);
        return decoder;
    }

    /// <summary>What the model is built from.</summary>
    public DecoderDescription Description { get; }

    /// <summary>Precision of the large matrix products.</summary>
    /// <value>Default <see cref="TorchProducts.FullPrecision"/>.</value>
    public TorchProducts Products { get; init; } = TorchProducts.FullPrecision;

    /// <summary>The weights by checkpoint name; owned by this object.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => _weights;

    /// <summary>The linears of the blocks by module path, fused ones as one: what an adapter can be added to, with features out and in.</summary>
    public IReadOnlyDictionary<string, (int OutFeatures, int InFeatures)> Linears => _linears;

    /// <summary>Every tensor of a model's checkpoint with its shape, in checkpoint order.</summary>
    /// <param name="description">What the model is built from.</param>
    public static IEnumerable<(string Name, long[] Shape)> Shapes(DecoderDescription description) =>
        ModelFamily.ExpectedTensors(description).Select(t => (t.Name, t.Shape.Select(n => (long)n).ToArray()));

    /// <summary>Checks that an adapter can be added to this model, so that a later call cannot fail on its shapes.</summary>
    /// <param name="adapter">Shared pairs, or pairs with one copy per sample. Not disposed.</param>
    /// <exception cref="ArgumentException">A module does not exist here or has other sizes; the message lists every fault.</exception>
    public void RequireFit(TorchLora adapter)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        RequireFit(adapter, samples: null);
    }

    /// <summary>Runs the decoder over a right-padded batch.</summary>
    /// <param name="tokenIds">int64 <c>[batch, tokens]</c>; causal attention makes right padding harmless to earlier positions.</param>
    /// <param name="adapter">LoRA to add to the linears, or <see langword="null"/> for the base alone. Not disposed.</param>
    /// <returns>Hidden states after the final norm, <c>[batch, tokens, hidden]</c>. The caller owns the tensor.</returns>
    /// <exception cref="ArgumentException">
    /// The batch is empty, not two-dimensional, longer than the model's positions or holds an id outside the vocabulary; or the adapter does not fit.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public Tensor Hidden(Tensor tokenIds, TorchLora? adapter = null)
    {
        ArgumentNullException.ThrowIfNull(tokenIds);
        ObjectDisposedException.ThrowIf(_weights.Count == 0, this);
        long[] shape = tokenIds.shape;
        if (shape.Length != 2 || shape[0] < 1 || shape[1] < 1 || shape[1] > Description.MaxPositions || tokenIds.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"Token ids are {tokenIds.dtype} [{string.Join(", ", shape)}]; expected Int64 [batch, tokens] with 1 to {Description.MaxPositions} tokens; shorten the sequences.",
                nameof(tokenIds));
        }

        // A wrong shape inside matmul would end the process instead of throwing. The check costs microseconds, the pass milliseconds.
        if (adapter is not null)
        {
            RequireFit(adapter, shape[0]);
        }

        using DisposeScope scope = NewDisposeScope();
        RequireInVocabulary(tokenIds);
        long batch = shape[0], tokens = shape[1];
        Tensor x = Embed(tokenIds, batch, tokens);
        for (int layer = 0; layer < Description.LayerCount; layer++)
        {
            x = Block(x, layer, batch, tokens, adapter);
        }

        return Norm(x, DecoderTensor.FinalNorm, -1).MoveToOuterDisposeScope();
    }

    /// <summary>Multiplies hidden states with the output head.</summary>
    /// <param name="hidden"><c>[…, hidden]</c></param>
    /// <returns>Logits <c>[…, vocabulary]</c>. The caller owns the tensor.</returns>
    /// <exception cref="ArgumentException">The last dimension is not the model's width.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public Tensor Logits(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ObjectDisposedException.ThrowIf(_weights.Count == 0, this);
        long[] shape = hidden.shape;
        if (shape.Length == 0 || shape[^1] != Description.HiddenSize)
        {
            throw new ArgumentException(
                $"Hidden states are [{string.Join(", ", shape)}]; the last dimension must be {Description.HiddenSize}.", nameof(hidden));
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor logits = Product(hidden, Weight(Description.TiedEmbeddings ? DecoderTensor.Embedding : DecoderTensor.Head, -1));
        if (Description.LogitSoftCap is double cap)
        {
            logits = cap * tanh(logits / cap);
        }

        return logits.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor weight in _weights.Values)
        {
            weight.Dispose();
        }

        _weights.Clear();
        _positions.Dispose();
    }

    /// <summary>Shapes of the pairs against those of the linears; a pair with one copy per sample needs exactly the batch's number of them.</summary>
    private void RequireFit(TorchLora adapter, long? samples)
    {
        List<string> faults = [];
        foreach ((string module, TorchLoraPair pair) in adapter.Pairs)
        {
            long[] a = pair.A.shape, b = pair.B.shape;
            if (!_linears.TryGetValue(module, out (int OutFeatures, int InFeatures) linear))
            {
                faults.Add($"the model has no linear '{module}'");
            }
            else if (a[^1] != linear.InFeatures || b[^2] != linear.OutFeatures)
            {
                faults.Add($"'{module}' maps {a[^1]} to {b[^2]} features, expected {linear.InFeatures} to {linear.OutFeatures}");
            }
            else if (a.Length == 3 && samples is not null && a[0] != samples)
            {
                faults.Add($"'{module}' has {a[0]} copies for a batch of {samples}");
            }
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"The adapter does not fit the model: {string.Join("; ", faults)}.", nameof(adapter));
        }
    }

    private void RequireInVocabulary(Tensor tokenIds)
    {
        long smallest = tokenIds.min().item<long>(), largest = tokenIds.max().item<long>();
        if (smallest < 0 || largest >= Description.VocabularySize)
        {
            throw new ArgumentException(
                $"Token ids run from {smallest} to {largest}; legal is 0 to {Description.VocabularySize - 1}; encode with the tokenizer of this model.", nameof(tokenIds));
        }
    }

    private Tensor Embed(Tensor tokenIds, long batch, long tokens)
    {
        Tensor x = Weight(DecoderTensor.Embedding, -1).index_select(0, tokenIds.reshape(-1)).reshape(batch, tokens, Description.HiddenSize);
        if (Description.EmbeddingScale != 1)
        {
            x = x * Description.EmbeddingScale;
        }

        if (Description.Positions == PositionKind.Learned)
        {
            x = x + Weight(DecoderTensor.PositionEmbedding, -1).narrow(0, 0, tokens);
        }

        return Description.EmbeddingNorm ? Norm(x, DecoderTensor.EmbeddingNorm, -1) : x;
    }

    private Tensor Block(Tensor x, int layer, long batch, long tokens, TorchLora? adapter)
    {
        Tensor normed = Norm(x, DecoderTensor.AttentionNorm, layer);
        Tensor attended = Attention(normed, layer, batch, tokens, adapter);
        switch (Description.Layout)
        {
            case BlockLayout.Sequential:
                x = x + attended;
                return x + Mlp(Norm(x, DecoderTensor.MlpNorm, layer), layer, adapter);
            case BlockLayout.ParallelOneNorm:
                return x + attended + Mlp(normed, layer, adapter);
            case BlockLayout.ParallelTwoNorms:
                return x + attended + Mlp(Norm(x, DecoderTensor.MlpNorm, layer), layer, adapter);
            case BlockLayout.Sandwich:
                x = x + Norm(attended, DecoderTensor.AttentionOutputNorm, layer);
                return x + Norm(Mlp(Norm(x, DecoderTensor.MlpNorm, layer), layer, adapter), DecoderTensor.MlpOutputNorm, layer);
            case BlockLayout.NormedResidual:
                x = (normed * Description.ResidualScale) + attended;
                normed = Norm(x, DecoderTensor.MlpNorm, layer);
                return (normed * Description.ResidualScale) + Mlp(normed, layer, adapter);
            default:
                throw new InvalidOperationException($"Block layout {Description.Layout} is unknown.");
        }
    }

    private Tensor Attention(Tensor x, int layer, long batch, long tokens, TorchLora? adapter)
    {
        Dictionary<string, Tensor> fused = [];
        Tensor Heads(DecoderLinear kind, int count) =>
            Project(x, layer, kind, adapter, fused).reshape(batch, tokens, count, Description.HeadSize).transpose(1, 2);

        Tensor q = Heads(DecoderLinear.Query, Description.HeadCount);
        Tensor k = Heads(DecoderLinear.Key, Description.KeyValueHeadCount);
        Tensor v = Heads(DecoderLinear.Value, Description.KeyValueHeadCount);
        if (Description.QueryKeyNorm)
        {
            q = Norm(q, DecoderTensor.QueryNorm, layer);
            k = Norm(k, DecoderTensor.KeyNorm, layer);
        }

        q = _positions.Rotate(q, layer);
        k = _positions.Rotate(k, layer);
        int groups = Description.HeadCount / Description.KeyValueHeadCount;
        if (groups > 1)
        {
            k = k.repeat_interleave(groups, 1);
            v = v.repeat_interleave(groups, 1);
        }

        Tensor mixed = Mix(q, k, v, layer).transpose(1, 2).reshape(batch, tokens, (long)Description.HeadCount * Description.HeadSize);
        return Project(mixed, layer, DecoderLinear.Output, adapter, []);
    }

    /// <summary>softmax(score(q, k)) v. libtorch's own attention knows scale and mask; a soft cap needs the scores themselves.</summary>
    private Tensor Mix(Tensor q, Tensor k, Tensor v, int layer)
    {
        double ownScale = 1 / Math.Sqrt(Description.HeadSize), scale = Description.AttentionScale ?? ownScale;
        if (scale != ownScale)
        {
            q = q * (scale / ownScale);
        }

        Tensor? mask = _positions.Mask(q.shape[2], layer);
        if (Description.AttentionSoftCap is not double cap)
        {
            return mask is null ? scaled_dot_product_attention(q, k, v, is_casual: true) : scaled_dot_product_attention(q, k, v, attn_mask: mask);
        }

        Tensor scores = cap * tanh(q.matmul(k.transpose(-1, -2)) * (ownScale / cap));
        return softmax(scores + (mask ?? _positions.CausalMask(q.shape[2])), -1).matmul(v);
    }

    private Tensor Mlp(Tensor x, int layer, TorchLora? adapter)
    {
        Dictionary<string, Tensor> fused = [];
        Tensor inner = Description.GatedMlp
            ? Activate(Project(x, layer, DecoderLinear.Gate, adapter, fused)) * Project(x, layer, DecoderLinear.Up, adapter, fused)
            : Activate(Project(x, layer, DecoderLinear.Up, adapter, fused));
        return Project(inner, layer, DecoderLinear.Down, adapter, fused);
    }

    private Tensor Activate(Tensor x) => Description.Activation switch
    {
        Activation.Silu => silu(x),
        Activation.Gelu => gelu(x),
        Activation.GeluTanh => 0.5 * x * (1 + tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x.pow(3))))),
        _ => throw new InvalidOperationException($"Activation {Description.Activation} is unknown."),
    };

    /// <summary>y = W x + b, plus scaling · B (A x) where the adapter has the module.</summary>
    /// <param name="x"><c>[batch, tokens, in]</c></param>
    /// <param name="layer">Zero-based layer.</param>
    /// <param name="kind">Which linear.</param>
    /// <param name="adapter">LoRA to add, or <see langword="null"/>.</param>
    /// <param name="fused">Outputs of fused modules for this x, so that query, key and value of one module cost one product.</param>
    private Tensor Project(Tensor x, int layer, DecoderLinear kind, TorchLora? adapter, Dictionary<string, Tensor> fused)
    {
        TensorSource source = _sources[(DecoderDescription.WeightOf(kind), layer)];
        if (!fused.TryGetValue(source.Module, out Tensor? whole))
        {
            Tensor weight = _weights[source.Name];
            whole = Product(x, source.Transposed ? weight.t() : weight);
            if (adapter is not null && adapter.Pairs.TryGetValue(source.Module, out TorchLoraPair? pair))
            {
                whole = whole + (x.matmul(pair.A.transpose(-1, -2)).matmul(pair.B.transpose(-1, -2)) * pair.Scaling);
            }

            fused.Add(source.Module, whole);
        }

        Tensor y = Rows(whole, source.Rows, -1);
        return Description.HasBias(kind) ? y + Weight(DecoderDescription.BiasOf(kind), layer) : y;
    }

    /// <summary>x Wᵀ in the precision of the products.</summary>
    private Tensor Product(Tensor x, Tensor weight) => Products == TorchProducts.FullPrecision
        ? linear(x, weight)
        : linear(x.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16)).to(ScalarType.Float32);

    private Tensor Norm(Tensor x, DecoderTensor kind, int layer)
    {
        Tensor gain = Weight(kind, layer);
        switch (Description.Norm)
        {
            case NormKind.RootMeanSquare:
                return x * rsqrt(x.pow(2).mean([-1], keepdim: true) + Description.NormEpsilon) * gain;
            case NormKind.RootMeanSquarePlusOne:
                return x * rsqrt(x.pow(2).mean([-1], keepdim: true) + Description.NormEpsilon) * (gain + 1);
            case NormKind.LayerNorm:
                // Norms of heads and of branch outputs have no bias.
                bool hasBias = kind is DecoderTensor.EmbeddingNorm or DecoderTensor.FinalNorm or DecoderTensor.AttentionNorm or DecoderTensor.MlpNorm;
                return layer_norm(x, [x.shape[^1]], gain, hasBias ? Weight(kind + 1, layer) : null, Description.NormEpsilon);
            default:
                throw new InvalidOperationException($"Norm {Description.Norm} is unknown.");
        }
    }

    /// <summary>A weight as the decoder sees it: transposed and cut out of a fused tensor where the checkpoint stores it so.</summary>
    private Tensor Weight(DecoderTensor kind, int layer)
    {
        TensorSource source = _sources[(kind, layer)];
        Tensor whole = _weights[source.Name];
        return Rows(source.Transposed ? whole.t() : whole, source.Rows, 0);
    }

    private static Tensor Rows(Tensor whole, ValueList<RowRange> rows, int dimension) => rows.Count switch
    {
        0 => whole,
        1 => whole.narrow(dimension, rows[0].Begin, rows[0].Count),
        _ => cat([.. rows.Select(r => whole.narrow(dimension, r.Begin, r.Count))], dimension),
    };
}
