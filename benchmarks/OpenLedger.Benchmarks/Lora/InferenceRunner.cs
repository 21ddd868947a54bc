using OpenLedger.Lora.Inference;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>This package's inference.</summary>
internal sealed class InferenceRunner(CausalLM model) : IInferenceRunner
{
    private readonly DecodeSession _session = model.CreateSession();
    private DecodeBatch _batch = model.CreateBatch();

    /// <summary>Loads a GGUF file and keeps its weights in the formats it stores them in.</summary>
    public static InferenceRunner Load(string path, int threads) => new(CausalLM.Load(path, new InferenceOptions { MaxThreads = threads }));

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
}
