using System.Text.Json;
using OpenLedger.Attribution.Gradients;
using OpenLedger.Attribution.Influence;
using OpenLedger.Attribution.Tests.Reference;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Testing;
using TorchSharp;

namespace OpenLedger.Attribution.Tests.Gradients;

public sealed class LoraGradientsTests
{
    /// <summary>Two float32 computations of one gradient in different order, relative to its largest element.</summary>
    private const double Rounding = 1e-5;

    /// <summary>Stated with the golden gradients, which are exact float64.</summary>
    private const double Golden = 1e-3;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public void Compute_AnyBatchSize_EqualsOneBackwardPerExample(int batchSize)
    {
        using TinyAdaptedModel tiny = new();
        TrainingExample[] examples = tiny.Examples(7);

        GradientMatrix gradients = new LoraGradients(tiny.Model, tiny.Adapter, batchSize).Compute(examples);

        Assert.Equal(7, gradients.SampleCount);
        for (int i = 0; i < examples.Length; i++)
        {
            AssertClose(SlowLoraGradients.Of(tiny.Model, tiny.Adapter, examples[i]), gradients.Row(i), Rounding);
        }
    }

    [Fact]
    public void Compute_WithGradientsSwitchedOff_StillWorks()
    {
        using TinyAdaptedModel tiny = new();
        TrainingExample[] examples = tiny.Examples(2);
        LoraGradients gradients = new(tiny.Model, tiny.Adapter);
        using IDisposable off = torch.no_grad();

        Assert.Contains(gradients.Compute(examples).Row(1).ToArray(), v => v != 0);
    }

    [Fact]
    public void Layout_Any_NamesEveryFactorInOrder()
    {
        using TinyAdaptedModel tiny = new();
        GradientLayout layout = new LoraGradients(tiny.Model, tiny.Adapter).Layout;

        Assert.Equal(28, layout.Blocks.Count);
        Assert.Equal(new GradientBlock("model.layers.0.mlp.down_proj.lora_A.weight", 0, 3 * 28), layout.Blocks[0]);
        Assert.Equal(new GradientBlock("model.layers.0.mlp.down_proj.lora_B.weight", 3 * 28, 20 * 3), layout.Blocks[1]);
        Assert.Equal(tiny.Adapter.Pairs.Values.Sum(p => p.A.numel() + p.B.numel()), layout.ParameterCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public void ComputeMeans_RecordsOverBatches_IsTheMeanOfEachRecordsExamples(int batchSize)
    {
        using TinyAdaptedModel tiny = new();
        TrainingExample[] examples = tiny.Examples(6);
        IReadOnlyList<TrainingExample>[] records = [examples[..3], examples[3..4], examples[4..]];

        GradientMatrix means = new LoraGradients(tiny.Model, tiny.Adapter, batchSize).ComputeMeans(records);

        for (int record = 0; record < records.Length; record++)
        {
            float[][] each = [.. records[record].Select(example => SlowLoraGradients.Of(tiny.Model, tiny.Adapter, example))];
            float[] mean = [.. Enumerable.Range(0, means.ParameterCount).Select(k => (float)each.Average(g => (double)g[k]))];
            AssertClose(mean, means.Row(record), Rounding);
        }
    }

    [Fact]
    public void Compute_RealModel_GivesTheGoldenGradientsAndInfluence()
    {
        string folder = RealData.Require("attribution-golden/datainf_grammars");
        using TorchDecoder model = TorchDecoder.Load(RealData.Require("models/stories260K/hf"));
        using TorchLora adapter = TorchLora.From(LoraAdapter.Load(folder));
        GoldenTensors golden = new(Path.Combine(folder, "golden.safetensors"));
        LoraGradients gradients = new(model, adapter);

        GradientMatrix train = gradients.Compute(Read(Path.Combine(folder, "train.jsonl"))), test = gradients.Compute(Read(Path.Combine(folder, "test.jsonl")));

        Assert.Equal((60, 10, 4), (train.SampleCount, test.SampleCount, gradients.Layout.Blocks.Count));
        for (int block = 0; block < gradients.Layout.Blocks.Count; block++)
        {
            string name = gradients.Layout.Blocks[block].Name[..^".weight".Length];
            AssertGolden(golden.Values("train." + name), train, block);
            AssertGolden(golden.Values("test." + name), test, block);
        }

        // The published sign is minus ours.
        double[] published = [.. golden.Values("influence.proposed").Select(v => -v)];
        InfluenceScores scores = new DataInfInfluence().Score(train, test);
        double[] ours = [.. Enumerable.Range(0, 10).SelectMany(q => scores.Query(q).ToArray())];
        Assert.InRange(Samples.Correlation(published, ours), 0.99999, 1.00001);
    }

    [Fact]
    public void Constructor_AdapterThatDoesNotFit_IsRefused()
    {
        // TorchSharp would end the process, in matmul or for a leaf that no loss depends on.
        using TinyAdaptedModel tiny = new();
        void Refused(string module, torch.Tensor a, torch.Tensor b)
        {
            using TorchLora adapter = new();
            adapter.Add(module, new TorchLoraPair(a, b, 1));
            Assert.Contains(module, Assert.Throws<ArgumentException>(() => new LoraGradients(tiny.Model, adapter)).Message, StringComparison.Ordinal);
        }

        Refused("model.layers.9.self_attn.q_proj", torch.zeros(2, 20), torch.zeros(24, 2));
        Refused("model.layers.0.self_attn.q_proj", torch.zeros(2, 21), torch.zeros(24, 2));
        Refused("model.layers.0.self_attn.q_proj", torch.zeros(4, 2, 20), torch.zeros(4, 24, 2));
        using TorchLora empty = new();
        Assert.Throws<ArgumentException>(() => new LoraGradients(tiny.Model, empty));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoraGradients(tiny.Model, tiny.Adapter, 0));
    }

    [Fact]
    public void Compute_BadExamples_AreRefused()
    {
        using TinyAdaptedModel tiny = new();
        LoraGradients gradients = new(tiny.Model, tiny.Adapter);

        Assert.Throws<ArgumentException>(() => gradients.Compute([new TrainingExample("x", [1, tiny.Description.VocabularySize], 1)]));
        Assert.Throws<ArgumentException>(() => gradients.Compute([new TrainingExample("x", new int[98], 1)]));
        Assert.Throws<ArgumentException>(() => gradients.Compute([new TrainingExample("x", [1], 1)]));
        Assert.Throws<ArgumentException>(() => gradients.ComputeMeans([tiny.Examples(1), []]));
        Assert.Throws<OperationCanceledException>(() => gradients.Compute(tiny.Examples(1), new CancellationToken(canceled: true)));
        Assert.Equal(0, gradients.Compute([]).SampleCount);
    }

    private static void AssertClose(float[] expected, ReadOnlySpan<float> actual, double tolerance) => Assert.InRange(
        Samples.RelativeError([.. expected.Select(v => (double)v)], [.. actual.ToArray().Select(v => (double)v)]), 0, tolerance);

    private static void AssertGolden(double[] expected, GradientMatrix gradients, int block)
    {
        int length = gradients.Layout.Blocks[block].Length;
        for (int sample = 0; sample < gradients.SampleCount; sample++)
        {
            double[] row = expected[(sample * length)..((sample + 1) * length)];
            Assert.InRange(Samples.RelativeError(row, [.. gradients.Row(sample, block).ToArray().Select(v => (double)v)]), 0, Golden);
        }
    }

    private static TrainingExample[] Read(string path) => [.. File.ReadLines(path).Select(line =>
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return new TrainingExample("sample", [.. json.RootElement.GetProperty("ids").EnumerateArray().Select(e => e.GetInt32())], 1);
    })];
}
