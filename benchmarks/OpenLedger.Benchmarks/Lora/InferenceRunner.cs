using OpenLedger.Lora.Gguf;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>This package's inference.</summary>
internal sealed class InferenceRunner(CausalLM model) : IInferenceRunner
{
    private readonly DecodeSession _session = model.CreateSession();
    private DecodeBatch _batch = model.CreateBatch();

    /// <summary>Loads a checkpoint as people have it, in Hugging Face layout, whose linears are kept in the format of a GGUF file.</summary>
    public static InferenceRunner Create(InferenceWeights weights, GgufTensorType format, int threads)
    {
        string folder = Directory.CreateTempSubdirectory("openledger-benchmarks").FullName;
        try
        {
            InferenceCheckpoint.Write(folder, weights, format == GgufTensorType.BF16 ? SafetensorsDataType.BF16 : SafetensorsDataType.F32);
            return new InferenceRunner(CausalLM.Load(folder, new InferenceOptions { MaxThreads = threads, WeightFormat = FormatOf(format) }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true); // what is mapped stays until the model goes
        }
    }

    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens)
    {
        _session.Rewind(0);
        return _session.Prefill(tokens);
    }

    public ReadOnlySpan<float> Decode(int token) => _session.Decode(token);

    public void BeginRows(int count)
    {
        _batch = model.CreateBatch();
        for (int i = 0; i < count; i++)
        {
            _batch.Add(model.CreateSession());
        }
    }

    public ReadOnlySpan<float> DecodeRows(scoped ReadOnlySpan<int> tokens) =>
        _batch.Decode(tokens)[^model.Description.VocabularySize..];

    public void Rest()
    {
    }

    public void Dispose()
    {
    }

    private static WeightFormat FormatOf(GgufTensorType format) => format switch
    {
        GgufTensorType.F32 or GgufTensorType.BF16 => WeightFormat.Stored,
        GgufTensorType.Q8_0 => WeightFormat.Q8,
        GgufTensorType.Q4_0 => WeightFormat.Q4,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not measured."),
    };
}
