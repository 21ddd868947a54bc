using OpenLedger.Lora.Gguf;
using OpenLedger.Lora.Inference;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>This package's inference.</summary>
internal sealed class InferenceRunner(CausalLM model) : IInferenceRunner
{
    private readonly DecodeSession _session = model.CreateSession();
    private DecodeBatch _batch = model.CreateBatch();

    /// <summary>Builds a model whose linears are kept in the format that a GGUF file stores them in.</summary>
    public static InferenceRunner Create(InferenceWeights weights, GgufTensorType format, int threads) => new(CausalLM.FromWeights(
        "random", weights.Shape.Describe(), weights.Tensors, new InferenceOptions { MaxThreads = threads, WeightFormat = FormatOf(format) }));

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
        GgufTensorType.F32 => WeightFormat.Single,
        GgufTensorType.BF16 => WeightFormat.BFloat16,
        GgufTensorType.Q8_0 => WeightFormat.Q8,
        GgufTensorType.Q4_0 => WeightFormat.Q4,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not measured."),
    };
}
