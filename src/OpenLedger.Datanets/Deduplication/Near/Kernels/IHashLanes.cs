namespace OpenLedger.Datanets.Deduplication.Near.Kernels;

/// <summary>What the MinHash loop needs of a register, so that one loop serves every width; the JIT compiles it once per width, without calls.</summary>
/// <typeparam name="TVector">The register, an even number of 32-bit lanes.</typeparam>
internal interface IHashLanes<TVector>
    where TVector : struct
{
    /// <summary>32-bit lanes per register.</summary>
    static abstract int Count { get; }

    static abstract TVector AllOnes { get; }

    /// <summary>The low half of <paramref name="hash"/> in the even lanes, its high half in the odd ones.</summary>
    static abstract TVector Broadcast(ulong hash);

    static abstract TVector Load(ReadOnlySpan<uint> source);

    static abstract void Store(TVector value, Span<uint> destination);

    /// <summary><c>min(minimum, (hash ^ mask) · multiplier mod 2^32)</c>, unsigned, per lane.</summary>
    static abstract TVector Step(TVector minimum, TVector hash, TVector mask, TVector multiplier);
}
