namespace OpenLedger.Lora.Kernels;

/// <summary>A job cut into numbered parts that may run in any order and at once. An object rather than a delegate, so that one can be used again without allocating.</summary>
internal abstract class ParallelWork
{
    /// <summary>Computes one part: arithmetic on memory of the caller. An exception ends the job and reaches its caller.</summary>
    /// <param name="part">0-based.</param>
    public abstract void Execute(int part);
}
