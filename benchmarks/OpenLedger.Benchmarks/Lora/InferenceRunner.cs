using OpenLedger.Lora.Inference;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>This package's inference.</summary>
internal sealed class InferenceRunner(CausalLM model) : IInferenceRunner
{
    private DecodeSession _session = model.CreateSession();

    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens)
    {
        _session.Rewind(0);
        return _session.Prefill(tokens);
    }

    public ReadOnlySpan<float> Decode(int token) => _session.Decode(token);

    public void BeginRows(int count)
    {
        _session = model.CreateSession();
    }

    public ReadOnlySpan<float> DecodeRows(scoped ReadOnlySpan<int> tokens) => throw new NotSupportedException();

    public void Rest()
    {
    }

    public void Dispose()
    {
    }
}
