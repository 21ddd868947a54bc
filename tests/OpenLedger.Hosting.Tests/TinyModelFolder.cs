using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Hosting.Tests;

/// <summary>Writes a random model with a tokenizer that is small enough to load in a moment.</summary>
internal static class TinyModelFolder
{
    public static void Write(string folder, int maxPositions = 200)
    {
        Directory.CreateDirectory(folder);
        BpeTrainer.Train(
            ["what is a datanet", "a datanet is a set of records"],
            new BpeTrainerOptions { VocabularySize = 280, SpecialTokens = ["<|bos|>", "<|user|>", "<|assistant|>", "<|end|>"] }).Save(folder);
        DecoderDescription description = new()
        {
            VocabularySize = 280,
            HiddenSize = 12,
            IntermediateSize = 16,
            LayerCount = 1,
            HeadCount = 2,
            KeyValueHeadCount = 1,
            HeadSize = 6,
            MaxPositions = maxPositions,
            Rope = new() { Theta = 10000 },
            NormEpsilon = 1e-5,
            TiedEmbeddings = true,
        };
        Random random = new(5);
        LlamaFamily.WriteConfig(Path.Combine(folder, "config.json"), description);
        SafetensorsWriter.Write(
            Path.Combine(folder, "model.safetensors"),
            ModelFamily.ExpectedTensors(description).Select(tensor => new SafetensorsTensor
            {
                Name = tensor.Name,
                Shape = tensor.Shape,
                Values = Enumerable.Range(0, tensor.Shape.Aggregate((a, b) => a * b)).Select(_ => (float)(random.NextDouble() - 0.3)).ToArray(),
            }));
    }

    public static void WriteAdapter(string folder, string modelFolder)
    {
        DecoderDescription description = ModelFamily.ReadDescription(Path.Combine(modelFolder, "config.json"));
        LoraConfig config = new() { TargetModules = TargetModules.AllLinear, Rank = 2, Alpha = 4 };
        Random random = new(6);
        List<LoraModule> modules = [];
        foreach (DecoderLinear linear in Enum.GetValues<DecoderLinear>())
        {
            (int outFeatures, int inFeatures) = description.ShapeOf(linear);
            modules.Add(new LoraModule(
                LlamaTensorNames.Module(0, linear), 2, inFeatures, outFeatures, config.ScalingOf(LlamaTensorNames.Module(0, linear)),
                Values(2 * inFeatures), Values(2 * outFeatures)));
        }

        new LoraAdapter(config, modules).Save(folder);

        float[] Values(int length) => [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
