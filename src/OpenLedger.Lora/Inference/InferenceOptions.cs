namespace OpenLedger.Lora.Inference;

/// <summary>How a model computes.</summary>
public sealed record InferenceOptions
{
    /// <summary>
    /// Most threads that one matrix product may use. Products below about 260,000 multiply-adds always run on the calling thread,
    /// where waking a second one costs more than it saves. Results do not depend on this number.
    /// </summary>
    /// <value>The number of logical processors. Use 1 where many sessions decode at once.</value>
    public int MaxThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Whether weights are used in place in the memory-mapped file where their number format and order allow it: <c>F32</c>, <c>BF16</c>,
    /// <c>F16</c>, <c>q8_0</c> and <c>q4_0</c> that are neither transposed nor scattered. Loading then copies nothing and processes share one copy; the file must not be
    /// changed while the model is in use (replacing it is safe).
    /// </summary>
    /// <value><see langword="true"/>; with <see langword="false"/> weights are copied into memory and no file stays open.</value>
    public bool MapWeights { get; init; } = true;

    /// <summary>The number format in which linear layers and the head are kept; what differs from the checkpoint is converted on loading.</summary>
    /// <value><see cref="WeightFormat.Stored"/></value>
    public WeightFormat WeightFormat { get; init; }

    /// <summary>
    /// Whether loading looks for NaN and infinity in the large weights. It reads each weight once, which the first token would do anyway.
    /// Small tensors, and weights that are quantised, are always checked.
    /// </summary>
    /// <value><see langword="true"/>; with <see langword="false"/> a model that is used in place loads at once, and broken weights show as an error of the sampler.</value>
    public bool CheckWeights { get; init; } = true;

    /// <summary>Checks all fields.</summary>
    /// <exception cref="ArgumentException">Lists every fault.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (MaxThreads < 1)
        {
            faults.Add($"{nameof(MaxThreads)} is {MaxThreads}; legal is 1 and up");
        }

        if (!Enum.IsDefined(WeightFormat))
        {
            faults.Add($"{nameof(WeightFormat)} is {(int)WeightFormat}; legal are {string.Join(", ", Enum.GetNames<WeightFormat>())}");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"The inference options are invalid:\n  - {string.Join("\n  - ", faults)}");
        }
    }
}
