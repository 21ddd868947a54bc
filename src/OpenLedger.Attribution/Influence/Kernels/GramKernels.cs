using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OpenLedger.Attribution.Gradients;

namespace OpenLedger.Attribution.Influence.Kernels;

// C[i,j] = Σ_k A[i,k] B[j,k]          (i: rows of A, j: rows of B, k: columns of one block)
//
// Inputs are float, products and sums are double. The product of two floats is exact in a double (24 + 24 bits < 53), so a fused
// and an unfused multiply-add agree. The order of addition is fixed: columns are cut into chunks of 512 from the start of the
// block; inside a chunk, lane k mod 8 adds its products in order; the eight lanes are folded 8 -> 4 -> 2 -> 1; chunks are added in
// order. Together: the same bits on every machine, for every vector width, tile and thread count. A test pins that order.
//
// Packed panel, per 4 rows of a chunk:  k = 0..7: row0 | row1 | row2 | row3,  k = 8..15: row0 | ...   (8 doubles each)
internal static unsafe class GramKernels
{
    /// <summary>Columns added up in registers before a lane fold. Part of the result's definition.</summary>
    public const int ChunkLength = 512;

    /// <summary>Independent partial sums of a chunk. Part of the result's definition.</summary>
    public const int Lanes = 8;

    /// <summary>Rows of an output tile; two packed panels of 64 x 512 doubles stay in a 1 MiB level-2 cache. Not visible in the result.</summary>
    public const int TileRows = 64;

    private const int Micro = 4;
    private const int StepLength = Micro * Lanes;

    /// <summary>
    /// Adds the products of two row ranges over one block to <paramref name="destination"/>.
    /// </summary>
    /// <param name="a">Left rows.</param>
    /// <param name="aStart">First left row.</param>
    /// <param name="aCount">Left rows, 1 to 64.</param>
    /// <param name="b">Right rows; may be the same matrix.</param>
    /// <param name="bStart">First right row.</param>
    /// <param name="bCount">Right rows, 1 to 64.</param>
    /// <param name="block">The columns.</param>
    /// <param name="destination">Row-major <c>[64, 64]</c>; only <c>[aCount, bCount]</c> is written. Overwritten, not added to.</param>
    /// <remarks>A NaN or infinity in a row makes that row's results non-finite and no others.</remarks>
    public static void MultiplyTile(
        GradientMatrix a, int aStart, int aCount, GradientMatrix b, int bStart, int bCount, int block, Span<double> destination)
    {
        const nuint panelBytes = TileRows * ChunkLength * sizeof(double);
        bool same = ReferenceEquals(a, b) && aStart == bStart;
        double* memory = (double*)NativeMemory.AlignedAlloc(same ? panelBytes : 2 * panelBytes, 64);
        try
        {
            double* packedA = memory;
            double* packedB = same ? memory : memory + (TileRows * ChunkLength);
            destination.Clear();
            int length = a.Layout.Blocks[block].Length;
            for (int start = 0; start < length; start += ChunkLength)
            {
                int steps = Pack(a, aStart, aCount, block, start, packedA);
                if (!same)
                {
                    Pack(b, bStart, bCount, block, start, packedB);
                }

                fixed (double* c = destination)
                {
                    MultiplyPanels(packedA, aCount, packedB, bCount, steps, c);
                }
            }
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    // Rows beyond the count and columns beyond the block become zeros: adding 0 * 0 changes no sum.
    private static int Pack(GradientMatrix source, int rowStart, int rowCount, int block, int start, double* packed)
    {
        int columns = Math.Min(ChunkLength, source.Layout.Blocks[block].Length - start);
        int steps = (columns + Lanes - 1) / Lanes;
        int paddedRows = (rowCount + Micro - 1) / Micro * Micro;
        for (int row = 0; row < paddedRows; row++)
        {
            double* target = packed + (row / Micro * Micro * ChunkLength) + (row % Micro * Lanes);
            if (row >= rowCount)
            {
                for (int step = 0; step < steps; step++, target += StepLength)
                {
                    new Span<double>(target, Lanes).Clear();
                }

                continue;
            }

            ReadOnlySpan<float> values = source.Row(rowStart + row, block).Slice(start, columns);
            fixed (float* v = values)
            {
                int k = 0;
                for (; k + Lanes <= columns; k += Lanes, target += StepLength)
                {
                    (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(Vector256.Load(v + k));
                    lower.Store(target);
                    upper.Store(target + 4);
                }

                if (k < columns)
                {
                    new Span<double>(target, Lanes).Clear();
                    for (int lane = 0; k < columns; k++, lane++)
                    {
                        target[lane] = v[k];
                    }
                }
            }
        }

        return steps;
    }

    private static void MultiplyPanels(double* packedA, int aCount, double* packedB, int bCount, int steps, double* c)
    {
        double* sums = stackalloc double[Micro * Micro];
        for (int i = 0; i < aCount; i += Micro)
        {
            for (int j = 0; j < bCount; j += Micro)
            {
                double* a = packedA + (i * ChunkLength);
                double* b = packedB + (j * ChunkLength);
                if (Vector512.IsHardwareAccelerated)
                {
                    Multiply4x4(a, b, steps, sums);
                }
                else
                {
                    Multiply2x2(a, b, steps, sums);
                    Multiply2x2(a, b + (2 * Lanes), steps, sums + 2);
                    Multiply2x2(a + (2 * Lanes), b, steps, sums + (2 * Micro));
                    Multiply2x2(a + (2 * Lanes), b + (2 * Lanes), steps, sums + (2 * Micro) + 2);
                }

                int rows = Math.Min(Micro, aCount - i);
                int columns = Math.Min(Micro, bCount - j);
                for (int r = 0; r < rows; r++)
                {
                    for (int s = 0; s < columns; s++)
                    {
                        c[((i + r) * TileRows) + j + s] += sums[(r * Micro) + s];
                    }
                }
            }
        }
    }

    // Sixteen accumulators, four left vectors and one right vector: 21 of the 32 registers of AVX-512.
    private static void Multiply4x4(double* a, double* b, int steps, double* sums)
    {
        Vector512<double> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector512<double> s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<double> s20 = default, s21 = default, s22 = default, s23 = default;
        Vector512<double> s30 = default, s31 = default, s32 = default, s33 = default;
        for (int step = 0; step < steps; step++, a += StepLength, b += StepLength)
        {
            Vector512<double> a0 = Vector512.Load(a);
            Vector512<double> a1 = Vector512.Load(a + 8);
            Vector512<double> a2 = Vector512.Load(a + 16);
            Vector512<double> a3 = Vector512.Load(a + 24);
            Vector512<double> right = Vector512.Load(b);
            s00 = Vector512.MultiplyAddEstimate(a0, right, s00);
            s10 = Vector512.MultiplyAddEstimate(a1, right, s10);
            s20 = Vector512.MultiplyAddEstimate(a2, right, s20);
            s30 = Vector512.MultiplyAddEstimate(a3, right, s30);
            right = Vector512.Load(b + 8);
            s01 = Vector512.MultiplyAddEstimate(a0, right, s01);
            s11 = Vector512.MultiplyAddEstimate(a1, right, s11);
            s21 = Vector512.MultiplyAddEstimate(a2, right, s21);
            s31 = Vector512.MultiplyAddEstimate(a3, right, s31);
            right = Vector512.Load(b + 16);
            s02 = Vector512.MultiplyAddEstimate(a0, right, s02);
            s12 = Vector512.MultiplyAddEstimate(a1, right, s12);
            s22 = Vector512.MultiplyAddEstimate(a2, right, s22);
            s32 = Vector512.MultiplyAddEstimate(a3, right, s32);
            right = Vector512.Load(b + 24);
            s03 = Vector512.MultiplyAddEstimate(a0, right, s03);
            s13 = Vector512.MultiplyAddEstimate(a1, right, s13);
            s23 = Vector512.MultiplyAddEstimate(a2, right, s23);
            s33 = Vector512.MultiplyAddEstimate(a3, right, s33);
        }

        sums[0] = Fold(s00);
        sums[1] = Fold(s01);
        sums[2] = Fold(s02);
        sums[3] = Fold(s03);
        sums[4] = Fold(s10);
        sums[5] = Fold(s11);
        sums[6] = Fold(s12);
        sums[7] = Fold(s13);
        sums[8] = Fold(s20);
        sums[9] = Fold(s21);
        sums[10] = Fold(s22);
        sums[11] = Fold(s23);
        sums[12] = Fold(s30);
        sums[13] = Fold(s31);
        sums[14] = Fold(s32);
        sums[15] = Fold(s33);
    }

    // The same lanes as two halves: eight accumulators fit the 16 registers of AVX2.
    private static void Multiply2x2(double* a, double* b, int steps, double* sums)
    {
        Vector256<double> s00l = default, s00u = default, s01l = default, s01u = default;
        Vector256<double> s10l = default, s10u = default, s11l = default, s11u = default;
        for (int step = 0; step < steps; step++, a += StepLength, b += StepLength)
        {
            Vector256<double> a0l = Vector256.Load(a);
            Vector256<double> a0u = Vector256.Load(a + 4);
            Vector256<double> a1l = Vector256.Load(a + 8);
            Vector256<double> a1u = Vector256.Load(a + 12);
            Vector256<double> right = Vector256.Load(b);
            s00l = Vector256.MultiplyAddEstimate(a0l, right, s00l);
            s10l = Vector256.MultiplyAddEstimate(a1l, right, s10l);
            right = Vector256.Load(b + 4);
            s00u = Vector256.MultiplyAddEstimate(a0u, right, s00u);
            s10u = Vector256.MultiplyAddEstimate(a1u, right, s10u);
            right = Vector256.Load(b + 8);
            s01l = Vector256.MultiplyAddEstimate(a0l, right, s01l);
            s11l = Vector256.MultiplyAddEstimate(a1l, right, s11l);
            right = Vector256.Load(b + 12);
            s01u = Vector256.MultiplyAddEstimate(a0u, right, s01u);
            s11u = Vector256.MultiplyAddEstimate(a1u, right, s11u);
        }

        sums[0] = Fold(s00l + s00u);
        sums[1] = Fold(s01l + s01u);
        sums[Micro] = Fold(s10l + s10u);
        sums[Micro + 1] = Fold(s11l + s11u);
    }

    private static double Fold(Vector512<double> lanes) => Fold(lanes.GetLower() + lanes.GetUpper());

    private static double Fold(Vector256<double> lanes)
    {
        Vector128<double> two = lanes.GetLower() + lanes.GetUpper();
        return two.ToScalar() + two.GetElement(1);
    }
}
