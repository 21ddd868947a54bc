using System.Text;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Tests.Models;

/// <summary>Configurations of well-known checkpoints become the description their architecture demands, field by field.</summary>
public class PublishedConfigTests
{
    private static readonly Dictionary<string, DecoderDescription> Expected = new()
    {
        [nameof(PublishedConfigs.TinyLlama)] = Sizes("llama", 32000, 2048, 5632, 22, 32, 4, 64, 2048),
        [nameof(PublishedConfigs.Llama31)] = Sizes("llama", 128256, 4096, 14336, 32, 32, 8, 128, 131072) with { Rope = Llama3(8) },
        [nameof(PublishedConfigs.Llama32)] = Sizes("llama", 128256, 2048, 8192, 16, 32, 8, 64, 131072) with { Rope = Llama3(32), TiedEmbeddings = true },
        [nameof(PublishedConfigs.Llama32New)] = Sizes("llama", 128256, 2048, 8192, 16, 32, 8, 64, 131072) with { Rope = Llama3(32), TiedEmbeddings = true },
        [nameof(PublishedConfigs.DeepSeekLlm7B)] = Sizes("llama", 102400, 4096, 11008, 30, 32, 32, 128, 4096) with { NormEpsilon = 1e-6 },
        [nameof(PublishedConfigs.DeepSeekCoder)] = Sizes("llama", 32256, 4096, 11008, 32, 32, 32, 128, 16384) with
        {
            NormEpsilon = 1e-6,
            Rope = new() { Theta = 100_000, Scaling = new() { Kind = RotaryScalingKind.Linear, Factor = 4 } },
        },
        [nameof(PublishedConfigs.R1DistillQwen)] = Qwen2(151936, 1536, 8960, 28, 12, 2, 131072) with { Rope = new() { Theta = 10_000 } },
        [nameof(PublishedConfigs.MistralV01)] = Sizes("mistral", 32000, 4096, 14336, 32, 32, 8, 128, 32768) with { Window = 4096 },
        [nameof(PublishedConfigs.MistralV03)] = Sizes("mistral", 32768, 4096, 14336, 32, 32, 8, 128, 32768) with { Rope = new() { Theta = 1e6 } },
        [nameof(PublishedConfigs.MistralNemo)] = Sizes("mistral", 131072, 5120, 14336, 40, 32, 8, 128, 131072) with { Rope = new() { Theta = 1e6 } },
        [nameof(PublishedConfigs.Qwen7B)] = Sizes("qwen", 151936, 4096, 11008, 32, 32, 32, 128, 8192) with { NormEpsilon = 1e-6, QueryKeyValueBias = true },
        [nameof(PublishedConfigs.Qwen15)] = Qwen2(151936, 1024, 2816, 24, 16, 16, 32768) with { TiedEmbeddings = true },
        [nameof(PublishedConfigs.Qwen2With7B)] = Qwen2(152064, 3584, 18944, 28, 28, 4, 131072),
        [nameof(PublishedConfigs.Qwen25Yarn)] = Qwen2(152064, 3584, 18944, 28, 28, 4, 131072) with
        {
            Rope = new() { Theta = 1e6, Scaling = new() { Kind = RotaryScalingKind.Yarn, Factor = 4, OriginalMaxPositions = 32768 } },
        },
        [nameof(PublishedConfigs.Qwen3)] = Sizes("qwen3", 151936, 1024, 3072, 28, 16, 8, 128, 40960) with
        {
            NormEpsilon = 1e-6,
            Rope = new() { Theta = 1e6 },
            QueryKeyNorm = true,
            TiedEmbeddings = true,
        },
        [nameof(PublishedConfigs.ChatGlm6B)] = Sizes("chatglm1", 130528, 4096, 16384, 28, 32, 32, 128, 2048) with
        {
            Norm = NormKind.LayerNorm,
            Layout = BlockLayout.NormedResidual,
            ResidualScale = Math.Sqrt(56),
            Positions = PositionKind.RotaryInTwoDimensions,
            QueryKeyValueBias = true,
            AttentionOutputBias = true,
            MlpBias = true,
            GatedMlp = false,
            Activation = Activation.GeluTanh,
            TiedEmbeddings = true,
        },
        [nameof(PublishedConfigs.ChatGlm2)] = ChatGlm(65024, 28, 32768, 10_000),
        [nameof(PublishedConfigs.ChatGlm3)] = ChatGlm(65024, 28, 8192, 10_000),
        [nameof(PublishedConfigs.Glm4Chat)] = ChatGlm(151552, 40, 131072, 5_000_000) with { NormEpsilon = 1.5625e-7 },
        [nameof(PublishedConfigs.GlmHf)] = ChatGlm(151552, 40, 131072, 5_000_000) with { Family = "glm", NormEpsilon = 1.5625e-7 },
        [nameof(PublishedConfigs.Glm40414)] = ChatGlm(151552, 40, 32768, 10_000) with { Family = "glm4", Layout = BlockLayout.Sandwich },
        [nameof(PublishedConfigs.Gemma2B)] = Gemma("gemma", 256000, 2048, 16384, 18, 8, 1, 8192) with { EmbeddingScale = 45.25 },
        [nameof(PublishedConfigs.Gemma29B)] = Gemma("gemma2", 256000, 3584, 14336, 42, 16, 8, 8192) with
        {
            EmbeddingScale = (float)Math.Sqrt(3584),
            Layout = BlockLayout.Sandwich,
            Window = 4096,
            WindowedLayers = ValueList.Create<int>([.. Enumerable.Range(0, 21).Select(i => 2 * i)]),
            AttentionScale = 1 / 16.0,
            AttentionSoftCap = 50,
            LogitSoftCap = 30,
        },
        [nameof(PublishedConfigs.Gemma31B)] = Gemma3(262144, 1152, 6912, 26, 4, 1, 32768, 512) with { EmbeddingScale = 34 },
        [nameof(PublishedConfigs.Gemma3With270M)] = Gemma3(262144, 640, 2048, 18, 4, 1, 32768, 512) with { EmbeddingScale = 25.25 },
        [nameof(PublishedConfigs.Gemma34B)] = Gemma3(262208, 2560, 10240, 34, 8, 4, 131072, 1024) with
        {
            EmbeddingScale = 50.5,
            Rope = new() { Theta = 1e6, Scaling = new() { Kind = RotaryScalingKind.Linear, Factor = 8 } },
        },
        [nameof(PublishedConfigs.Falcon7B)] = Falcon(65024, 4544, 32, 71, 1) with { Layout = BlockLayout.ParallelOneNorm },
        [nameof(PublishedConfigs.Falcon40B)] = Falcon(65024, 8192, 60, 128, 8) with { Layout = BlockLayout.ParallelTwoNorms },
        [nameof(PublishedConfigs.Falcon11B)] = Falcon(65024, 4096, 60, 32, 8) with
        {
            Layout = BlockLayout.ParallelOneNorm,
            MaxPositions = 8192,
            Rope = new() { Theta = 5_000_042 },
            TiedEmbeddings = false,
        },
        [nameof(PublishedConfigs.FalconRw1B)] = Falcon(50304, 2048, 24, 32, 32) with
        {
            Positions = PositionKind.Alibi,
            Alibi = new() { BeforeScaling = true, SlopesInBFloat16 = true },
            QueryKeyValueBias = true,
            AttentionOutputBias = true,
            MlpBias = true,
        },
        [nameof(PublishedConfigs.Bloom560M)] = Falcon(250880, 1024, 24, 16, 16) with
        {
            Family = "bloom",
            EmbeddingNorm = true,
            Positions = PositionKind.Alibi,
            Alibi = new(),
            QueryKeyValueBias = true,
            AttentionOutputBias = true,
            MlpBias = true,
            Activation = Activation.GeluTanh,
        },
        [nameof(PublishedConfigs.Gpt2)] = Falcon(50257, 768, 12, 12, 12) with
        {
            Family = "gpt2",
            MaxPositions = 1024,
            Positions = PositionKind.Learned,
            QueryKeyValueBias = true,
            AttentionOutputBias = true,
            MlpBias = true,
            Activation = Activation.GeluTanh,
        },
    };

    public static TheoryData<string> Names { get; } = new(PublishedConfigs.All.Select(c => c.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void ReadDescription_PublishedConfig_GivesItsArchitecture(string name)
    {
        DecoderDescription description = Parse(PublishedConfigs.All.First(c => c.Name == name).Json);
        Assert.Equal(Expected[name], description);
        description.Validate();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Locate_PublishedConfig_CoversEveryWeightExactlyOnce(string name)
    {
        DecoderDescription description = Parse(PublishedConfigs.All.First(c => c.Name == name).Json);
        ModelFamily family = ModelFamily.Of(description);
        IReadOnlyList<TensorSource> sources = family.Locate(description);
        Assert.Equal(description.Tensors().Select(t => (t.Tensor, t.Layer)), sources.Select(s => (s.Tensor, s.Layer)));
        Dictionary<(DecoderTensor, int), ValueList<int>> shapes = description.Tensors().ToDictionary(t => (t.Tensor, t.Layer), t => t.Shape);
        foreach (IGrouping<string, TensorSource> tensor in sources.GroupBy(s => s.Name))
        {
            ValueList<int> shape = Assert.Single(tensor.Select(s => s.Shape).Distinct());
            int rows = tensor.First().Transposed ? shape[1] : shape[0], columns = shape.Count == 1 ? 1 : tensor.First().Transposed ? shape[0] : shape[1];
            bool[] taken = new bool[rows];
            foreach (TensorSource source in tensor)
            {
                ValueList<int> wanted = shapes[(source.Tensor, source.Layer)];
                Assert.Equal(wanted.Count == 1 ? 1 : wanted[1], columns);
                int count = 0;
                foreach (RowRange range in source.Rows.Count == 0 ? [new RowRange(0, rows)] : source.Rows)
                {
                    count += range.Count;
                    for (int row = range.Begin; row < range.Begin + range.Count; row++)
                    {
                        Assert.True(!taken[row], tensor.Key);
                        taken[row] = true;
                    }
                }

                Assert.Equal(wanted[0], count);
            }

            Assert.DoesNotContain(false, taken);
        }
    }

    [Fact]
    public void All_Configs_ReachEveryFamily() => Assert.Equal(
        ModelFamily.All.Select(f => f.Name).Order(), PublishedConfigs.All.Select(c => Parse(c.Json).Family).Distinct().Order());

    internal static DecoderDescription Parse(string json) => ModelFamily.ReadDescription(JsonConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json"));

    private static DecoderDescription Sizes(
        string family, int vocabulary, int hidden, int intermediate, int layers, int heads, int groups, int headSize, int positions) => new()
        {
            Family = family,
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            IntermediateSize = intermediate,
            LayerCount = layers,
            HeadCount = heads,
            KeyValueHeadCount = groups,
            HeadSize = headSize,
            MaxPositions = positions,
            NormEpsilon = 1e-5,
        };

    private static RotaryDescription Llama3(double factor) => new()
    {
        Theta = 500_000,
        Scaling = new() { Kind = RotaryScalingKind.Llama3, Factor = factor, OriginalMaxPositions = 8192, LowFrequencyFactor = 1, HighFrequencyFactor = 4 },
    };

    private static DecoderDescription Qwen2(int vocabulary, int hidden, int intermediate, int layers, int heads, int groups, int positions) =>
        Sizes("qwen2", vocabulary, hidden, intermediate, layers, heads, groups, hidden / heads, positions) with
        {
            NormEpsilon = 1e-6,
            Rope = new() { Theta = 1e6 },
            QueryKeyValueBias = true,
        };

    private static DecoderDescription ChatGlm(int vocabulary, int layers, int positions, double theta) =>
        Sizes("chatglm", vocabulary, 4096, 13696, layers, 32, 2, 128, positions) with
        {
            Rope = new() { Theta = theta, Dimensions = 64, Interleaved = true },
            QueryKeyValueBias = true,
        };

    private static DecoderDescription Gemma(string family, int vocabulary, int hidden, int intermediate, int layers, int heads, int groups, int positions) =>
        Sizes(family, vocabulary, hidden, intermediate, layers, heads, groups, 256, positions) with
        {
            Norm = NormKind.RootMeanSquarePlusOne,
            NormEpsilon = 1e-6,
            Activation = Activation.GeluTanh,
            TiedEmbeddings = true,
        };

    private static DecoderDescription Gemma3(int vocabulary, int hidden, int intermediate, int layers, int heads, int groups, int positions, int window) =>
        Gemma("gemma3", vocabulary, hidden, intermediate, layers, heads, groups, positions) with
        {
            Layout = BlockLayout.Sandwich,
            QueryKeyNorm = true,
            Rope = new() { Theta = 1e6 },
            LocalRope = new(),
            AttentionScale = 1 / 16.0,
            Window = window,
            WindowedLayers = ValueList.Create<int>([.. Enumerable.Range(0, layers).Where(i => i % 6 != 5)]),
        };

    private static DecoderDescription Falcon(int vocabulary, int hidden, int layers, int heads, int groups) =>
        Sizes("falcon", vocabulary, hidden, 4 * hidden, layers, heads, groups, hidden / heads, 2048) with
        {
            Norm = NormKind.LayerNorm,
            GatedMlp = false,
            Activation = Activation.Gelu,
            TiedEmbeddings = true,
        };
}
