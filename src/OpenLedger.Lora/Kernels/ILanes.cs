namespace OpenLedger.Lora.Kernels;

/// <summary>
/// The few vector operations the kernels need, so that one loop serves every register width. Implementations are empty structs: the
/// JIT compiles each kernel once per width, without calls.
/// </summary>
/// <typeparam name="TVector">The register: <see cref="System.Runtime.Intrinsics.Vector512{T}"/> and smaller, or a plain float.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Floats per register; a power of two.</summary>
    static abstract int Count { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Broadcast(float value);

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* destination);

    /// <summary><c>a · b + c</c>, fused where the machine fuses.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>Keeps the last <paramref name="count"/> lanes and zeroes the others.</summary>
    static abstract TVector KeepLast(TVector value, int count);

    /// <summary>Sum of all lanes, in an order that depends on the width only.</summary>
    static abstract float Sum(TVector value);
}
