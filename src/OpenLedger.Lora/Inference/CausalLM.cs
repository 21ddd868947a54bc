using System.Runtime.CompilerServices;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>A decoder-only language model in plain memory, computed by this package's own kernels. No native library is involved.</summary>
/// <remarks>
/// Immutable and thread-safe: any number of <see cref="DecodeSession"/>s may run at once, each with its own adapter or none. On one
/// machine a token's logits are bit-identical whether it is decoded alone, prefilled or scored in a batch, on any number of threads;
/// machines with other register widths differ in the last bits. Exceptions: dynamic NTK and LongRoPE beyond the trained length, where keys keep
/// the rotation they were cached with, and the prompt of ChatGLM-6B, which attends to itself in both directions.
/// </remarks>
public sealed class CausalLM
{
    /// <summary>Rows up to which a pass keeps its own scratch memory.</summary>
    internal const int SmallPass = 8;

    private readonly ConditionalWeakTable<LoraAdapter, BoundAdapter> _bound = [];
    private PassScratch? _spareScratch;

    private CausalLM(
        string name,
        DecoderDescription description,
        DecoderWeights weights,
        IReadOnlyList<TensorSource> sources,
        InferenceOptions options,
        int? beginToken,
        IReadOnlyList<int> endTokens)
    {
        Name = name;
        Description = description;
        Weights = weights;
        LinearSources = [.. sources.Where(s => s.Tensor is >= DecoderTensor.Query and <= DecoderTensor.Down)];
        Workers = new WorkerLimit(options.MaxThreads);
        Options = options;
        BeginToken = beginToken;
        EndTokens = endTokens;
    }

    /// <summary>The folder the model was loaded from, or the name given to <c>FromWeights</c>.</summary>
    public string Name { get; }

    /// <summary>What the model is built from.</summary>
    public DecoderDescription Description { get; }

    /// <summary>Id of the token that begins a sequence, or <see langword="null"/> if the configuration names none.</summary>
    public int? BeginToken { get; }

    /// <summary>Ids of the tokens that end a sequence.</summary>
    public IReadOnlyList<int> EndTokens { get; }

    /// <summary>Bytes of the weights, of which those in a mapped file are shared between processes and with the file cache.</summary>
    public long WeightBytes => Weights.ByteLength;

    internal DecoderWeights Weights { get; }

    /// <summary>Where the linears of the blocks lie in the checkpoint, by whose module names adapters find them.</summary>
    internal IReadOnlyList<TensorSource> LinearSources { get; }

    internal WorkerLimit Workers { get; }

    private InferenceOptions Options { get; }

    /// <summary>Loads a model folder in Hugging Face layout, or a GGUF file.</summary>
    /// <param name="path">Folder with <c>config.json</c> and <c>model.safetensors</c> or its shards; or a file that ends with <c>.gguf</c>.</param>
    /// <param name="options">How to compute; <see langword="null"/> for the defaults.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ModelFormatException">
    /// The folder is incomplete, broken or unsupported, or weights are NaN or infinite; lists every fault of its kind.
    /// </exception>
    /// <exception cref="ArgumentException">The options are invalid, or the model's rows do not fit <see cref="InferenceOptions.WeightFormat"/>.</exception>
    public static CausalLM Load(string path, InferenceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new InferenceOptions();
        options.Validate();
        if (path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path))
        {
            return LoadGguf(path, options);
        }

        ModelFolder model = ModelFolder.Open(path);
        return Load(model, model, ModelFamily.Of(model.Description).Locate(model.Description), options, model.BeginToken, model.EndTokens);
    }

    private static CausalLM LoadGguf(string path, InferenceOptions options)
    {
        GgufModel model = GgufModel.Open(path);
        return Load(model, model, model.Sources, options, model.BeginToken, model.EndTokens);
    }

    private static CausalLM Load(
        IWeightStore store, IDisposable files, IReadOnlyList<TensorSource> stored, InferenceOptions options, int? beginToken, IReadOnlyList<int> endTokens)
    {
        bool mapped = false;
        try
        {
            WeightConversion.RequireBlocks(store.Description, options.WeightFormat);
            DecoderWeights weights = new WeightLoader(store, stored, options).Load();
            mapped = options.MapWeights;

            // Adapters are made for the names and the row order of the family, whatever the container permuted.
            IReadOnlyList<TensorSource> sources = ModelFamily.Of(store.Description).Locate(store.Description);
            return new CausalLM(store.Path, store.Description, weights, sources, options, beginToken, endTokens);
        }
        finally
        {
            // Files that weights are read from stay open until nobody reads through them any more; then finalisers close them.
            if (!mapped)
            {
                files.Dispose();
            }
        }
    }

    /// <summary>Builds a model from weights in memory, for example freshly trained ones.</summary>
    /// <param name="name">A name for messages.</param>
    /// <param name="description">The model.</param>
    /// <param name="weights">Every tensor that <see cref="ModelFamily.ExpectedTensors"/> lists, row-major; not copied.</param>
    /// <param name="options">How to compute; <see langword="null"/> for the defaults.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">The description is impossible, or tensors are missing or of the wrong length (lists all).</exception>
    public static CausalLM FromWeights(
        string name, DecoderDescription description, IReadOnlyDictionary<string, ReadOnlyMemory<float>> weights, InferenceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(weights);
        options ??= new InferenceOptions();
        options.Validate();
        List<string> faults = [];
        foreach (TensorSpecification tensor in ModelFamily.ExpectedTensors(description))
        {
            long length = tensor.Shape.Aggregate(1L, (product, extent) => product * extent);
            if (!weights.TryGetValue(tensor.Name, out ReadOnlyMemory<float> values))
            {
                faults.Add($"'{tensor.Name}' is missing");
            }
            else if (values.Length != length)
            {
                faults.Add($"'{tensor.Name}' has {values.Length} elements; [{string.Join(", ", tensor.Shape)}] needs {length}");
            }
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"The weights do not fit the description:\n  - {string.Join("\n  - ", faults)}", nameof(weights));
        }

        IReadOnlyList<TensorSource> sources = ModelFamily.Of(description).Locate(description);
        Dictionary<(DecoderTensor, int), TensorSource> sourceOf = sources.ToDictionary(s => (s.Tensor, s.Layer));
        Dictionary<(DecoderTensor, int), ValueList<int>> shapes = description.Tensors().ToDictionary(t => (t.Tensor, t.Layer), t => t.Shape);
        return Create(name, description, sources, Read, options);

        ReadOnlyMemory<float> Read(DecoderTensor tensor, int layer)
        {
            TensorSource source = sourceOf[(tensor, layer)];
            ReadOnlyMemory<float> stored = weights[source.Name];
            ValueList<int> shape = shapes[(tensor, layer)];
            return SourceRows.Rows(source, stored, shape.Count == 1 ? 1 : shape[1]);
        }
    }

    /// <summary>Builds a model from weights in memory by what they are, for descriptions that no family writes.</summary>
    /// <param name="name">A name for messages.</param>
    /// <param name="description">The model.</param>
    /// <param name="weights">Gives every tensor that <see cref="DecoderDescription.Tensors"/> lists, by weight and layer; not copied.</param>
    /// <param name="options">How to compute; <see langword="null"/> for the defaults.</param>
    /// <param name="sources">Names for adapters; <see langword="null"/> for those of LLaMA.</param>
    internal static CausalLM FromWeights(
        string name,
        DecoderDescription description,
        Func<DecoderTensor, int, ReadOnlyMemory<float>> weights,
        InferenceOptions? options = null,
        IReadOnlyList<TensorSource>? sources = null)
    {
        description.Validate();
        options ??= new InferenceOptions();
        options.Validate();
        sources ??=
        [
            .. from layer in Enumerable.Range(0, description.LayerCount)
               from linear in DecoderWeights.Linears
               where description.Has(linear)
               let shape = description.ShapeOf(linear)
               select new TensorSource
               {
                   Tensor = DecoderDescription.WeightOf(linear),
                   Layer = layer,
                   Name = LlamaTensorNames.Module(layer, linear) + ".weight",
                   Shape = [shape.OutFeatures, shape.InFeatures],
               },
        ];
        return Create(name, description, sources, weights, options);
    }

    /// <summary>Begins a sequence.</summary>
    /// <param name="adapter">Applied unmerged, <c>y = W x + s · B (A x)</c>; <see langword="null"/> for the base model.</param>
    /// <returns>A session for one thread at a time.</returns>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.AdapterMismatch"/>: the adapter does not fit.</exception>
    public DecodeSession CreateSession(LoraAdapter? adapter = null) => new(this, adapter, adapter is null ? null : Bind(adapter));

    /// <summary>Begins a batch, to which sessions of this model are added.</summary>
    /// <returns>An empty batch for one thread at a time.</returns>
    public DecodeBatch CreateBatch() => new(this);

    /// <summary>Checks that an adapter fits, so that sessions with it cannot fail later.</summary>
    /// <param name="adapter">An adapter for this base.</param>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.AdapterMismatch"/> lists every module that does not fit.</exception>
    public void RequireFit(LoraAdapter adapter)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        Bind(adapter);
    }

    /// <summary>Adds an adapter's updates to the weights: <c>W + s · B A</c>.</summary>
    /// <param name="adapter">An adapter for this base.</param>
    /// <returns>A new model that shares every unchanged weight with this one, which stays as it is.</returns>
    /// <exception cref="ModelFormatException">
    /// <see cref="ModelFormatError.AdapterMismatch"/>: the adapter does not fit; <see cref="ModelFormatError.NotFinite"/>: a sum exceeds the weight's format.
    /// </exception>
    /// <exception cref="NotSupportedException">A weight is quantised: load the model in its stored format, or use the adapter unmerged.</exception>
    public CausalLM Merge(LoraAdapter adapter)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        int count = DecoderWeights.Linears.Length;
        WeightMatrix?[][] linears = [.. Weights.Layers.Select(l => l.Linears.ToArray())];
        foreach ((int slot, LoraModule module) in BoundAdapter.Resolve(adapter, this))
        {
            ref WeightMatrix? weight = ref linears[slot / count][slot % count];
            weight = WeightMerge.Add(weight!, module);
        }

        DecoderWeights weights = new()
        {
            Embedding = Weights.Embedding,
            PositionEmbedding = Weights.PositionEmbedding,
            EmbeddingNorm = Weights.EmbeddingNorm,
            FinalNorm = Weights.FinalNorm,
            Head = Weights.Head,
            Layers = [.. Weights.Layers.Select((layer, i) => layer with { Linears = linears[i] })],
        };
        return new CausalLM(Name, Description, weights, LinearSources, Options, BeginToken, EndTokens);
    }

    /// <summary>Logits after every token of a sequence.</summary>
    /// <param name="tokens">Token ids; 1 to <see cref="DecoderDescription.MaxPositions"/>.</param>
    /// <param name="adapter">Applied unmerged; <see langword="null"/> for the base model.</param>
    /// <param name="cancellationToken">Stops between layers.</param>
    /// <returns>Row-major <c>[tokens, vocabulary]</c>: row i holds the scores of the token after i.</returns>
    /// <exception cref="ArgumentException">A token is outside the vocabulary, or there are none or too many.</exception>
    /// <exception cref="ModelFormatException">The adapter does not fit.</exception>
    public float[] ComputeLogits(ReadOnlySpan<int> tokens, LoraAdapter? adapter = null, CancellationToken cancellationToken = default)
    {
        float[] logits = new float[checked(tokens.Length * Description.VocabularySize)];
        CreateSession(adapter).Score(tokens, (position, row, self) => row.CopyTo(self.AsSpan(position * row.Length)), logits, cancellationToken);
        return logits;
    }

    /// <summary>Log-probability of every token after the first, given those before it.</summary>
    /// <param name="tokens">Token ids; 2 to <see cref="DecoderDescription.MaxPositions"/>.</param>
    /// <param name="adapter">Applied unmerged; <see langword="null"/> for the base model.</param>
    /// <param name="cancellationToken">Stops between layers.</param>
    /// <returns>
    /// <c>tokens.Length - 1</c> natural logarithms: element i is log p(tokens[i + 1] | tokens[0..i]). Their negative mean is the loss a
    /// trainer reports.
    /// </returns>
    /// <exception cref="ArgumentException">A token is outside the vocabulary, or there are fewer than two or too many.</exception>
    /// <exception cref="ModelFormatException">The adapter does not fit.</exception>
    public double[] ComputeLogProbabilities(ReadOnlySpan<int> tokens, LoraAdapter? adapter = null, CancellationToken cancellationToken = default)
    {
        if (tokens.Length < 2)
        {
            throw new ArgumentException($"{tokens.Length} tokens predict nothing; give at least two.", nameof(tokens));
        }

        int[] targets = tokens[1..].ToArray();
        double[] logProbabilities = new double[targets.Length];
        CreateSession(adapter).Score(
            tokens,
            static (position, row, self) =>
            {
                if (position < self.targets.Length)
                {
                    self.logProbabilities[position] = Softmax.LogProbability(row, self.targets[position]);
                }
            },
            (targets, logProbabilities),
            cancellationToken);
        return logProbabilities;
    }

    /// <summary>Scratch memory for a long pass; the caller gives it back. One is kept, so that prompts one after another share it.</summary>
    internal PassScratch LendScratch(int rows, int maxRank)
    {
        PassScratch? spare = Interlocked.Exchange(ref _spareScratch, null);
        return spare is not null && spare.Rows >= rows && spare.MaxRank >= maxRank ? spare : new PassScratch(Description, rows, maxRank);
    }

    internal void ReturnScratch(PassScratch scratch) => Volatile.Write(ref _spareScratch, scratch);

    private static CausalLM Create(
        string name,
        DecoderDescription description,
        IReadOnlyList<TensorSource> sources,
        Func<DecoderTensor, int, ReadOnlyMemory<float>> read,
        InferenceOptions options)
    {
        WeightConversion.RequireBlocks(description, options.WeightFormat);
        Dictionary<(DecoderTensor, int), ValueList<int>> shapes = description.Tensors().ToDictionary(t => (t.Tensor, t.Layer), t => t.Shape);
        List<string> faults = [];
        SingleMatrix? embedding = null;
        DecoderWeights weights = DecoderWeights.Collect(description, Matrix, (tensor, layer) => Checked(tensor, layer).ToArray());
        return faults.Count == 0
            ? new CausalLM(name, description, weights, sources, options, null, [])
            : throw new ArgumentException($"Weights are NaN or infinite:\n  - {string.Join("\n  - ", faults)}", nameof(read));

        WeightMatrix Matrix(DecoderTensor tensor, int layer)
        {
            SingleMatrix stored = tensor == DecoderTensor.Head && description.TiedEmbeddings
                ? embedding!
                : new SingleMatrix(Checked(tensor, layer), shapes[(tensor, layer)][0], shapes[(tensor, layer)][1]);
            embedding ??= stored;
            WeightFormat format = WeightConversion.FormatOf(options.WeightFormat, tensor);
            return stored == embedding && !WeightConversion.IsQuantized(format) ? stored : WeightConversion.Convert(stored, format);
        }

        ReadOnlyMemory<float> Checked(DecoderTensor tensor, int layer)
        {
            ReadOnlyMemory<float> values = read(tensor, layer);
            if ((options.CheckWeights || WeightConversion.IsQuantized(options.WeightFormat)) && FiniteCheck.IndexOfNotFinite(values.Span) is >= 0 and int place)
            {
                faults.Add($"{tensor}{(layer < 0 ? "" : $" of layer {layer}")}, element {place}");
                return new float[values.Length]; // so that the others can be looked at; nobody gets this model
            }

            return values;
        }
    }

    private BoundAdapter Bind(LoraAdapter adapter) => _bound.GetValue(adapter, a => BoundAdapter.Bind(a, this));
}
