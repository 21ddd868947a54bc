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
    /// Whether weights stored as <c>F32</c> are used in place in the memory-mapped file. Loading is then instant and processes share
    /// one copy; the file must not be changed while the model is in use (replacing it is safe).
    /// </summary>
    /// <value><see langword="false"/>: weights are copied into memory.</value>
    public bool MapWeights { get; init; }

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
