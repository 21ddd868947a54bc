namespace OpenLedger.Benchmarks.Lora;

/// <summary>A model that runs: this package's, or the peer's. All of them compute logits as the last step of every call.</summary>
internal interface IInferenceRunner : IDisposable
{
    /// <summary>Forgets everything, reads a prompt into the first sequence and gives the logits after it.</summary>
    ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens);

    /// <summary>Appends one token to the first sequence and gives the logits after it.</summary>
    ReadOnlySpan<float> Decode(int token);

    /// <summary>Begins as many empty sequences as the next <see cref="DecodeRows"/> calls have tokens.</summary>
    void BeginRows(int count);

    /// <summary>Appends one token to each of the sequences in one step and gives the logits of the last.</summary>
    ReadOnlySpan<float> DecodeRows(scoped ReadOnlySpan<int> tokens);

    /// <summary>Stops what would otherwise still spin on a core when another runner is measured.</summary>
    void Rest();
}
