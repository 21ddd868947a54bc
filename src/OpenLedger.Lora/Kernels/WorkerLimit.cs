namespace OpenLedger.Lora.Kernels;

/// <summary>How many threads one product may use.</summary>
internal readonly record struct WorkerLimit(int MaxThreads)
{
    /// <summary>
    /// Multiply-adds that are worth waking a thread for: about 50 µs of one core, against some 5 µs to hand work to the pool.
    /// </summary>
    public const long MultiplyAddsPerPart = 1 << 20;

    public static WorkerLimit Single => new(1);

    /// <summary>Number of parts to cut a job into: 1 unless every part is worth a thread.</summary>
    public int PartsFor(long multiplyAdds, int maxParts) =>
        (int)Math.Clamp(multiplyAdds / MultiplyAddsPerPart, 1, Math.Min(Math.Max(1, MaxThreads), maxParts));
}
