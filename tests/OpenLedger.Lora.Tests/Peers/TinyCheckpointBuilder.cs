using OpenLedger.Lora.Gguf;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Tests.Peers;

/// <summary>Draws weights and files each of them under both names.</summary>
/// <remarks>
/// A tensor's values follow from the name of the checkpoint and its own Hugging Face name alone: a 32-bit FNV-1a hash of
/// <c>checkpoint/tensor</c> starts the generator <c>s = s * 1664525 + 1013904223</c> (mod 2^32), and each value is
/// <c>((s >> 8) - 2^23) / 2^23 * scale</c> in fp32, plus 1 for norms.
/// </remarks>
internal sealed class TinyCheckpointBuilder
{
    private readonly List<SafetensorsTensor> _tensors = [];
    private readonly List<KeyValuePair<string, object>> _metadata = [];
    private readonly List<GgufTensor> _ggufTensors = [];
    private readonly string _name;
    private readonly string _architecture;

    public TinyCheckpointBuilder(string name, string architecture)
    {
        _name = name;
        _architecture = architecture;
        _metadata.Add(new("general.architecture", architecture));
        _metadata.Add(new("general.name", "tiny " + name));
    }

    /// <summary>A matrix <c>[rows, columns]</c> whose outputs have about <paramref name="gain"/> times the spread of its inputs.</summary>
    public float[] Matrix(string name, int rows, int columns, float gain = 1) =>
        Tensor(name, [rows, columns], 0, gain * MathF.Sqrt(3f / columns));

    public float[] Embedding(string name, int rows, int columns) => Tensor(name, [rows, columns], 0, 1);

    /// <summary>Weights of a norm: around one, or around zero where the model adds the one itself.</summary>
    public float[] Norm(string name, int length, bool aroundZero = false) => Tensor(name, [length], aroundZero ? 0 : 1, 0.3f);

    public float[] Bias(string name, int length) => Tensor(name, [length], 0, 0.3f);

    /// <summary>Files values under a name of llama.cpp only.</summary>
    public void Gguf(string name, float[] values, params int[] shape) =>
        _ggufTensors.Add(new GgufTensor { Name = name, Shape = shape.Length == 0 ? [values.Length] : shape, Values = values });

    /// <summary>An entry below the name of the architecture.</summary>
    public void Set(string key, object value) => _metadata.Add(new($"{_architecture}.{key}", value));

    public TinyCheckpoint Build(string config, bool exactGelu = false, params (string Key, object Value)[] probes)
    {
        _metadata.Add(new($"{_architecture}.vocab_size", (uint)TinyCheckpoint.Vocabulary));
        _metadata.Add(new("tokenizer.ggml.model", "none"));
        return new TinyCheckpoint
        {
            Name = _name,
            Config = config,
            Tensors = _tensors,
            Metadata = _metadata,
            GgufTensors = _ggufTensors,
            ExactGelu = exactGelu,
            Probes = [.. probes.Select(p => new KeyValuePair<string, object>($"{_architecture}.{p.Key}", p.Value))],
        };
    }

    private float[] Tensor(string name, int[] shape, float center, float scale)
    {
        float[] values = new float[shape.Aggregate(1, (a, b) => a * b)];
        uint state = 2166136261;
        foreach (char letter in $"{_name}/{name}")
        {
            state = unchecked((state ^ letter) * 16777619);
        }

        for (int i = 0; i < values.Length; i++)
        {
            state = unchecked((state * 1664525) + 1013904223);
            values[i] = center + (((int)(state >> 8) - 8388608) / 8388608f * scale);
        }

        _tensors.Add(new SafetensorsTensor { Name = name, Shape = shape, Values = values });
        return values;
    }
}
