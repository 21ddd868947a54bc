// Shape legend: t = tokens, m = out features, n = in features. Everything is row-major.
using System.Diagnostics;
using System.Runtime.Intrinsics.X86;

namespace OpenLedger.Lora.Kernels;

/// <summary>The weight of a linear layer in the number format that it is kept in: the right factor of a product, transposed.</summary>
/// <remarks>
/// <para>
/// A token's result is bit-identical alone, in a batch, in a product of several weights and on any number of threads, on one machine.
/// Formats of bytes and nibbles multiply activations that are rounded to bytes (<see cref="ByteActivations"/>), for one token as for many.
/// </para>
/// <para>Immutable and safe for concurrent use. What memory it reads belongs to who created it and must stay unchanged.</para>
/// </remarks>
internal abstract unsafe class WeightMatrix
{
    /// <summary>Rows of one unit of work: what the tallest tile computes at once.</summary>
    private const int GroupRows = 8;

    /// <summary>Prepared activations of one round are at most this many values, unless a single tile of tokens has more.</summary>
    private const int RoundValues = 1 << 21;

    /// <summary>Below this many values preparing is not worth a second thread.</summary>
    private const int SplitValues = 1 << 15;

    [ThreadStatic]
    private static ProductWork? t_work;

    /// <summary>Sets the shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is less than 1.</exception>
    protected WeightMatrix(int outFeatures, int inFeatures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outFeatures, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inFeatures, 1);
        OutFeatures = outFeatures;
        InFeatures = inFeatures;
    }

    /// <summary>m, the rows.</summary>
    public int OutFeatures { get; }

    /// <summary>n, the columns.</summary>
    public int InFeatures { get; }

    /// <summary>Bytes that one product reads: numbers and scales.</summary>
    public abstract long ByteLength { get; }

    /// <summary>The format as files call it: <c>F32</c>, <c>BF16</c>, <c>F16</c>, <c>I8</c>, <c>Q8_0</c>, <c>Q4_0</c>, <c>NF4</c>.</summary>
    public abstract string FormatName { get; }

    /// <summary>How bytes are multiplied on this machine.</summary>
    internal static ByteKernel MachineBytes => AvxVnni.IsSupported ? ByteKernel.Vnni : Avx2.IsSupported ? ByteKernel.Avx2 : ByteKernel.Portable;

    /// <summary><c>y_tm = x_tn · transpose(W)</c></summary>
    /// <param name="x_tn">Activations, <c>[t, n]</c>.</param>
    /// <param name="tokens">t ≥ 0.</param>
    /// <param name="workers">Splits rows of the weight among threads where that pays.</param>
    /// <param name="y_tm">Receives <c>[t, m]</c>. Must not overlap the input.</param>
    /// <remarks>
    /// NaN and infinity propagate as IEEE 754 says in formats of floats; in formats of bytes and nibbles a token with one of them gets NaN in
    /// every output. Cost: t·m·n multiply-adds, the weight read once per some hundred tokens.
    /// </remarks>
    public void Multiply(ReadOnlySpan<float> x_tn, int tokens, WorkerLimit workers, Span<float> y_tm)
    {
        CheckShapes(this, x_tn, tokens, y_tm);
        fixed (float* x = x_tn, y = y_tm)
        {
            Product(this, null, null, x, tokens, workers, y, null, null, LaneWidth.Machine, MachineBytes);
        }
    }

    /// <summary>Two products of one input, as gate and up have: the input is read once and one parallel region covers both.</summary>
    /// <param name="first">Has n columns.</param>
    /// <param name="second">Has n columns; any rows, any format.</param>
    /// <param name="x_tn">Activations, <c>[t, n]</c>.</param>
    /// <param name="tokens">t ≥ 0.</param>
    /// <param name="workers">Splits rows of all weights among threads where that pays.</param>
    /// <param name="y1">Receives <c>[t, m1]</c>; bit for bit what a product of its own gives.</param>
    /// <param name="y2">Receives <c>[t, m2]</c>.</param>
    public static void MultiplyAll(
        WeightMatrix first, WeightMatrix second, ReadOnlySpan<float> x_tn, int tokens, WorkerLimit workers, Span<float> y1, Span<float> y2)
    {
        CheckShapes(first, x_tn, tokens, y1);
        CheckShapes(second, x_tn, tokens, y2);
        fixed (float* x = x_tn, to1 = y1, to2 = y2)
        {
            Product(first, second, null, x, tokens, workers, to1, to2, null, LaneWidth.Machine, MachineBytes);
        }
    }

    /// <summary>Three products of one input, as query, key and value have.</summary>
    /// <param name="first">Has n columns.</param>
    /// <param name="second">Has n columns; any rows, any format.</param>
    /// <param name="third">Has n columns; any rows, any format.</param>
    /// <param name="x_tn">Activations, <c>[t, n]</c>.</param>
    /// <param name="tokens">t ≥ 0.</param>
    /// <param name="workers">Splits rows of all weights among threads where that pays.</param>
    /// <param name="y1">Receives <c>[t, m1]</c>; bit for bit what a product of its own gives.</param>
    /// <param name="y2">Receives <c>[t, m2]</c>.</param>
    /// <param name="y3">Receives <c>[t, m3]</c>.</param>
    public static void MultiplyAll(
        WeightMatrix first,
        WeightMatrix second,
        WeightMatrix third,
        ReadOnlySpan<float> x_tn,
        int tokens,
        WorkerLimit workers,
        Span<float> y1,
        Span<float> y2,
        Span<float> y3)
    {
        CheckShapes(first, x_tn, tokens, y1);
        CheckShapes(second, x_tn, tokens, y2);
        CheckShapes(third, x_tn, tokens, y3);
        fixed (float* x = x_tn, to1 = y1, to2 = y2, to3 = y3)
        {
            Product(first, second, third, x, tokens, workers, to1, to2, to3, LaneWidth.Machine, MachineBytes);
        }
    }

    /// <summary>One row in single precision, as an embedding reads it.</summary>
    /// <param name="row">0-based.</param>
    /// <param name="destination">Receives <c>[n]</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="row"/> is out of range.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    public void ReadRow(int row, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, OutFeatures);
        if (destination.Length != InFeatures)
        {
            throw new ArgumentException($"The destination has {destination.Length} places for a row of {InFeatures} values.", nameof(destination));
        }

        ReadRowCore(row, destination);
    }

    /// <summary>All rows in single precision, <c>[m, n]</c>.</summary>
    /// <exception cref="OverflowException">The matrix has more than 2³¹ values.</exception>
    public float[] ToSingles()
    {
        float[] values = new float[checked(OutFeatures * InFeatures)];
        for (int row = 0; row < OutFeatures; row++)
        {
            ReadRowCore(row, values.AsSpan(row * InFeatures, InFeatures));
        }

        return values;
    }

    /// <summary>A product with a register width and a byte kernel of choice, so that tests reach every path on any machine.</summary>
    internal void Multiply(ReadOnlySpan<float> x_tn, int tokens, WorkerLimit workers, Span<float> y_tm, int lanes, ByteKernel bytes)
    {
        CheckShapes(this, x_tn, tokens, y_tm);
        fixed (float* x = x_tn, y = y_tm)
        {
            Product(this, null, null, x, tokens, workers, y, null, null, lanes, bytes);
        }
    }

    /// <summary>The forms of the activations that <see cref="MultiplyRows"/> reads.</summary>
    private protected abstract ActivationForms Forms { get; }

    /// <summary>All tokens by the rows from <paramref name="begin"/> to <paramref name="end"/>, which some thread was given.</summary>
    /// <param name="x">Activations in the forms of <see cref="Forms"/>.</param>
    /// <param name="y">Receives <c>[t, m]</c>, of which only these rows' outputs are written.</param>
    /// <param name="begin">First row.</param>
    /// <param name="end">One beyond the last row.</param>
    private protected abstract void MultiplyRows(in Activations x, float* y, int begin, int end);

    /// <summary>A row whose index and destination have been checked.</summary>
    private protected abstract void ReadRowCore(int row, Span<float> destination);

    /// <summary>Throws unless memory holds exactly the elements of the shape.</summary>
    private protected static void RequireLength(int length, long expected, string parameterName)
    {
        if (length != expected)
        {
            throw new ArgumentException($"The memory has {length} elements; the shape needs {expected}.", parameterName);
        }
    }

    [Conditional("DEBUG")]
    private static void CheckShapes(WeightMatrix weight, ReadOnlySpan<float> x_tn, int tokens, ReadOnlySpan<float> y_tm) =>
        Debug.Assert(
            x_tn.Length == (long)tokens * weight.InFeatures && y_tm.Length == (long)tokens * weight.OutFeatures, "shapes must agree");

    private static void Product(
        WeightMatrix first,
        WeightMatrix? second,
        WeightMatrix? third,
        float* x,
        int tokens,
        WorkerLimit workers,
        float* y1,
        float* y2,
        float* y3,
        int lanes,
        ByteKernel bytes)
    {
        int n = first.InFeatures;
        ActivationForms forms = first.Forms | (second?.Forms ?? 0) | (third?.Forms ?? 0);
        ProductWork work = t_work ?? new ProductWork();
        t_work = null;
        work.SetWeights(first, second, third);

        // Activations as they are need no memory; others are prepared for some hundred tokens at a time.
        int round = forms == ActivationForms.Plain && n % lanes == 0 ? tokens : Math.Max(96, RoundValues / n / 12 * 12);
        for (int t = 0; t < tokens; t += round)
        {
            int count = Math.Min(round, tokens - t);
            Activations activations = new() { Tokens = count, InFeatures = n, Lanes = lanes, Bytes = bytes };
            using AlignedBuffer memory = new(Place(ref activations, forms, null));
            Place(ref activations, forms, memory.Pointer);
            float* from = x + ((long)t * n);
            if (forms == ActivationForms.Plain && n % lanes == 0)
            {
                activations.Plain = from;
                activations.PlainStride = n;
            }

            work.SetRound(
                activations,
                from,
                forms,
                y1 + ((long)t * first.OutFeatures),
                y2 + ((long)t * (second?.OutFeatures ?? 0)),
                y3 + ((long)t * (third?.OutFeatures ?? 0)));
            work.Run(workers);
        }

        work.Clear();
        t_work = work;
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        GC.KeepAlive(third);
    }

    /// <summary>Lays the forms out from <paramref name="at"/> on.</summary>
    /// <returns>Bytes needed.</returns>
    private static long Place(ref Activations x, ActivationForms forms, byte* at)
    {
        byte* begin = at;
        int n = x.InFeatures;
        long tokens = x.Tokens;
        if ((forms & ActivationForms.Plain) != 0 && !(forms == ActivationForms.Plain && n % x.Lanes == 0))
        {
            x.PlainStride = LaneWidth.Pad(n, x.Lanes);
            x.Plain = (float*)at;
            at += Align(tokens * x.PlainStride * sizeof(float));
        }

        if ((forms & ActivationForms.Parted) != 0)
        {
            x.PartedStride = PartedRows.Stride(n, x.Lanes);
            x.Parted = (float*)at;
            at += Align(tokens * x.PartedStride * sizeof(float));
        }

        x.ByteStride = LaneWidth.Pad(n, ByteActivations.Block);
        if ((forms & ActivationForms.RowBytes) != 0)
        {
            x.RowBytes = (sbyte*)at;
            at += Align(tokens * x.ByteStride);
            x.RowScales = (float*)at;
            at += Align(tokens * sizeof(float));
            x.RowSums = (int*)at;
            at += Align(tokens * sizeof(int));
        }

        if ((forms & ActivationForms.BlockBytes) != 0)
        {
            x.BlockBytes = (sbyte*)at;
            at += Align(tokens * x.ByteStride);
            x.BlockScales = (float*)at;
            at += Align(tokens * x.ByteStride / ByteActivations.Block * sizeof(float));
            x.BlockOffsets = (int*)at;
            at += Align(tokens * x.ByteStride);
        }

        return at - begin;
    }

    private static long Align(long bytes) => (bytes + 63) & ~63L;

    /// <summary>One product of up to three weights; one object per thread, used again and again.</summary>
    private sealed class ProductWork : ParallelWork
    {
        private WeightMatrix? _first;
        private WeightMatrix? _second;
        private WeightMatrix? _third;
        private int _groups1;
        private int _groups2;
        private int _groups;
        private Activations _x;
        private ActivationForms _forms;
        private float* _from;
        private float* _y1;
        private float* _y2;
        private float* _y3;
        private int _parts;
        private bool _isPreparing;

        public void SetWeights(WeightMatrix first, WeightMatrix? second, WeightMatrix? third)
        {
            (_first, _second, _third) = (first, second, third);
            _groups1 = Groups(first);
            _groups2 = _groups1 + Groups(second);
            _groups = _groups2 + Groups(third);
        }

        public void SetRound(in Activations x, float* from, ActivationForms forms, float* y1, float* y2, float* y3)
        {
            _x = x;
            _from = from;
            _forms = _x.Plain == from ? forms & ~ActivationForms.Plain : forms;
            _y1 = y1;
            _y2 = y2;
            _y3 = y3;
        }

        public void Clear() => (_first, _second, _third) = (null, null, null);

        public void Run(WorkerLimit workers)
        {
            long rows = _first!.OutFeatures + (long)(_second?.OutFeatures ?? 0) + (_third?.OutFeatures ?? 0);
            (int threads, int parts) = MatrixProduct.Split(_x.Tokens * rows * _x.InFeatures, _groups, workers);
            if (_forms != 0)
            {
                if (threads > 1 && (long)_x.Tokens * _x.InFeatures >= SplitValues)
                {
                    _isPreparing = true;
                    _parts = Math.Min(_x.Tokens, 4 * threads);
                    WorkSplitter.Run(_parts, threads, this);
                }
                else
                {
                    Prepare(0, _x.Tokens);
                }
            }

            _isPreparing = false;
            _parts = parts;
            WorkSplitter.Run(parts, threads, this);
        }

        public override void Execute(int part)
        {
            if (_isPreparing)
            {
                Prepare((int)((long)_x.Tokens * part / _parts), (int)((long)_x.Tokens * (part + 1) / _parts));
                return;
            }

            int begin = (int)((long)_groups * part / _parts);
            int end = (int)((long)_groups * (part + 1) / _parts);
            Multiply(_first!, _y1, begin, Math.Min(end, _groups1));
            if (end > _groups1)
            {
                Multiply(_second!, _y2, Math.Max(begin, _groups1) - _groups1, Math.Min(end, _groups2) - _groups1);
                if (end > _groups2)
                {
                    Multiply(_third!, _y3, Math.Max(begin, _groups2) - _groups2, end - _groups2);
                }
            }
        }

        private static int Groups(WeightMatrix? weight) => weight is null ? 0 : (weight.OutFeatures + GroupRows - 1) / GroupRows;

        private void Multiply(WeightMatrix weight, float* y, int beginGroup, int endGroup)
        {
            if (beginGroup < endGroup)
            {
                weight.MultiplyRows(_x, y, beginGroup * GroupRows, Math.Min(weight.OutFeatures, endGroup * GroupRows));
            }
        }

        private void Prepare(int begin, int end)
        {
            int n = _x.InFeatures;
            for (int t = begin; t < end; t++)
            {
                float* from = _from + ((nint)t * n);
                nint bytes = (nint)t * _x.ByteStride;
                if ((_forms & ActivationForms.Plain) != 0)
                {
                    MatrixProduct.PadRows(from, 1, n, _x.Plain + ((nint)t * _x.PlainStride), _x.PlainStride);
                }

                if ((_forms & ActivationForms.Parted) != 0)
                {
                    PartedRows.Part(_x.Lanes, from, n, _x.Parted + ((nint)t * _x.PartedStride));
                }

                if ((_forms & ActivationForms.RowBytes) != 0)
                {
                    _x.RowScales[t] = ByteActivations.QuantizeRow(from, n, _x.RowBytes + bytes, out _x.RowSums[t]);
                }

                if ((_forms & ActivationForms.BlockBytes) != 0)
                {
                    ByteActivations.QuantizeBlocks(from, n, _x.BlockBytes + bytes, _x.BlockScales + (bytes / ByteActivations.Block), _x.BlockOffsets + (bytes / 4));
                }
            }
        }
    }
}
