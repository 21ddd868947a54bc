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
    private readonly Dictionary<string, (long OutFeatures, long InFeatures)> _linears = new(StringComparer.Ordinal);
    private Tensor? _cosine;
    private Tensor? _sine;

    /// <summary>Takes ownership of named weights and builds the executor.</summary>
    /// <param name="description">What the model is built from.</param>
    /// <param name="weights">float32 tensors under their checkpoint names (<see cref="LlamaTensorNames"/>); still the caller's where this throws.</param>
    /// <exception cref="ArgumentException">
    /// The description is impossible, or a tensor is missing, no float32 or of another shape; the message lists every fault.
    /// </exception>
    public TorchDecoder(DecoderDescription description, IReadOnlyDictionary<string, Tensor> weights)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(weights);
        description.Validate();
        Description = description;
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

        for (int layer = 0; layer < description.LayerCount; layer++)
        {
            foreach (DecoderLinear linear in Enum.GetValues<DecoderLinear>())
            {
                _linears.Add(LlamaTensorNames.Module(layer, linear), description.ShapeOf(linear));
            }
        }
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

    /// <summary>Every tensor of a model with its shape, in checkpoint order.</summary>
    /// <param name="description">What the model is built from.</param>
    public static IEnumerable<(string Name, long[] Shape)> Shapes(DecoderDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        long hidden = description.HiddenSize, inner = description.IntermediateSize, vocabulary = description.VocabularySize;
        long queries = (long)description.HeadCount * description.HeadSize, keys = (long)description.KeyValueHeadCount * description.HeadSize;
        yield return (LlamaTensorNames.Embedding, [vocabulary, hidden]);
        for (int layer = 0; layer < description.LayerCount; layer++)
        {
            yield return (LlamaTensorNames.AttentionNorm(layer), [hidden]);
            yield return (Weight(layer, DecoderLinear.Query), [queries, hidden]);
            yield return (Weight(layer, DecoderLinear.Key), [keys, hidden]);
            yield return (Weight(layer, DecoderLinear.Value), [keys, hidden]);
            yield return (Weight(layer, DecoderLinear.Output), [hidden, queries]);
            yield return (LlamaTensorNames.MlpNorm(layer), [hidden]);
            yield return (Weight(layer, DecoderLinear.Gate), [inner, hidden]);
            yield return (Weight(layer, DecoderLinear.Up), [inner, hidden]);
            yield return (Weight(layer, DecoderLinear.Down), [hidden, inner]);
        }

        yield return (LlamaTensorNames.FinalNorm, [hidden]);
        if (!description.TiedEmbeddings)
        {
            yield return (LlamaTensorNames.Head, [vocabulary, hidden]);
        }
    }

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
        (Tensor cosine, Tensor sine) = Rotary(tokens);
        Tensor x = _weights[LlamaTensorNames.Embedding].index_select(0, tokenIds.reshape(-1)).reshape(batch, tokens, Description.HiddenSize);
        for (int layer = 0; layer < Description.LayerCount; layer++)
        {
            x = x + Attention(RmsNorm(x, LlamaTensorNames.AttentionNorm(layer)), layer, cosine, sine, batch, tokens, adapter);
            x = x + Mlp(RmsNorm(x, LlamaTensorNames.MlpNorm(layer)), layer, adapter);
        }

        return RmsNorm(x, LlamaTensorNames.FinalNorm).MoveToOuterDisposeScope();
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
        return Product(hidden, _weights[Description.TiedEmbeddings ? LlamaTensorNames.Embedding : LlamaTensorNames.Head]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor weight in _weights.Values)
        {
            weight.Dispose();
        }

        _weights.Clear();
        _cosine?.Dispose();
        _sine?.Dispose();
    }

    private static string Weight(int layer, DecoderLinear kind) => LlamaTensorNames.Module(layer, kind) + ".weight";

    /// <summary>Shapes of the pairs against those of the linears; a pair with one copy per sample needs exactly the batch's number of them.</summary>
    private void RequireFit(TorchLora adapter, long? samples)
    {
        List<string> faults = [];
        foreach ((string module, TorchLoraPair pair) in adapter.Pairs)
        {
            long[] a = pair.A.shape, b = pair.B.shape;
            if (!_linears.TryGetValue(module, out (long OutFeatures, long InFeatures) linear))
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

    private Tensor Attention(Tensor x, int layer, Tensor cosine, Tensor sine, long batch, long tokens, TorchLora? adapter)
    {
        Tensor Heads(DecoderLinear kind, int count) =>
            Project(x, layer, kind, adapter).reshape(batch, tokens, count, Description.HeadSize).transpose(1, 2);

        Tensor q = Rotate(Heads(DecoderLinear.Query, Description.HeadCount), cosine, sine);
        Tensor k = Rotate(Heads(DecoderLinear.Key, Description.KeyValueHeadCount), cosine, sine);
        Tensor v = Heads(DecoderLinear.Value, Description.KeyValueHeadCount);
        int groups = Description.HeadCount / Description.KeyValueHeadCount;
        if (groups > 1)
        {
            k = k.repeat_interleave(groups, 1);
            v = v.repeat_interleave(groups, 1);
        }

        Tensor mixed = scaled_dot_product_attention(q, k, v, is_casual: true);
        mixed = mixed.transpose(1, 2).reshape(batch, tokens, (long)Description.HeadCount * Description.HeadSize);
        return Project(mixed, layer, DecoderLinear.Output, adapter);
    }

    private Tensor Mlp(Tensor x, int layer, TorchLora? adapter) =>
        Project(silu(Project(x, layer, DecoderLinear.Gate, adapter)) * Project(x, layer, DecoderLinear.Up, adapter), layer, DecoderLinear.Down, adapter);

    /// <summary>y = W x, plus scaling · B (A x) where the adapter has the module.</summary>
    private Tensor Project(Tensor x, int layer, DecoderLinear kind, TorchLora? adapter)
    {
        string module = LlamaTensorNames.Module(layer, kind);
        Tensor y = Product(x, _weights[module + ".weight"]);
        if (adapter is null || !adapter.Pairs.TryGetValue(module, out TorchLoraPair? pair))
        {
            return y;
        }

        return y + (x.matmul(pair.A.transpose(-1, -2)).matmul(pair.B.transpose(-1, -2)) * pair.Scaling);
    }

    /// <summary>x Wᵀ in the precision of the products.</summary>
    private Tensor Product(Tensor x, Tensor weight) => Products == TorchProducts.FullPrecision
        ? linear(x, weight)
        : linear(x.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16)).to(ScalarType.Float32);

    /// <summary>x · rsqrt(mean(x²) + ε) · w over the last dimension.</summary>
    private Tensor RmsNorm(Tensor x, string weight) =>
        x * rsqrt(x.pow(2).mean([-1], keepdim: true) + Description.NormEpsilon) * _weights[weight];

    /// <summary>Rotary positions in rotate-half form: pairs are (i, i + headSize/2).</summary>
    private Tensor Rotate(Tensor x, Tensor cosine, Tensor sine)
    {
        long half = Description.HeadSize / 2;
        Tensor rotated = cat([-x.narrow(-1, half, half), x.narrow(-1, 0, half)], -1);
        return (x * cosine) + (rotated * sine);
    }

    /// <summary>
    /// Tables <c>[tokens, headSize]</c> as views of ones that grow by doubling: models of a million positions are trained on short sequences.
    /// </summary>
    private (Tensor Cosine, Tensor Sine) Rotary(long tokens)
    {
        if (_cosine is null || _sine is null || _cosine.shape[0] < tokens)
        {
            int positions = (int)Math.Min(Description.MaxPositions, 2 * tokens);
            _cosine?.Dispose();
            _sine?.Dispose();
            _cosine = RotaryTable(Description, positions, Math.Cos);
            _sine = RotaryTable(Description, positions, Math.Sin);
        }

        return (_cosine.narrow(0, 0, tokens), _sine.narrow(0, 0, tokens));
    }

    private static Tensor RotaryTable(DecoderDescription description, int positions, Func<double, double> function)
    {
        int size = description.HeadSize, half = size / 2;
        float[] table = new float[checked(positions * size)];
        for (int position = 0; position < positions; position++)
        {
            for (int i = 0; i < half; i++)
            {
                double angle = position * Math.Pow(description.Rope.Theta, -2.0 * i / size);
                table[(position * size) + i] = table[(position * size) + i + half] = (float)function(angle);
            }
        }

        return tensor(table, [positions, size]).DetachFromDisposeScope();
    }
}
