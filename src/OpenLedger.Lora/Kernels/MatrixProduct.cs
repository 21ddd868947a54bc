// Shape legend: t = tokens, m = out features, n = in features. Everything is row-major; w_mn[i * n + k] is weight (i, k).
// This file multiplies activations with a weight matrix. It is not a general BLAS: the weight is always the right factor, transposed.
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Lora.Kernels;

/// <summary>Products of activations with the transposed weight of a linear layer, in single precision.</summary>
/// <remarks>
/// Every output element is one chain of multiply-adds over <c>n</c> in ascending order, whatever tile it falls into. So a token gets
/// bit-identical results alone, in a batch and on any number of threads, on one machine; machines with another register width differ
/// in the last bits.
/// </remarks>
internal static unsafe class MatrixProduct
{
    /// <summary>Rows that are padded together: their copy stays in the second-level cache.</summary>
    private const int StripFloats = 64 * 1024;

    [ThreadStatic]
    private static SpanWork? t_work;

    /// <summary><c>y_tm = x_tn · transpose(w_mn)</c></summary>
    /// <param name="x_tn">Activations, <c>[t, n]</c>.</param>
    /// <param name="w_mn">Weight, <c>[m, n]</c>.</param>
    /// <param name="tokens">t ≥ 0.</param>
    /// <param name="n">In features ≥ 0; with 0 the result is zero.</param>
    /// <param name="workers">Splits rows of the weight among threads where that pays.</param>
    /// <param name="y_tm">Receives <c>[t, m]</c>; m is <c>y.Length / t</c>. Must not overlap the inputs.</param>
    /// <remarks>NaN and infinity propagate as IEEE 754 says. Cost: t·m·n multiply-adds, weight read once. Rows that do not fill whole registers are copied.</remarks>
    public static void Multiply(
        ReadOnlySpan<float> x_tn, ReadOnlySpan<float> w_mn, int tokens, int n, WorkerLimit workers, Span<float> y_tm)
    {
        if (tokens == 0 || y_tm.IsEmpty)
        {
            return;
        }

        int m = y_tm.Length / tokens;
        Debug.Assert(y_tm.Length == tokens * m && x_tn.Length == tokens * n && w_mn.Length == (long)m * n, "shapes must agree");
        if (n == 0)
        {
            y_tm.Clear();
            return;
        }

        fixed (float* x = x_tn, w = w_mn, y = y_tm)
        {
            (int threads, int parts) = Split((long)tokens * m * n, (m + 7) / 8, workers);
            if (threads == 1)
            {
                MultiplyRows(x, w, y, tokens, m, n, 0, m);
                return;
            }

            SpanWork work = t_work ?? new SpanWork();
            t_work = null;
            work.X = x;
            work.W = w;
            work.Y = y;
            (work.Tokens, work.M, work.N, work.Parts) = (tokens, m, n, parts);
            WorkSplitter.Run(parts, threads, work);
            t_work = work;
        }
    }

    /// <summary>The loop for one register width, so that tests reach every width on any machine.</summary>
    internal static void MultiplyRows<TLanes, TVector>(float* x, float* w, float* y, int tokens, int m, int n, int begin, int end)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        if (n % TLanes.Count == 0)
        {
            DotTiles.Multiply<TLanes, TVector>(x, n, w + ((nint)begin * n), n, y + begin, m, tokens, end - begin, n);
            return;
        }

        int stride = LaneWidth.Pad(n, TLanes.Count);
        int stripRows = Math.Clamp(StripFloats / stride / 8 * 8, 8, LaneWidth.Pad(end - begin, 8));
        using AlignedBuffer activations = new((long)tokens * stride * sizeof(float));
        using AlignedBuffer strip = new((long)stripRows * stride * sizeof(float));
        PadRows(x, tokens, n, (float*)activations.Pointer, stride);
        for (int i = begin; i < end; i += stripRows)
        {
            int rows = Math.Min(stripRows, end - i);
            PadRows(w + ((nint)i * n), rows, n, (float*)strip.Pointer, stride);
            DotTiles.Multiply<TLanes, TVector>((float*)activations.Pointer, stride, (float*)strip.Pointer, stride, y + i, m, tokens, rows, stride);
        }
    }

    /// <summary>Threads and parts for a product: one thread, or enough parts that a thread which is interrupted does not hold up the others.</summary>
    internal static (int Threads, int Parts) Split(long multiplyAdds, int groups, WorkerLimit workers)
    {
        int threads = workers.PartsFor(multiplyAdds, groups);
        return threads == 1 ? (1, 1) : (threads, new WorkerLimit(threads * 8).PartsFor(multiplyAdds, groups));
    }

    /// <summary>Copies rows and fills each up with zeros.</summary>
    internal static void PadRows(float* from, int rows, int n, float* to, int stride)
    {
        for (int i = 0; i < rows; i++, from += n, to += stride)
        {
            Unsafe.CopyBlockUnaligned(to, from, (uint)n * sizeof(float));
            new Span<float>(to + n, stride - n).Clear();
        }
    }

    private static void MultiplyRows(float* x, float* w, float* y, int tokens, int m, int n, int begin, int end)
    {
        switch (LaneWidth.Machine)
        {
            case 16:
                MultiplyRows<Lanes512, Vector512<float>>(x, w, y, tokens, m, n, begin, end);
                break;
            case 8:
                MultiplyRows<Lanes256, Vector256<float>>(x, w, y, tokens, m, n, begin, end);
                break;
            case 4:
                MultiplyRows<Lanes128, Vector128<float>>(x, w, y, tokens, m, n, begin, end);
                break;
            default:
                MultiplyRows<ScalarLane, float>(x, w, y, tokens, m, n, begin, end);
                break;
        }
    }

    private sealed class SpanWork : ParallelWork
    {
        public float* X;
        public float* W;
        public float* Y;
        public int Tokens;
        public int M;
        public int N;
        public int Parts;

        public override void Execute(int part)
        {
            int groups = (M + 7) / 8;
            int begin = (int)((long)groups * part / Parts) * 8;
            int end = Math.Min(M, (int)((long)groups * (part + 1) / Parts) * 8);
            MultiplyRows(X, W, Y, Tokens, M, N, begin, end);
        }
    }
}
