namespace OpenLedger.Lora.Kernels;

/// <summary>How many threads one product may use.</summary>
internal readonly record struct WorkerLimit(int MaxThreads)
{
    /// <summary>
    /// Multiply-adds that are worth a thread: some 3 µs of one core, against less than 1 µs to hand a job to a helper that is awake.
    /// </summary>
    public const long MultiplyAddsPerPart = 1 << 17;

    public static WorkerLimit Single => new(1);

    /// <summary>Number of parts to cut a job into: 1 unless every part is worth a thread.</summary>
    public int PartsFor(long multiplyAdds, int maxParts) =>
        (int)Math.Clamp(multiplyAdds / MultiplyAddsPerPart, 1, Math.Min(Math.Max(1, MaxThreads), maxParts));
}
