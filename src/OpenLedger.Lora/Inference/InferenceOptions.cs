namespace OpenLedger.Lora.Inference;

/// <summary>How a model computes.</summary>
public sealed record InferenceOptions
{
    /// <summary>
    /// Most threads that one matrix product may use. Products below about a million multiply-adds always run on the calling thread,
    /// where waking a second one costs more than it saves. Results do not depend on this number.
    /// </summary>
    /// <value>The number of logical processors. Use 1 where many sessions decode at once.</value>
    public int MaxThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Whether weights are used in place in the memory-mapped file where their number format and order allow it: <c>F32</c>, <c>BF16</c> and
    /// <c>F16</c> that are neither transposed nor scattered. Loading then copies nothing and processes share one copy; the file must not be
    /// changed while the model is in use (replacing it is safe).
    /// </summary>
    /// <value><see langword="true"/>; with <see langword="false"/> weights are copied into memory and no file stays open.</value>
    public bool MapWeights { get; init; } = true;

    /// <summary>Checks all fields.</summary>
    /// <exception cref="ArgumentException">Lists every fault.</exception>
    public void Validate()
    {
        if (MaxThreads < 1)
        {
            throw new ArgumentException($"{nameof(MaxThreads)} is {MaxThreads}; legal is 1 and up.");
        }
    }
}
