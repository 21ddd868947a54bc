using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace OpenLedger.Datanets.Deduplication.Near.Kernels;

// h = shingles of the text, 64-bit hashes      p = rows (hash functions), a multiple of RowMultiple
//
// Minima_p = min over h of (half(h, p) ^ mask_p) · multiplier_p mod 2^32, half = low 32 bits for even p and high 32 bits for odd p.
//
// Integers only: every width gives the same result. Cost h · p steps of three instructions per register.
/// <summary>The inner loop of MinHash.</summary>
internal static class MinHashKernel
{
    /// <summary>Rows are padded to a multiple of this: the lanes of the widest register.</summary>
    public const int RowMultiple = 16;

    private const int BlockRegisters = 7; // 3 · 7 registers of the 32 that 512-bit machines have; 112 rows are one pass

    /// <summary>Computes the minimum per row; <see cref="uint.MaxValue"/> everywhere when there is no shingle.</summary>
    /// <param name="h">Hashes of the shingles.</param>
    /// <param name="mask_p">Any numbers.</param>
    /// <param name="multiplier_p">Odd numbers.</param>
    /// <param name="destination_p">One minimum per row; overlaps no input.</param>
    public static void Minima(ReadOnlySpan<ulong> h, ReadOnlySpan<uint> mask_p, ReadOnlySpan<uint> multiplier_p, Span<uint> destination_p)
    {
        Debug.Assert(mask_p.Length == multiplier_p.Length && destination_p.Length == mask_p.Length && mask_p.Length % RowMultiple == 0);
        if (Vector512.IsHardwareAccelerated)
        {
            Vectors<Vector512<uint>, HashLanes512>(h, mask_p, multiplier_p, destination_p);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Vectors<Vector256<uint>, HashLanes256>(h, mask_p, multiplier_p, destination_p);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Vectors<Vector128<uint>, HashLanes128>(h, mask_p, multiplier_p, destination_p);
        }
        else
        {
            Scalar(h, mask_p, multiplier_p, destination_p);
        }
    }

    public static void Vectors<TVector, TLanes>(
        ReadOnlySpan<ulong> h, ReadOnlySpan<uint> mask_p, ReadOnlySpan<uint> multiplier_p, Span<uint> destination_p)
        where TVector : struct
        where TLanes : IHashLanes<TVector>
    {
        int p = 0;
        if (TLanes.Count == Vector512<uint>.Count)
        {
            for (; p + (BlockRegisters * TLanes.Count) <= destination_p.Length; p += BlockRegisters * TLanes.Count)
            {
                Block<TVector, TLanes>(h, mask_p[p..], multiplier_p[p..], destination_p[p..]);
            }
        }

        // Four rows of registers: 13 of the 16 that narrower machines have.
        for (; p + (4 * TLanes.Count) <= destination_p.Length; p += 4 * TLanes.Count)
        {
            Quad<TVector, TLanes>(h, mask_p[p..], multiplier_p[p..], destination_p[p..]);
        }

        for (; p < destination_p.Length; p += TLanes.Count)
        {
            TVector mask = TLanes.Load(mask_p[p..]);
            TVector multiplier = TLanes.Load(multiplier_p[p..]);
            TVector minimum = TLanes.AllOnes;
            foreach (ulong hash in h)
            {
                minimum = TLanes.Step(minimum, TLanes.Broadcast(hash), mask, multiplier);
            }

            TLanes.Store(minimum, destination_p[p..]);
        }
    }

    public static void Scalar(ReadOnlySpan<ulong> h, ReadOnlySpan<uint> mask_p, ReadOnlySpan<uint> multiplier_p, Span<uint> destination_p)
    {
        for (int p = 0; p < destination_p.Length; p += 2)
        {
            (uint evenMask, uint oddMask) = (mask_p[p], mask_p[p + 1]);
            (uint evenMultiplier, uint oddMultiplier) = (multiplier_p[p], multiplier_p[p + 1]);
            uint even = uint.MaxValue;
            uint odd = uint.MaxValue;
            unchecked
            {
                foreach (ulong hash in h)
                {
                    even = Math.Min(even, ((uint)hash ^ evenMask) * evenMultiplier);
                    odd = Math.Min(odd, ((uint)(hash >> 32) ^ oddMask) * oddMultiplier);
                }
            }

            destination_p[p] = even;
            destination_p[p + 1] = odd;
        }
    }

    private static void Block<TVector, TLanes>(
        ReadOnlySpan<ulong> h, ReadOnlySpan<uint> mask_p, ReadOnlySpan<uint> multiplier_p, Span<uint> destination_p)
        where TVector : struct
        where TLanes : IHashLanes<TVector>
    {
        int n = TLanes.Count;
        TVector mask0 = TLanes.Load(mask_p);
        TVector mask1 = TLanes.Load(mask_p[n..]);
        TVector mask2 = TLanes.Load(mask_p[(2 * n)..]);
        TVector mask3 = TLanes.Load(mask_p[(3 * n)..]);
        TVector mask4 = TLanes.Load(mask_p[(4 * n)..]);
        TVector mask5 = TLanes.Load(mask_p[(5 * n)..]);
        TVector mask6 = TLanes.Load(mask_p[(6 * n)..]);
        TVector multiplier0 = TLanes.Load(multiplier_p);
        TVector multiplier1 = TLanes.Load(multiplier_p[n..]);
        TVector multiplier2 = TLanes.Load(multiplier_p[(2 * n)..]);
        TVector multiplier3 = TLanes.Load(multiplier_p[(3 * n)..]);
        TVector multiplier4 = TLanes.Load(multiplier_p[(4 * n)..]);
        TVector multiplier5 = TLanes.Load(multiplier_p[(5 * n)..]);
        TVector multiplier6 = TLanes.Load(multiplier_p[(6 * n)..]);
        TVector min0 = TLanes.AllOnes;
        TVector min1 = min0;
        TVector min2 = min0;
        TVector min3 = min0;
        TVector min4 = min0;
        TVector min5 = min0;
        TVector min6 = min0;
        foreach (ulong hash in h)
        {
            TVector pair = TLanes.Broadcast(hash);
            min0 = TLanes.Step(min0, pair, mask0, multiplier0);
            min1 = TLanes.Step(min1, pair, mask1, multiplier1);
            min2 = TLanes.Step(min2, pair, mask2, multiplier2);
            min3 = TLanes.Step(min3, pair, mask3, multiplier3);
            min4 = TLanes.Step(min4, pair, mask4, multiplier4);
            min5 = TLanes.Step(min5, pair, mask5, multiplier5);
            min6 = TLanes.Step(min6, pair, mask6, multiplier6);
        }

        TLanes.Store(min0, destination_p);
        TLanes.Store(min1, destination_p[n..]);
        TLanes.Store(min2, destination_p[(2 * n)..]);
        TLanes.Store(min3, destination_p[(3 * n)..]);
        TLanes.Store(min4, destination_p[(4 * n)..]);
        TLanes.Store(min5, destination_p[(5 * n)..]);
        TLanes.Store(min6, destination_p[(6 * n)..]);
    }

    private static void Quad<TVector, TLanes>(
        ReadOnlySpan<ulong> h, ReadOnlySpan<uint> mask_p, ReadOnlySpan<uint> multiplier_p, Span<uint> destination_p)
        where TVector : struct
        where TLanes : IHashLanes<TVector>
    {
        int n = TLanes.Count;
        TVector mask0 = TLanes.Load(mask_p);
        TVector mask1 = TLanes.Load(mask_p[n..]);
        TVector mask2 = TLanes.Load(mask_p[(2 * n)..]);
        TVector mask3 = TLanes.Load(mask_p[(3 * n)..]);
        TVector multiplier0 = TLanes.Load(multiplier_p);
        TVector multiplier1 = TLanes.Load(multiplier_p[n..]);
        TVector multiplier2 = TLanes.Load(multiplier_p[(2 * n)..]);
        TVector multiplier3 = TLanes.Load(multiplier_p[(3 * n)..]);
        TVector min0 = TLanes.AllOnes;
        TVector min1 = min0;
        TVector min2 = min0;
        TVector min3 = min0;
        foreach (ulong hash in h)
        {
            TVector pair = TLanes.Broadcast(hash);
            min0 = TLanes.Step(min0, pair, mask0, multiplier0);
            min1 = TLanes.Step(min1, pair, mask1, multiplier1);
            min2 = TLanes.Step(min2, pair, mask2, multiplier2);
            min3 = TLanes.Step(min3, pair, mask3, multiplier3);
        }

        TLanes.Store(min0, destination_p);
        TLanes.Store(min1, destination_p[n..]);
        TLanes.Store(min2, destination_p[(2 * n)..]);
        TLanes.Store(min3, destination_p[(3 * n)..]);
    }
}
