using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Tests.Reference;

namespace OpenLedger.Lora.Tests.Inference;

/// <summary>Every flag of a description, alone and in random combinations, against the decoder in double.</summary>
public class DescriptionFlagsTests
{
    /// <summary>Twenty times what float32 rounding gives on these sizes; any wrong term gives over 1e-2.</summary>
    private const double Tolerance = 3e-4;

    /// <summary>What a flag must move the logits by, or its test proves nothing.</summary>
    private const double LeastEffect = 1e-2;

    private static readonly DecoderDescription Plain = RandomDecoder.Llama;

    private static readonly Dictionary<string, DecoderDescription> Flags = new()
    {
        ["plain"] = Plain,
        ["gain plus one"] = Plain with { Norm = NormKind.RootMeanSquarePlusOne },
        ["layer norm"] = Plain with { Norm = NormKind.LayerNorm },
        ["parallel, one norm"] = Plain with { Layout = BlockLayout.ParallelOneNorm },
        ["parallel, two norms"] = Plain with { Layout = BlockLayout.ParallelTwoNorms },
        ["sandwich"] = Plain with { Layout = BlockLayout.Sandwich },
        ["sandwich, layer norm"] = Plain with { Layout = BlockLayout.Sandwich, Norm = NormKind.LayerNorm },
        ["normed residual"] = Plain with { Layout = BlockLayout.NormedResidual, ResidualScale = 2.5, Norm = NormKind.LayerNorm },
        ["embedding norm"] = Plain with { EmbeddingNorm = true },
        ["embedding layer norm"] = Plain with { EmbeddingNorm = true, Norm = NormKind.LayerNorm },
        ["embedding scale"] = Plain with { EmbeddingScale = 6 },
        ["learned positions"] = Plain with { Positions = PositionKind.Learned },
        ["learned positions, scaled and normed embedding"] = Plain with { Positions = PositionKind.Learned, EmbeddingScale = 3, EmbeddingNorm = true },
        ["partial"] = Plain with { Rope = new() { Dimensions = 6 } },
        ["interleaved"] = Plain with { Rope = new() { Interleaved = true } },
        ["partial, interleaved"] = Plain with { Rope = new() { Dimensions = 4, Interleaved = true } },
        ["linear"] = Scaled(new() { Kind = RotaryScalingKind.Linear, Factor = 4 }),
        ["dynamic, short"] = Scaled(new() { Kind = RotaryScalingKind.Dynamic, Factor = 2, OriginalMaxPositions = 200 }),
        ["dynamic, long"] = Scaled(new() { Kind = RotaryScalingKind.Dynamic, Factor = 2, OriginalMaxPositions = 20 }),
        ["llama3"] = Scaled(new() { Kind = RotaryScalingKind.Llama3, Factor = 8, OriginalMaxPositions = 64, LowFrequencyFactor = 1, HighFrequencyFactor = 4 }),
        ["yarn"] = Scaled(new() { Kind = RotaryScalingKind.Yarn, Factor = 4, OriginalMaxPositions = 128, BetaFast = 8, BetaSlow = 1 }),
        ["yarn, own temperature"] = Scaled(new() { Kind = RotaryScalingKind.Yarn, Factor = 4, OriginalMaxPositions = 128, BetaFast = 8, BetaSlow = 1, AttentionFactor = 1.4 }),
        ["longrope, short"] = Scaled(LongRope(200)),
        ["longrope, long"] = Scaled(LongRope(20)),
        ["local rope"] = Plain with { Window = 9, WindowedLayers = [0, 2], LocalRope = new() { Theta = 100, Interleaved = true } },
        ["alibi"] = Plain with { Positions = PositionKind.Alibi, Alibi = new() },
        ["alibi before scaling"] = Plain with { Positions = PositionKind.Alibi, Alibi = new() { BeforeScaling = true, SlopesInBFloat16 = true } },
        ["two dimensions"] = Plain with { Positions = PositionKind.RotaryInTwoDimensions },
        ["two dimensions, partial"] = Plain with { Positions = PositionKind.RotaryInTwoDimensions, Rope = new() { Dimensions = 4, Interleaved = true } },
        ["window"] = Plain with { Window = 7 },
        ["window of one"] = Plain with { Window = 1 },
        ["window in some layers"] = Plain with { Window = 5, WindowedLayers = [1] },
        ["attention scale"] = Plain with { AttentionScale = 0.9 },
        ["attention cap"] = Plain with { AttentionSoftCap = 0.4 },
        ["attention cap, alibi"] = Plain with { AttentionSoftCap = 0.4, Positions = PositionKind.Alibi, Alibi = new() },
        ["logit cap"] = Plain with { LogitSoftCap = 2 },
        ["query and key norm"] = Plain with { QueryKeyNorm = true },
        ["query and key norm plus one"] = Plain with { QueryKeyNorm = true, Norm = NormKind.RootMeanSquarePlusOne },
        ["query, key and value bias"] = Plain with { QueryKeyValueBias = true },
        ["output bias"] = Plain with { AttentionOutputBias = true },
        ["mlp bias"] = Plain with { MlpBias = true },
        ["ungated"] = Plain with { GatedMlp = false },
        ["ungated with bias"] = Plain with { GatedMlp = false, MlpBias = true },
        ["gelu tanh"] = Plain with { Activation = Activation.GeluTanh },
        ["gelu"] = Plain with { Activation = Activation.Gelu },
        ["ungated gelu"] = Plain with { Activation = Activation.Gelu, GatedMlp = false },
        ["tied"] = Plain with { TiedEmbeddings = true },
        ["many heads, one key head"] = Plain with { HeadCount = 35, KeyValueHeadCount = 1, HeadSize = 4 },
    };

    public static TheoryData<string> FlagNames { get; } = [.. Flags.Keys];

    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(FlagNames))]
    public void ComputeLogits_OneFlag_EqualsTheReferenceAndMatters(string name)
    {
        RandomDecoder random = new(Flags[name]);
        int[] tokens = random.RandomTokens(45);
        double[][] expected = random.Reference.Logits(tokens);
        AssertClose(expected, random.Model.ComputeLogits(tokens));

        if (name is not ("plain" or "dynamic, short"))
        {
            double[][] plain = new ReferenceDecoder(Plain, new RandomDecoder(Plain).Weight).Logits(tokens);
            double effect = expected.SelectMany((row, t) => row.Select((l, i) => Math.Abs(l - plain[t][i]))).Max();
            Assert.True(effect > LeastEffect, $"the flag moves the logits by {effect:E1} only");
        }
    }

    [Theory]
    [MemberData(nameof(FlagNames))]
    public void Decode_OneFlag_PiecesEqualTheWhole(string name) => AssertPiecesEqualTheWhole(Flags[name]);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ComputeLogits_RandomCombination_EqualsTheReference(int seed)
    {
        DecoderDescription description = Combination(seed);
        RandomDecoder random = new(description, seed);
        TestContext.Current.TestOutputHelper?.WriteLine(description.ToString());
        int[] tokens = random.RandomTokens(40, seed);
        AssertClose(random.Reference.Logits(tokens), random.Model.ComputeLogits(tokens));
        AssertPiecesEqualTheWhole(description);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ComputeLogits_RandomCombinationWithAdapter_EqualsTheReferenceMergedAndUnmerged(int seed)
    {
        RandomDecoder random = new(Combination(seed), seed);
        LoraAdapter adapter = random.RandomAdapter();
        int[] tokens = random.RandomTokens(25, seed);
        double[][] expected = new ReferenceDecoder(
            random.Description, random.Weight, (layer, linear) => adapter.Modules[LlamaTensorNames.Module(layer, linear)]).Logits(tokens);
        AssertClose(expected, random.Model.ComputeLogits(tokens, adapter));
        AssertClose(expected, random.Model.Merge(adapter).ComputeLogits(tokens));
    }

    [Fact]
    public void ComputeLogits_PromptThatSeesItselfLongerThanABlock_EqualsTheReferenceWithAdapter()
    {
        RandomDecoder random = new(Plain with { Positions = PositionKind.RotaryInTwoDimensions, LayerCount = 1, MlpBias = true });
        LoraAdapter adapter = random.RandomAdapter();
        int[] tokens = random.RandomTokens(PassScratch.MlpRows + 20);
        double[][] expected = new ReferenceDecoder(
            random.Description, random.Weight, (layer, linear) => adapter.Modules[LlamaTensorNames.Module(layer, linear)]).Logits(tokens);
        AssertClose(expected, random.Model.ComputeLogits(tokens, adapter));
    }

    [Fact]
    public void ComputeLogits_AdapterWhoseLayersShareTheMemoryOfA_EqualsTheReference()
    {
        RandomDecoder random = new(Plain);
        LoraConfig config = new() { TargetModules = TargetModules.Named("q_proj"), Rank = 2, Alpha = 2 };
        float[] shared = TinyLlama.RandomArray(new Random(9), 2 * 36, 0, 0.3);
        LoraAdapter adapter = new(
            config,
            Enumerable.Range(0, 3).Select(layer => new LoraModule(
                LlamaTensorNames.Module(layer, DecoderLinear.Query), 2, 36, 72, 1, shared, TinyLlama.RandomArray(new Random(layer), 72 * 2, 0, 0.3))));
        int[] tokens = random.RandomTokens(15);
        double[][] expected = new ReferenceDecoder(
            random.Description, random.Weight, (layer, linear) => adapter.Modules.GetValueOrDefault(LlamaTensorNames.Module(layer, linear))).Logits(tokens);
        AssertClose(expected, random.Model.ComputeLogits(tokens, adapter));
    }

    /// <summary>A prompt, pieces of many lengths, single tokens, a rewind: all give the logits of the reference on the whole.</summary>
    private static void AssertPiecesEqualTheWhole(DecoderDescription description)
    {
        // Lengths at which the cache adds pages and the prompt fills several blocks.
        int[] pieces = [70, 1, 1, 3, 62, 1, 140, 1];
        RandomDecoder random = new(description with { LayerCount = 2, WindowedLayers = [.. description.WindowedLayers.Where(l => l < 2)] });
        int[] tokens = random.RandomTokens(pieces.Sum());
        double[][] expected = random.Reference.Logits(tokens[..(70 + 1 + 1 + 3)], prompt: 70);
        DecodeSession session = random.Model.CreateSession();
        DecodeSession whole = random.Model.CreateSession();
        bool grows = new[] { description.Rope, description.LocalRope }.Any(rope => rope is not null && RotaryFrequencies.DependOnLength(rope));
        bool sameWhole = !grows && description.Positions != PositionKind.RotaryInTwoDimensions;
        float[] scored = sameWhole ? random.Model.ComputeLogits(tokens) : [];
        for (int i = 0, at = 0; i < pieces.Length; at += pieces[i++])
        {
            float[] logits = session.Prefill(tokens.AsSpan(at, pieces[i])).ToArray();
            int last = at + pieces[i] - 1;
            if (sameWhole)
            {
                Assert.Equal(scored[(last * 61)..((last + 1) * 61)], logits);
            }

            if (last < expected.Length && (sameWhole || description.Positions == PositionKind.RotaryInTwoDimensions))
            {
                AssertClose([expected[last]], logits);
            }
        }

        float[] again = session.Prefill([5, 6, 7]).ToArray();
        session.Rewind(tokens.Length);
        Assert.Equal(again, session.Prefill([5, 6, 7]).ToArray());
    }

    private static DecoderDescription Combination(int seed)
    {
        Random random = new(seed + 1000);
        PositionKind positions = Pick<PositionKind>();
        int headCount = random.Next(1, 4);
        int shared = random.Next(1, 4);
        int headSize = 4 * random.Next(2, 5);
        int whole = positions == PositionKind.RotaryInTwoDimensions ? headSize / 2 : headSize;
        RotaryDescription Rope()
        {
            int dimensions = Flip() ? 2 * random.Next(2, (whole / 2) + 1) : whole;
            RotaryScaling scaling = new()
            {
                Kind = (RotaryScalingKind)random.Next(5),
                Factor = 1.5 + random.NextDouble(),
                OriginalMaxPositions = 150,
                BetaFast = 6,
                ShortFactors = [.. Enumerable.Range(0, dimensions / 2).Select(_ => 1 + random.NextDouble())],
                LongFactors = [.. Enumerable.Range(0, dimensions / 2).Select(_ => 1 + random.NextDouble())],
            };
            return new()
            {
                Theta = 50 + (10_000 * random.NextDouble()),
                Dimensions = dimensions == whole ? null : dimensions,
                Interleaved = Flip(),
                Scaling = Flip() ? scaling : null,
            };
        }

        return new()
        {
            VocabularySize = 61,
            HiddenSize = random.Next(20, 40),
            IntermediateSize = random.Next(20, 60),
            LayerCount = 2,
            HeadCount = headCount * shared,
            KeyValueHeadCount = headCount,
            HeadSize = headSize,
            MaxPositions = 300,
            Norm = Pick<NormKind>(),
            NormEpsilon = 1e-6,
            Layout = Pick<BlockLayout>(),
            ResidualScale = 1 + random.NextDouble(),
            EmbeddingNorm = Flip(),
            EmbeddingScale = Flip() ? 3 : 1,
            Positions = positions,
            Rope = Rope(),
            LocalRope = Flip() ? Rope() : null,
            Alibi = positions == PositionKind.Alibi ? new() { BeforeScaling = Flip(), SlopesInBFloat16 = Flip() } : null,
            Window = Flip() ? random.Next(1, 30) : null,
            WindowedLayers = Flip() ? [random.Next(2)] : [],
            AttentionScale = Flip() ? 0.3 : null,
            AttentionSoftCap = Flip() ? 2 : null,
            LogitSoftCap = Flip() ? 3 : null,
            QueryKeyNorm = Flip(),
            QueryKeyValueBias = Flip(),
            AttentionOutputBias = Flip(),
            MlpBias = Flip(),
            GatedMlp = Flip(),
            Activation = Pick<Activation>(),
            TiedEmbeddings = Flip(),
        };

        bool Flip() => random.Next(2) == 0;
        T Pick<T>()
            where T : struct, Enum => Enum.GetValues<T>()[random.Next(Enum.GetValues<T>().Length)];
    }

    private static DecoderDescription Scaled(RotaryScaling scaling) => Plain with { Rope = new() { Scaling = scaling } };

    private static RotaryScaling LongRope(int trained) => new()
    {
        Kind = RotaryScalingKind.LongRope,
        Factor = 4,
        OriginalMaxPositions = trained,
        ShortFactors = [1, 1.1, 1.2, 1.5, 2, 3],
        LongFactors = [1, 2, 3, 4, 6, 8],
    };

    private static void AssertClose(double[][] expected, float[] actual)
    {
        Assert.Equal(expected.Sum(r => r.Length), actual.Length);
        double scale = Math.Max(1, expected.Max(row => row.Max(Math.Abs)) / 10);
        double largest = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double difference = Math.Abs(expected[i / expected[0].Length][i % expected[0].Length] - actual[i]);
            largest = Math.Max(largest, double.IsNaN(difference) ? double.PositiveInfinity : difference);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"largest difference {largest:E2} of {scale * 10:F1}");
        Assert.True(largest <= Tolerance * scale, $"largest difference {largest:E2} exceeds {Tolerance * scale:E1}");
    }
}
