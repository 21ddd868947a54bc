using OpenLedger.Lora.Models;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>Seeded random weights of a shape, in Hugging Face order. The same seed gives the same weights whatever they are stored as.</summary>
internal sealed class InferenceWeights
{
    private readonly Dictionary<string, ReadOnlyMemory<float>> _tensors = [];

    public InferenceWeights(InferenceShape shape, ulong seed = 1)
    {
        Shape = shape;
        foreach (TensorSpecification tensor in ModelFamily.ExpectedTensors(shape.Describe()))
        {
            float[] values = new float[tensor.Shape.Aggregate(1, (product, extent) => product * extent)];
            if (tensor.Shape.Count == 1)
            {
                Array.Fill(values, 1f); // gains of norms
            }
            else
            {
                // Deviation 1 / sqrt(in) keeps activations of unit size, 1 for embeddings.
                double deviation = tensor.Name == LlamaTensorNames.Embedding ? 1 : 1 / Math.Sqrt(tensor.Shape[1]);
                FillUniform(values, seed ^ Hash(tensor.Name), (float)(deviation * Math.Sqrt(3)));
            }

            _tensors.Add(tensor.Name, values);
        }
    }

    public InferenceShape Shape { get; }

    public IReadOnlyDictionary<string, ReadOnlyMemory<float>> Tensors => _tensors;

    /// <summary>FNV-1a, so that a tensor's weights depend on its name and not on the order of tensors.</summary>
    private static ulong Hash(string name) => name.Aggregate(0xCBF29CE484222325, (hash, letter) => (hash ^ letter) * 0x100000001B3);

    /// <summary>Uniform in ±bound from a counter through the SplitMix64 finaliser.</summary>
    private static void FillUniform(Span<float> values, ulong seed, float bound)
    {
        ulong state = seed * 0x9E3779B97F4A7C15;
        for (int i = 0; i < values.Length; i++)
        {
            state += 0x9E3779B97F4A7C15;
            ulong bits = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            values[i] = bound * (((bits >> 40) * (2f / (1 << 24))) - 1);
        }
    }
}
