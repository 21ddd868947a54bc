using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Inference;

public class WeightLoaderTests
{
    private static readonly DecoderDescription Blocks = new()
    {
        VocabularySize = 96,
        HiddenSize = 64,
        IntermediateSize = 96,
        LayerCount = 2,
        HeadCount = 4,
        KeyValueHeadCount = 2,
        HeadSize = 16,
        MaxPositions = 64,
    };

    public static TheoryData<string, bool> Checkpoints { get; } = new(
        from name in (string[])["tiny-random-gpt2", "ref-bloom", "ref-falcon-7b-style", "tiny-chatglm1", "tiny-chatglm2", "mlxd-tiny_llama3", "ref-gemma"]
        from map in (bool[])[true, false]
        select (name, map));

    /// <summary>Formats and about twice the relative distance of logits that was measured for them.</summary>
    public static TheoryData<WeightFormat, string, string, double> Formats { get; } = new()
    {
        { WeightFormat.Stored, "F32", "F32", 0 },
        { WeightFormat.Single, "F32", "F32", 0 },
        { WeightFormat.BFloat16, "BF16", "BF16", 0.02 },
        { WeightFormat.Int8, "I8", "I8", 0.06 },
        { WeightFormat.Q8, "Q8_0", "Q8_0", 0.06 },
        { WeightFormat.Q4, "Q4_0", "Q8_0", 0.5 },
        { WeightFormat.NormalFloat4, "NF4", "Q8_0", 0.5 },
    };

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Load_FusedTransposedAndNarrowTensors_EqualTheWeightsByName(string name, bool map)
    {
        string path = RealData.Require($"models/{name}");
        CausalLM loaded = CausalLM.Load(path, new InferenceOptions { MapWeights = map });
        using ModelFolder folder = ModelFolder.Open(path);
        Dictionary<string, ReadOnlyMemory<float>> weights = ModelFamily.ExpectedTensors(folder.Description)
            .ToDictionary(t => t.Name, t => (ReadOnlyMemory<float>)folder.ReadSingles(t.Name));
        CausalLM expected = CausalLM.FromWeights("by name", folder.Description, weights);
        foreach ((LayerWeights a, LayerWeights b) in expected.Weights.Layers.Zip(loaded.Weights.Layers))
        {
            Assert.Equal(a.Biases, b.Biases);
            Assert.Equal(a.Linears.Select(l => l?.ToSingles()), b.Linears.Select(l => l?.ToSingles()));
        }

        Assert.Equal(expected.Weights.Head.ToSingles(), loaded.Weights.Head.ToSingles());
    }

    [Fact]
    public void Rows_TransposedAndScattered_AreWhatTheSourceNames()
    {
        // Stored [in 40, out 70]; rows 50 … 69, then 3 … 9 of its transpose.
        TensorSource source = new() { Tensor = DecoderTensor.Query, Name = "w", Shape = [40, 70], Transposed = true, Rows = [new(50, 20), new(3, 7)] };
        float[] stored = [.. Enumerable.Range(0, 40 * 70).Select(i => (float)i)];
        float[] rows = SourceRows.Gather<float>(source, stored, 40);
        for (int r = 0; r < 27; r++)
        {
            for (int c = 0; c < 40; c++)
            {
                Assert.Equal(stored[(c * 70) + (r < 20 ? 50 + r : r - 17)], rows[(r * 40) + c]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Load_EveryFormat_KeepsLinearsAndHeadInIt(WeightFormat format, string linears, string head, double tolerance)
    {
        using TemporaryFolder folder = new();
        RandomDecoder random = new(Blocks);
        Save(random, folder.Path);
        InferenceOptions options = new() { WeightFormat = format, MaxThreads = 2 };
        CausalLM loaded = CausalLM.Load(folder.Path, options);
        CausalLM inMemory = CausalLM.FromWeights("same", Blocks, random.Weight, options);
        foreach (CausalLM model in (CausalLM[])[loaded, inMemory])
        {
            Assert.All(model.Weights.Layers.SelectMany(l => l.Linears), m => Assert.Equal(linears, m!.FormatName));
            Assert.Equal(head, model.Weights.Head.FormatName);
            Assert.Equal("F32", model.Weights.Embedding.FormatName);
        }

        int[] tokens = random.RandomTokens(20);
        float[] exact = random.Model.ComputeLogits(tokens);
        float[] actual = loaded.ComputeLogits(tokens);
        Assert.Equal(actual, inMemory.ComputeLogits(tokens));
        double distance = Math.Sqrt(exact.Zip(actual, (a, b) => Math.Pow(a - b, 2)).Sum() / exact.Sum(a => (double)a * a));
        TestContext.Current.TestOutputHelper?.WriteLine($"relative distance of logits {distance:E2}, {loaded.WeightBytes} bytes");
        Assert.True(distance <= tolerance, $"relative distance {distance:E2} exceeds {tolerance}");
        Assert.True(tolerance == 0 || distance > 0, "the format must matter");

        // The same rows, one by one: a batch must not differ from a prompt in any format.
        DecodeSession session = loaded.CreateSession();
        Assert.Equal(actual, tokens.SelectMany(t => session.Decode(t).ToArray()));
    }

    [Theory]
    [InlineData(WeightFormat.Stored, "F32", true)]
    [InlineData(WeightFormat.Q4, "Q8_0", false)]
    [InlineData(WeightFormat.Int8, "I8", false)]
    public void Load_TiedEmbeddings_ShareTheMatrixUnlessTheHeadIsQuantised(WeightFormat format, string head, bool shared)
    {
        using TemporaryFolder folder = new();
        RandomDecoder random = new(Blocks with { TiedEmbeddings = true });
        Save(random, folder.Path);
        foreach (CausalLM model in (CausalLM[])
            [CausalLM.Load(folder.Path, new InferenceOptions { WeightFormat = format }),
            CausalLM.FromWeights("same", random.Description, random.Weight, new InferenceOptions { WeightFormat = format })])
        {
            Assert.Equal(head, model.Weights.Head.FormatName);
            Assert.Equal("F32", model.Weights.Embedding.FormatName);
            Assert.Equal(shared, ReferenceEquals(model.Weights.Head, model.Weights.Embedding));
        }
    }

    [Fact]
    public void Load_RowsThatBlocksDoNotDivide_SaysWhatToUseInstead()
    {
        using TemporaryFolder folder = new();
        TinyLlama tiny = new();
        tiny.Save(folder.Path);
        foreach (WeightFormat format in (WeightFormat[])[WeightFormat.Q8, WeightFormat.Q4])
        {
            string message = Assert.Throws<ArgumentException>(() => CausalLM.Load(folder.Path, new InferenceOptions { WeightFormat = format })).Message;
            Assert.Contains("rows of Query have 36 weights. Use Int8", message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => CausalLM.FromWeights("tiny", tiny.Description, tiny.Weights, new InferenceOptions { WeightFormat = format }));
        }

        CausalLM.Load(folder.Path, new InferenceOptions { WeightFormat = WeightFormat.Int8 });
    }

    [Theory]
    [InlineData(SafetensorsDataType.F32, WeightFormat.Stored, float.NaN)]
    [InlineData(SafetensorsDataType.F32, WeightFormat.Stored, float.NegativeInfinity)]
    [InlineData(SafetensorsDataType.BF16, WeightFormat.Stored, float.NaN)]
    [InlineData(SafetensorsDataType.BF16, WeightFormat.Single, float.PositiveInfinity)]
    public void Load_NotFiniteWeights_AreAllListed(SafetensorsDataType stored, WeightFormat format, float value)
    {
        using TemporaryFolder folder = new();
        TinyLlama tiny = new();
        foreach (string name in (string[])["model.layers.1.mlp.down_proj.weight", "model.norm.weight", "lm_head.weight"])
        {
            float[] broken = tiny.Weights[name].ToArray();
            broken[^1] = value;
            tiny.Weights[name] = broken;
        }

        tiny.Save(folder.Path, stored);
        foreach (bool map in (bool[])[true, false])
        {
            ModelFormatException exception = Assert.Throws<ModelFormatException>(
                () => CausalLM.Load(folder.Path, new InferenceOptions { MapWeights = map, WeightFormat = format }));
            Assert.Equal(ModelFormatError.NotFinite, exception.Error);
            Assert.Contains("'lm_head.weight' (Head, element 2195)", exception.Message, StringComparison.Ordinal);
            Assert.Contains("'model.layers.1.mlp.down_proj.weight' (Down, element 1799)", exception.Message, StringComparison.Ordinal);
            Assert.Contains("'model.norm.weight' (FinalNorm, element 35)", exception.Message, StringComparison.Ordinal);
        }

        Assert.Contains("'model.norm.weight'", Assert.Throws<ModelFormatException>(
            () => CausalLM.Load(folder.Path, new InferenceOptions { CheckWeights = false })).Message, StringComparison.Ordinal);
        ArgumentException inMemory = Assert.Throws<ArgumentException>(() => CausalLM.FromWeights("broken", tiny.Description, tiny.Weights));
        Assert.Contains("Down of layer 1, element 1799", inMemory.Message, StringComparison.Ordinal);
        Assert.Contains("Head, element 2195", inMemory.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NotFiniteWeightsToQuantise_AreRefusedByName()
    {
        using TemporaryFolder folder = new();
        TinyLlama tiny = new();
        float[] broken = tiny.Weights["model.layers.0.self_attn.k_proj.weight"].ToArray();
        broken[5] = float.NaN;
        tiny.Weights["model.layers.0.self_attn.k_proj.weight"] = broken;
        tiny.Save(folder.Path);
        foreach (WeightFormat format in (WeightFormat[])[WeightFormat.Int8, WeightFormat.BFloat16])
        {
            ModelFormatException exception = Assert.Throws<ModelFormatException>(
                () => CausalLM.Load(folder.Path, new InferenceOptions { WeightFormat = format, CheckWeights = false }));
            Assert.Equal(ModelFormatError.NotFinite, exception.Error);
            Assert.Contains($"k_proj.weight': cannot be kept as {format}", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void IndexOfNotFinite_EveryPlace_IsFound()
    {
        foreach (int length in (int[])[1, 31, 1023, 1024, 1025, 2500])
        {
            float[] values = TinyLlama.RandomArray(new Random(length), length, 0, 1e30);
            values[0] = float.MaxValue;
            values[^1] = -float.Epsilon;
            Assert.Equal(-1, FiniteCheck.IndexOfNotFinite(values));
            foreach (int place in (int[])[0, length / 2, length - 1])
            {
                float kept = values[place];
                values[place] = place % 2 == 0 ? float.NaN : float.NegativeInfinity;
                Assert.Equal(place, FiniteCheck.IndexOfNotFinite(values));
                Assert.Equal(place, FiniteCheck.IndexOfNotFinite([.. values.Select(v => BFloat16Conversion.Narrow(float.IsFinite(v) ? 1 : v))]));
                Assert.Equal(place, FiniteCheck.IndexOfNotFinite([.. values.Select(v => float.IsFinite(v) ? Half.MaxValue : (Half)v)]));
                values[place] = kept;
            }
        }
    }

    [Fact]
    public void Load_MappedModelThatNobodyUses_ReleasesItsFile()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Only Linux lists the mappings of a process.");
        }

        using TemporaryFolder folder = new();
        new TinyLlama().Save(folder.Path);
        UseOnce(folder.Path, map: false);
        Assert.False(IsMapped(folder.Path));
        UseOnce(folder.Path, map: true);
        for (int i = 0; i < 10 && IsMapped(folder.Path); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(IsMapped(folder.Path));
    }

    [Fact]
    public void Merge_EveryStoredFormat_IsKeptAndQuantisedOnesAreRefused()
    {
        using TemporaryFolder folder = new();
        TinyLlama tiny = new();
        tiny.Save(folder.Path, SafetensorsDataType.BF16);
        LoraAdapter adapter = tiny.RandomAdapter(3, 3, "q_proj", "down_proj");
        CausalLM model = CausalLM.Load(folder.Path);
        CausalLM merged = model.Merge(adapter);
        Assert.Equal("BF16", merged.Weights.Layers[0][DecoderLinear.Query].FormatName);
        Assert.Same(model.Weights.Layers[0][DecoderLinear.Key], merged.Weights.Layers[0][DecoderLinear.Key]);
        int[] tokens = tiny.RandomTokens(10);
        float[] expected = model.ComputeLogits(tokens, adapter);
        Assert.All(merged.ComputeLogits(tokens).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 0.05));
        Assert.NotEqual(model.ComputeLogits(tokens), merged.ComputeLogits(tokens));

        CausalLM quantised = CausalLM.Load(folder.Path, new InferenceOptions { WeightFormat = WeightFormat.Int8 });
        NotSupportedException refused = Assert.Throws<NotSupportedException>(() => quantised.Merge(adapter));
        Assert.Contains("'model.layers.0.mlp.down_proj' is kept as I8", refused.Message, StringComparison.Ordinal);
        Assert.All(quantised.ComputeLogits(tokens, adapter).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 0.3));
    }

    [Fact]
    public void Merge_SumBeyondTheFormat_IsRefusedByName()
    {
        LoraModule module = new("model.layers.0.mlp.up_proj", 1, 1, 1, 1, new float[] { 10_000 }, new float[] { 1 });
        HalfMatrix weight = new(new Half[] { (Half)60_000 }, 1, 1);
        ModelFormatException thrown = Assert.Throws<ModelFormatException>(() => WeightMerge.Add(weight, module));
        Assert.Equal(ModelFormatError.NotFinite, thrown.Error);
        Assert.Contains("'model.layers.0.mlp.up_proj': the merged weight holds 70000, which F16 cannot", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_BrokenOptions_ListsAll()
    {
        string message = Assert.Throws<ArgumentException>(() => new InferenceOptions { MaxThreads = 0, WeightFormat = (WeightFormat)77 }.Validate()).Message;
        Assert.Contains("MaxThreads is 0; legal is 1 and up", message, StringComparison.Ordinal);
        Assert.Contains("WeightFormat is 77; legal are Stored, Single, BFloat16, Int8, Q8, Q4, NormalFloat4", message, StringComparison.Ordinal);
    }

    /// <summary>In a method of its own, so that no register keeps the model.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void UseOnce(string folder, bool map)
    {
        CausalLM model = CausalLM.Load(folder, new InferenceOptions { MapWeights = map });
        Assert.Equal(map, IsMapped(folder));
        Assert.Equal(61, model.CreateSession().Decode(1).Length);
        GC.KeepAlive(model);
    }

    private static bool IsMapped(string folder) => File.ReadAllText("/proc/self/maps").Contains(folder, StringComparison.Ordinal);

    private static void Save(RandomDecoder random, string folder)
    {
        LlamaFamily.WriteConfig(Path.Combine(folder, "config.json"), random.Description);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), random.Description.Tensors().Select(t => new SafetensorsTensor
        {
            Name = LlamaTensorNames.Of(t.Tensor, t.Layer),
            Shape = t.Shape,
            Values = random.Weight(t.Tensor, t.Layer),
        }).ToList());
    }
}
