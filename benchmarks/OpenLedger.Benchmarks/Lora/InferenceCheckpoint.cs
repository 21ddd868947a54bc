using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>Writes weights as a checkpoint in Hugging Face layout.</summary>
internal static class InferenceCheckpoint
{
    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c>.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="weights">What to write.</param>
    /// <param name="matrices">What matrices are stored as; the embedding and gains of norms stay in single precision.</param>
    /// <returns>The path of the weights.</returns>
    public static string Write(string folder, InferenceWeights weights, SafetensorsDataType matrices)
    {
        DecoderDescription description = weights.Shape.Describe();
        LlamaFamily.WriteConfig(Path.Combine(folder, "config.json"), description);
        string file = Path.Combine(folder, "model.safetensors");
        SafetensorsWriter.Write(file, ModelFamily.ExpectedTensors(description).Select(tensor => new SafetensorsTensor
        {
            Name = tensor.Name,
            Shape = tensor.Shape,
            Values = weights.Tensors[tensor.Name],
            DataType = tensor.Shape.Count == 1 || tensor.Name == LlamaTensorNames.Embedding ? SafetensorsDataType.F32 : matrices,
        }));
        return file;
    }
}
