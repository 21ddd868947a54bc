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

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Max(TVector a, TVector b);

    /// <summary><c>a · b + c</c>, fused where the machine fuses.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>Sum of all lanes, in an order that depends on the width only.</summary>
    static abstract float Sum(TVector value);

    /// <summary>Stores four sums one after the other, each in the order of <see cref="Sum"/>.</summary>
    static abstract void StoreSums(TVector a, TVector b, TVector c, TVector d, float* destination);

    /// <summary>Parts two registers of consecutive floats into those at even and at odd places.</summary>
    static abstract (TVector Even, TVector Odd) Part(TVector first, TVector second);

    /// <summary>Reads twice <see cref="Count"/> bfloat16 values as those at even and those at odd places: without crossing lanes, one operation each.</summary>
    static abstract (TVector Even, TVector Odd) LoadBFloat16(ushort* source);

    /// <summary>The same of IEEE halves.</summary>
    static abstract (TVector Even, TVector Odd) LoadHalf(ushort* source);
}
