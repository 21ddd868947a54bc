using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Quantization;
using OpenLedger.Lora.Tests.Inference;
using OpenLedger.Lora.Tests.Reference;

namespace OpenLedger.Lora.Tests.Kernels;

public class WeightMatrixTests
{
    private static readonly int[] TokenCounts = [1, 2, 3, 5, 8, 9, 33];

    private static readonly int[] Sizes = [1, 7, 31, 32, 33, 64, 100, 257];

    private static readonly int[] BlockLengths = [32, 64, 96, 256];

    public static TheoryData<string> Formats => ["F32", "BF16", "F16", "I8", "Q8_0", "Q4_0", "NF4", "FP4"];

    public static TheoryData<string> FloatFormats => ["F32", "BF16", "F16", "NF4", "FP4"];

    public static TheoryData<string> ByteFormats => ["I8", "Q8_0", "Q4_0"];

    private static ByteKernel[] ByteKernels =>
    [
        ByteKernel.Portable,
        .. Avx2.IsSupported ? new[] { ByteKernel.Avx2 } : [],
        .. AvxVnni.IsSupported ? new[] { ByteKernel.Vnni } : [],
    ];

    [Theory]
    [MemberData(nameof(FloatFormats))]
    public void Multiply_FloatFormatAtEveryWidth_EqualsTheReference(string format)
    {
        foreach ((int m, int n) in Shapes(format))
        {
            Random random = new((m * 1000) + n);
            WeightMatrix weight = Create(format, TinyLlama.RandomArray(random, m * n), m, n);
            float[] w = weight.ToSingles();
            foreach (int tokens in TokenCounts)
            {
                float[] x = TinyLlama.RandomArray(random, tokens * n);
                double[] expected = ReferenceKernels.Multiply(x, w, tokens, m, n);
                foreach (int lanes in new[] { 16, 8, 4, 1 })
                {
                    float[] y = new float[tokens * m];
                    weight.Multiply(x, tokens, WorkerLimit.Single, y, lanes, ByteKernel.Portable);

                    // n float roundings of terms up to 1, the a-priori bound of a dot product.
                    AssertClose(expected, y, n * n * 6e-8, $"{format}, lanes {lanes}, tokens {tokens}, m {m}, n {n}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(ByteFormats))]
    public void Multiply_ByteFormatOnEveryKernel_EqualsTheReferenceOfRoundedActivations(string format)
    {
        foreach ((int m, int n) in Shapes(format))
        {
            Random random = new((m * 1000) + n);
            WeightMatrix weight = Create(format, TinyLlama.RandomArray(random, m * n), m, n);
            float[] w = weight.ToSingles();
            foreach (int tokens in TokenCounts)
            {
                float[] x = TinyLlama.RandomArray(random, tokens * n);
                double[] rounded = ReferenceQuantization.RoundToBytes(x, n, format == "I8" ? n : 32);
                double[] expected = ReferenceKernels.Multiply(rounded, w, tokens, m, n);
                foreach (ByteKernel kernel in ByteKernels)
                {
                    float[] y = new float[tokens * m];
                    weight.Multiply(x, tokens, WorkerLimit.Single, y, 16, kernel);

                    // Sums inside blocks are exact; scales and sums of blocks round as floats do.
                    AssertClose(expected, y, (n + 10) * 3e-7, $"{format}, {kernel}, tokens {tokens}, m {m}, n {n}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(ByteFormats))]
    public void Multiply_ExtremeBytes_AreExact(string format)
    {
        // -128 and the largest activations: where a product of bytes that saturates would show.
        const int M = 5;
        const int N = 64;
        WeightMatrix weight = format switch
        {
            "I8" => new RowInt8Matrix(Enumerable.Repeat((sbyte)-128, M * N).ToArray(), Enumerable.Repeat(1f, M).ToArray(), M, N),
            "Q8_0" => new Q8Matrix(Blocks(M * N / 32, 32, 0x80), M, N),
            _ => new Q4Matrix(Blocks(M * N / 32, 16, 0x0F), M, N),
        };
        float[] x = [.. Enumerable.Repeat(127f, N), .. Enumerable.Repeat(-127f, N), .. Enumerable.Range(0, N).Select(k => k % 2 == 0 ? 127f : -127f)];
        float[] w = weight.ToSingles();
        double[] expected = ReferenceKernels.Multiply(x, w, 3, M, N);
        Assert.Equal(format == "Q4_0" ? 7 : -128, w[0]);
        foreach (ByteKernel kernel in ByteKernels)
        {
            float[] y = new float[3 * M];
            weight.Multiply(x, 3, WorkerLimit.Single, y, 16, kernel);
            Assert.Equal(expected.Select(v => (float)v), y);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Multiply_OneTokenOrMany_IsBitIdentical(string format)
    {
        foreach ((int m, int n) in new[] { (37, 32), (37, 96), (3, 64), (130, 1056), (40, format is "Q8_0" or "Q4_0" ? 64 : 77) })
        {
            const int Tokens = 40;
            Random random = new(n);
            WeightMatrix weight = Create(format, TinyLlama.RandomArray(random, m * n), m, n);
            float[] x = TinyLlama.RandomArray(random, Tokens * n);
            foreach (int lanes in new[] { 16, 8, 4, 1 })
            {
                float[] whole = new float[Tokens * m];
                weight.Multiply(x, Tokens, WorkerLimit.Single, whole, lanes, WeightMatrix.MachineBytes);
                for (int t = 0; t < Tokens;)
                {
                    int count = Math.Min(1 + (t % 9), Tokens - t);
                    float[] some = new float[count * m];
                    weight.Multiply(x.AsSpan(t * n, count * n), count, WorkerLimit.Single, some, lanes, WeightMatrix.MachineBytes);
                    Assert.Equal(some, whole.AsSpan(t * m, count * m).ToArray());
                    t += count;
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Multiply_MoreTokensThanOneRound_IsBitIdenticalToEachAlone(string format)
    {
        // Rows so long that the activations are prepared in several rounds.
        const int M = 9;
        const int N = 32_768;
        const int Tokens = 203;
        Random random = new(3);
        WeightMatrix weight = Create(format, TinyLlama.RandomArray(random, M * N), M, N);
        float[] x = new float[Tokens * N];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = random.NextSingle() - 0.5f;
        }

        float[] whole = new float[Tokens * M];
        weight.Multiply(x, Tokens, new WorkerLimit(2), whole);
        foreach (int t in new[] { 0, 95, 96, 97, 191, 192, 202 })
        {
            float[] one = new float[M];
            weight.Multiply(x.AsSpan(t * N, N), 1, WorkerLimit.Single, one);
            Assert.Equal(one, whole.AsSpan(t * M, M).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Multiply_OnManyThreads_IsBitIdentical(string format)
    {
        foreach ((int tokens, int m, int n) in new[] { (1, 4099, 160), (7, 1003, 1184), (70, 517, 512) })
        {
            Random random = new(5);
            WeightMatrix weight = Create(format, TinyLlama.RandomArray(random, m * n), m, n);
            float[] x = TinyLlama.RandomArray(random, tokens * n);
            float[] single = new float[tokens * m];
            weight.Multiply(x, tokens, WorkerLimit.Single, single);
            foreach (int threads in new[] { 2, 3, 7 })
            {
                float[] split = new float[tokens * m];
                Array.Fill(split, float.NaN);
                weight.Multiply(x, tokens, new WorkerLimit(threads), split);
                Assert.Equal(single, split);
            }
        }
    }

    [Fact]
    public void MultiplyAll_WeightsOfMixedFormats_EqualEachAlone()
    {
        const int N = 96;
        string[] formats = ["F32", "BF16", "F16", "I8", "Q8_0", "Q4_0", "NF4"];
        Random random = new(8);
        WeightMatrix[] weights = [.. formats.Select((f, i) => Create(f, TinyLlama.RandomArray(random, (65 + (100 * i)) * N), 65 + (100 * i), N))];
        foreach (int tokens in new[] { 1, 3, 50 })
        {
            float[] x = TinyLlama.RandomArray(random, tokens * N);
            float[][] alone = [.. weights.Select(w => new float[tokens * w.OutFeatures])];
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i].Multiply(x, tokens, WorkerLimit.Single, alone[i]);
            }

            foreach (WorkerLimit workers in new[] { WorkerLimit.Single, new WorkerLimit(2) })
            {
                for (int i = 0; i < weights.Length; i++)
                {
                    int j = (i + 1) % weights.Length;
                    int k = (i + 3) % weights.Length;
                    float[] a = new float[alone[i].Length], b = new float[alone[j].Length], c = new float[alone[k].Length];
                    WeightMatrix.MultiplyAll(weights[i], weights[j], weights[k], x, tokens, workers, a, b, c);
                    Assert.Equal(alone[i], a);
                    Assert.Equal(alone[j], b);
                    Assert.Equal(alone[k], c);
                    a.AsSpan().Clear();
                    b.AsSpan().Clear();
                    WeightMatrix.MultiplyAll(weights[i], weights[j], x, tokens, workers, a, b);
                    Assert.Equal(alone[i], a);
                    Assert.Equal(alone[j], b);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Multiply_AgainAndAgain_DoesNotAllocate(string format)
    {
        const int M = 700;
        const int N = 800;
        Random random = new(11);
        WeightMatrix weight = Create(format, TinyLlama.RandomArray(random, M * N), M, N);
        float[] x = TinyLlama.RandomArray(random, 20 * N);
        float[] y = new float[20 * M];
        long before = 0;
        for (int round = 0; round < 20; round++)
        {
            before = round == 10 ? GC.GetAllocatedBytesForCurrentThread() : before;
            weight.Multiply(x.AsSpan(0, N), 1, new WorkerLimit(2), y.AsSpan(0, M));
            weight.Multiply(x, 20, new WorkerLimit(2), y);
            WeightMatrix.MultiplyAll(weight, weight, x.AsSpan(0, N), 1, new WorkerLimit(2), y.AsSpan(0, M), y.AsSpan(M, M));
        }

        // Which thread takes a part first varies, and with it which scratch piece a thread meets for the first time: a few pieces, not one per round.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 132_000);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Multiply_NaNInOneToken_StaysInThatToken(string format)
    {
        const int M = 13;
        const int N = 96;
        Random random = new(9);
        WeightMatrix weight = Create(format, TinyLlama.RandomArray(random, M * N), M, N);
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            float[] x = TinyLlama.RandomArray(random, 5 * N);
            x[(3 * N) + 70] = bad;
            foreach (ByteKernel kernel in ByteKernels)
            {
                float[] y = new float[5 * M];
                weight.Multiply(x, 5, WorkerLimit.Single, y, LaneWidth.Machine, kernel);
                Assert.All(y[..(3 * M)], v => Assert.True(float.IsFinite(v)));
                Assert.All(y[(3 * M)..(4 * M)], v => Assert.False(float.IsFinite(v)));
                Assert.All(y[(4 * M)..], v => Assert.True(float.IsFinite(v)));
            }
        }
    }

    [Theory]
    [InlineData("BF16")]
    [InlineData("F16")]
    public void Multiply_EveryTwoByteNumber_WidensAsTheConversionDoes(string format)
    {
        // One row per number: finite ones times 1, NaN and infinities on their own.
        const int N = 32;
        ushort[] bits = new ushort[65536 * N];
        for (int i = 0; i < 65536; i++)
        {
            bits[(i * N) + (i % N)] = (ushort)i;
        }

        WeightMatrix weight = format == "BF16" ? new BFloat16Matrix(bits, 65536, N) : new HalfMatrix(MemoryMarshal.Cast<ushort, Half>(bits).ToArray(), 65536, N);
        float[] x = [.. Enumerable.Repeat(1f, 2 * N)];
        foreach (int lanes in new[] { 16, 8, 4, 1 })
        {
            foreach (int tokens in new[] { 1, 2 })
            {
                float[] y = new float[tokens * 65536];
                weight.Multiply(x.AsSpan(0, tokens * N), tokens, WorkerLimit.Single, y, lanes, ByteKernel.Portable);
                for (int i = 0; i < y.Length; i++)
                {
                    ushort value = (ushort)i;
                    float expected = format == "BF16" ? BitConverter.UInt32BitsToSingle((uint)value << 16) : (float)BitConverter.UInt16BitsToHalf(value);
                    Assert.True(expected == y[i] || (float.IsNaN(expected) && float.IsNaN(y[i])), $"{value:X4} at {lanes}: {expected} against {y[i]}");
                }
            }
        }
    }

    [Theory]
    [InlineData("Q8_0")]
    [InlineData("Q4_0")]
    public void Multiply_NaNAsScale_ReachesItsOwnRowOnly(string format)
    {
        byte[] blocks = Blocks(6, format == "Q8_0" ? 32 : 16, 0x11);
        int size = blocks.Length / 6;
        BitConverter.TryWriteBytes(blocks.AsSpan(4 * size), (ushort)0x7E00);
        WeightMatrix weight = format == "Q8_0" ? new Q8Matrix(blocks, 6, 32) : new Q4Matrix(blocks, 6, 32);
        float[] y = new float[6];
        weight.Multiply(Enumerable.Repeat(1f, 32).ToArray(), 1, WorkerLimit.Single, y);
        Assert.Equal([true, true, true, true, false, true], y.Select(float.IsFinite));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public unsafe void Multiply_UnalignedMemory_EqualsAligned(string format)
    {
        const int M = 33;
        const int N = 96;
        Random random = new(10);
        float[] w = TinyLlama.RandomArray(random, M * N);
        WeightMatrix aligned = Create(format, w, M, N);
        float[] x = TinyLlama.RandomArray(random, 3 * N);
        float[] expected = new float[3 * M];
        aligned.Multiply(x, 3, WorkerLimit.Single, expected);
        byte[] raw = format switch
        {
            "F32" => MemoryMarshal.AsBytes(w.AsSpan()).ToArray(),
            "BF16" => MemoryMarshal.AsBytes(ToBFloat16(w).AsSpan()).ToArray(),
            "F16" => MemoryMarshal.AsBytes(ToHalf(w).AsSpan()).ToArray(),
            "Q8_0" => ((Q8Matrix)aligned).Span.ToArray(),
            "Q4_0" => ((Q4Matrix)aligned).Span.ToArray(),
            _ => [],
        };
        Assert.SkipWhen(raw.Length == 0, "The format owns its memory.");
        byte[] moved = GC.AllocateArray<byte>(raw.Length + 1, pinned: true);
        raw.CopyTo(moved, 1);
        byte* start = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(moved, 1);
        WeightMatrix weight = format switch
        {
            "F32" => new SingleMatrix(new RawMemory<float>(start, w.Length).Memory, M, N),
            "BF16" => new BFloat16Matrix(new RawMemory<ushort>(start, w.Length).Memory, M, N),
            "F16" => new HalfMatrix(new RawMemory<Half>(start, w.Length).Memory, M, N),
            "Q8_0" => new Q8Matrix(new RawMemory<byte>(start, raw.Length).Memory, M, N),
            _ => new Q4Matrix(new RawMemory<byte>(start, raw.Length).Memory, M, N),
        };
        float[] y = new float[3 * M];
        weight.Multiply(x, 3, WorkerLimit.Single, y);
        Assert.Equal(expected, y);
        GC.KeepAlive(moved);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void ReadRow_EveryRow_IsThatRowOfToSingles(string format)
    {
        const int M = 11;
        int n = format is "Q8_0" or "Q4_0" ? 64 : 45; // odd, so that rows of four bits begin inside a byte
        WeightMatrix weight = Create(format, TinyLlama.RandomArray(new Random(1), M * n), M, n);
        float[] all = weight.ToSingles();
        for (int row = 0; row < M; row++)
        {
            float[] one = new float[n];
            weight.ReadRow(row, one);
            Assert.Equal(all.AsSpan(row * n, n).ToArray(), one);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => weight.ReadRow(M, new float[n]));
        Assert.Throws<ArgumentOutOfRangeException>(() => weight.ReadRow(-1, new float[n]));
        Assert.Throws<ArgumentException>(() => weight.ReadRow(0, new float[n + 1]));
    }

    [Theory]
    [InlineData("F32", 4 * 64 * 64)]
    [InlineData("BF16", 2 * 64 * 64)]
    [InlineData("F16", 2 * 64 * 64)]
    [InlineData("I8", (64 * 64) + (4 * 64))]
    [InlineData("Q8_0", 64 * 64 / 32 * 34)]
    [InlineData("Q4_0", 64 * 64 / 32 * 18)]
    [InlineData("NF4", (64 * 64 / 2) + 64 + 8)]
    public void ByteLength_SquareOf64_IsWhatTheFormatNeeds(string format, long expected)
    {
        WeightMatrix weight = Create(format, TinyLlama.RandomArray(new Random(1), 64 * 64), 64, 64);
        Assert.Equal(expected, weight.ByteLength);
        Assert.Equal(format, weight.FormatName);
    }

    [Fact]
    public void Constructor_MemoryOfAnotherShape_Throws()
    {
        Assert.Throws<ArgumentException>(() => new SingleMatrix(new float[11], 3, 4));
        Assert.Throws<ArgumentException>(() => new BFloat16Matrix(new ushort[13], 3, 4));
        Assert.Throws<ArgumentException>(() => new HalfMatrix(new Half[13], 3, 4));
        Assert.Throws<ArgumentException>(() => new RowInt8Matrix(new sbyte[12], new float[4], 3, 4));
        Assert.Throws<ArgumentException>(() => new Q8Matrix(new byte[33], 1, 32));
        Assert.Throws<ArgumentException>(() => new Q8Matrix(new byte[34], 1, 31));
        Assert.Throws<ArgumentException>(() => new Q4Matrix(new byte[18], 1, 48));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SingleMatrix(ReadOnlyMemory<float>.Empty, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RowInt8Matrix(ReadOnlyMemory<sbyte>.Empty, ReadOnlyMemory<float>.Empty, 1, RowInt8Matrix.MostColumns + 1));
    }

    internal static WeightMatrix Create(string format, float[] w, int m, int n)
    {
        SingleMatrix singles = new(w, m, n);
        return format switch
        {
            "F32" => singles,
            "BF16" => new BFloat16Matrix(ToBFloat16(w), m, n),
            "F16" => new HalfMatrix(ToHalf(w), m, n),
            "I8" => RowInt8Matrix.Quantize(singles),
            "Q8_0" => Q8Matrix.Quantize(singles),
            "Q4_0" => Q4Matrix.Quantize(singles),
            "NF4" => NormalFloatMatrix.Quantize(singles),
            "FP4" => NormalFloatMatrix.Quantize(singles, new FourBitOptions { Type = FourBitType.Fp4, BlockSize = 32, IsDoubleQuantized = false }),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such format."),
        };
    }

    private static IEnumerable<(int M, int N)> Shapes(string format) =>
        from m in Sizes
        from n in format is "Q8_0" or "Q4_0" ? BlockLengths : Sizes
        select (m, n);

    private static ushort[] ToBFloat16(float[] w) => Array.ConvertAll(w, v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16));

    private static Half[] ToHalf(float[] w) => Array.ConvertAll(w, v => (Half)v);

    /// <summary>Blocks of scale 1 and one byte again and again.</summary>
    private static byte[] Blocks(int count, int bytes, byte value)
    {
        byte[] block = [.. BitConverter.GetBytes(BitConverter.HalfToUInt16Bits((Half)1)), .. Enumerable.Repeat(value, bytes)];
        return [.. Enumerable.Repeat(block, count).SelectMany(b => b)];
    }

    private static void AssertClose(double[] expected, float[] actual, double tolerance, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{what}, at {i}: {expected[i]} against {actual[i]}");
        }
    }

    private sealed unsafe class RawMemory<T>(void* start, int length) : System.Buffers.MemoryManager<T>
        where T : unmanaged
    {
        public override Span<T> GetSpan() => new(start, length);

        public override System.Buffers.MemoryHandle Pin(int elementIndex = 0) => new((T*)start + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
