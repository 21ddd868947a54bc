// Shape legend: n = row length. A parted row holds, for every two registers, the values at even places and then those at odd places.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Lora.Kernels;

/// <summary>
/// Puts rows into the order in which registers widen two-byte numbers without moving them between lanes. Both factors of a product are in
/// that order, so that its sums run over the same pairs whether a weight is widened in the product or before.
/// </summary>
internal static unsafe class PartedRows
{
    /// <summary>Length of a parted row: n padded to two registers.</summary>
    public static int Stride(int n, int lanes) => LaneWidth.Pad(n, 2 * lanes);

    /// <summary>Parts a row of floats and fills it up with zeros.</summary>
    public static void Part(int lanes, float* from, int n, float* to)
    {
        switch (lanes)
        {
            case 16:
                Part<Lanes512, Vector512<float>>(from, n, to);
                break;
            case 8:
                Part<Lanes256, Vector256<float>>(from, n, to);
                break;
            case 4:
                Part<Lanes128, Vector128<float>>(from, n, to);
                break;
            default:
                Part<ScalarLane, float>(from, n, to);
                break;
        }
    }

    /// <summary>Widens and parts a row and fills it up with zeros.</summary>
    public static void Widen<TFormat>(int lanes, ushort* from, int n, float* to)
        where TFormat : struct, IShortFormat
    {
        switch (lanes)
        {
            case 16:
                Widen<Lanes512, Vector512<float>, TFormat>(from, n, to);
                break;
            case 8:
                Widen<Lanes256, Vector256<float>, TFormat>(from, n, to);
                break;
            case 4:
                Widen<Lanes128, Vector128<float>, TFormat>(from, n, to);
                break;
            default:
                Widen<ScalarLane, float, TFormat>(from, n, to);
                break;
        }
    }

    private static void Part<TLanes, TVector>(float* from, int n, float* to)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int step = 2 * TLanes.Count;
        int full = n / step * step;
        PartFull<TLanes, TVector>(from, full, to);
        if (full < n)
        {
            float* rest = stackalloc float[32];
            MatrixProduct.PadRows(from + full, 1, n - full, rest, step);
            PartFull<TLanes, TVector>(rest, step, to + full);
        }
    }

    private static void Widen<TLanes, TVector, TFormat>(ushort* from, int n, float* to)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TFormat : struct, IShortFormat
    {
        int step = 2 * TLanes.Count;
        int full = n / step * step;
        WidenFull<TLanes, TVector, TFormat>(from, full, to);
        if (full < n)
        {
            ushort* rest = stackalloc ushort[32];
            new Span<ushort>(rest, step).Clear();
            new ReadOnlySpan<ushort>(from + full, n - full).CopyTo(new Span<ushort>(rest, step));
            WidenFull<TLanes, TVector, TFormat>(rest, step, to + full);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void PartFull<TLanes, TVector>(float* from, int n, float* to)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (nint k = 0; k < n; k += 2 * TLanes.Count)
        {
            (TVector even, TVector odd) = TLanes.Part(TLanes.Load(from + k), TLanes.Load(from + k + TLanes.Count));
            TLanes.Store(even, to + k);
            TLanes.Store(odd, to + k + TLanes.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void WidenFull<TLanes, TVector, TFormat>(ushort* from, int n, float* to)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TFormat : struct, IShortFormat
    {
        for (nint k = 0; k < n; k += 2 * TLanes.Count)
        {
            (TVector even, TVector odd) = TFormat.Load<TLanes, TVector>(from + k);
            TLanes.Store(even, to + k);
            TLanes.Store(odd, to + k + TLanes.Count);
        }
    }
}
