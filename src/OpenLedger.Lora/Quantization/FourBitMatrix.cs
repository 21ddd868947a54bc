using OpenLedger.Lora.Kernels;

namespace OpenLedger.Lora.Quantization;

/// <summary>A matrix in four bits per value and one scale per block, as QLoRA keeps a frozen base (Dettmers et al., arXiv 2305.14314).</summary>
/// <remarks>
/// <para>
/// The matrix is flattened row by row and cut into blocks; the last block may be shorter. A value <c>x</c> of a block with greatest magnitude
/// <c>m</c> becomes the code whose value is nearest to <c>x / m</c>, and is read back as <c>value · m</c>. With double quantisation the scales
/// are kept as <c>map[q_i] · m2 + offset</c>: <c>offset</c> is their mean, and 256 of them share one <c>m2</c>.
/// </para>
/// <para>Immutable; safe for concurrent use.</para>
/// </remarks>
public sealed class FourBitMatrix
{
    private const int ScalesPerGroup = 256;
    private const int MostScales = 128;

    private static readonly float[] ByteMap = DynamicByteMap.Values;

    private readonly byte[] _packed;
    private readonly float[]? _scales;
    private readonly byte[]? _scaleCodes;
    private readonly float[]? _groupScales;
    private readonly float _scaleOffset;

    private FourBitMatrix(int rows, int columns, FourBitOptions options, byte[] packed, float[] scales)
    {
        Rows = rows;
        Columns = columns;
        Type = options.Type;
        BlockSize = options.BlockSize;
        _packed = packed;
        if (!options.IsDoubleQuantized)
        {
            _scales = scales;
            return;
        }

        _scaleOffset = scales.Length == 0 ? 0 : (float)(scales.Sum(scale => (double)scale) / scales.Length);
        _scaleCodes = new byte[scales.Length];
        _groupScales = new float[(scales.Length + ScalesPerGroup - 1) / ScalesPerGroup];
        for (int group = 0; group < _groupScales.Length; group++)
        {
            int from = group * ScalesPerGroup;
            int to = Math.Min(from + ScalesPerGroup, scales.Length);
            float largest = 0;
            for (int i = from; i < to; i++)
            {
                largest = Math.Max(largest, Math.Abs(scales[i] - _scaleOffset));
            }

            _groupScales[group] = largest;
            for (int i = from; i < to; i++)
            {
                _scaleCodes[i] = DynamicByteMap.Nearest(largest == 0 ? 0 : (scales[i] - _scaleOffset) / largest);
            }
        }
    }

    /// <summary>Rows, the output features of a weight.</summary>
    public int Rows { get; }

    /// <summary>Columns, the input features of a weight.</summary>
    public int Columns { get; }

    /// <summary>Which sixteen values.</summary>
    public FourBitType Type { get; }

    /// <summary>How many consecutive values share a scale.</summary>
    public int BlockSize { get; }

    /// <summary>Whether the scales are kept in eight bits.</summary>
    public bool IsDoubleQuantized => _scales is null;

    /// <summary>The codes, two per byte, the first in the high half; row-major.</summary>
    public ReadOnlyMemory<byte> Packed => _packed;

    /// <summary>Bytes kept: codes and scales.</summary>
    public long ByteCount => _packed.Length + (sizeof(float) * (long)(_scales?.Length ?? _groupScales!.Length + 1)) + (_scaleCodes?.Length ?? 0);

    private long Count => (long)Rows * Columns;

    private int BlockCount => (int)((Count + BlockSize - 1) / BlockSize);

    /// <summary>Quantises a matrix.</summary>
    /// <param name="values">Row-major <c>[rows, columns]</c>; finite.</param>
    /// <param name="rows">Rows, 1 or more.</param>
    /// <param name="columns">Columns, 1 or more.</param>
    /// <param name="options">Type, block size, double quantisation; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The shape does not fit the values, an option is not legal, or a value is NaN or infinite.</exception>
    public static FourBitMatrix Quantize(ReadOnlySpan<float> values, int rows, int columns, FourBitOptions? options = null)
    {
        options ??= new FourBitOptions();
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if ((long)rows * columns != values.Length)
        {
            throw new ArgumentException($"A matrix of {rows} rows and {columns} columns has {(long)rows * columns} values, not {values.Length}.", nameof(values));
        }

        FourBitCode code = FourBitCode.Of(options.Type);
        byte[] packed = new byte[(values.Length + 1) / 2];
        float[] scales = new float[(int)(((long)values.Length + options.BlockSize - 1) / options.BlockSize)];
        Span<byte> ranks = stackalloc byte[options.BlockSize];
        for (int block = 0; block < scales.Length; block++)
        {
            int from = block * options.BlockSize;
            ReadOnlySpan<float> x = values[from..(int)Math.Min(from + (long)options.BlockSize, values.Length)];
            float scale = FourBitBlocks.Largest(x);
            if (!float.IsFinite(scale))
            {
                throw new ArgumentException(
                    $"A value among {from} to {from + x.Length - 1} is not finite; a block with NaN or an infinity has no scale.", nameof(values));
            }

            scales[block] = scale;
            Span<byte> rank = ranks[..x.Length];
            FourBitBlocks.Rank(x, code.Midpoints, scale == 0 ? 1 : scale, rank);
            FourBitBlocks.Pack(rank, code.CodeOfRank, packed.AsSpan(from / 2)); // blocks are even but the last: no byte spans two
        }

        return new FourBitMatrix(rows, columns, options, packed, scales);
    }

    /// <summary>Reads all values back.</summary>
    /// <param name="destination">Receives row-major <c>[rows, columns]</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    public void Dequantize(Span<float> destination)
    {
        if (destination.Length != Count)
        {
            throw new ArgumentException($"The destination has {destination.Length} places for {Count} values.", nameof(destination));
        }

        ReadOnlySpan<float> code = FourBitCode.Of(Type).Values;
        for (int block = 0; block < BlockCount; block++)
        {
            int from = block * BlockSize;
            Span<float> y = destination[from..(int)Math.Min(from + (long)BlockSize, destination.Length)];
            FourBitBlocks.Expand(_packed.AsSpan(from / 2, (y.Length + 1) / 2), code, ScaleOf(block), y);
        }
    }

    /// <summary>Reads consecutive values back, wherever blocks begin and end.</summary>
    /// <param name="start">Place of the first value in the flattened matrix.</param>
    /// <param name="destination">Receives the values.</param>
    internal void DequantizeFrom(long start, Span<float> destination)
    {
        ReadOnlySpan<float> code = FourBitCode.Of(Type).Values;
        int done = 0;
        while (done < destination.Length)
        {
            int at = (int)(start + done);
            int block = at / BlockSize;
            float scale = ScaleOf(block);
            if (at % 2 != 0)
            {
                destination[done++] = code[_packed[at / 2] & 15] * scale;
                continue;
            }

            int count = Math.Min(((block + 1) * BlockSize) - at, destination.Length - done);
            FourBitBlocks.Expand(_packed.AsSpan(at / 2, (count + 1) / 2), code, scale, destination.Slice(done, count));
            done += count;
        }
    }

    /// <summary>Reads consecutive values back, in every 32 those at even places and then those at odd places: as registers of 16 floats yield them.</summary>
    /// <param name="start">Place of the first value in the flattened matrix, a multiple of 32.</param>
    /// <param name="destination">Receives the values, a multiple of 32.</param>
    internal void DequantizeParted(long start, Span<float> destination)
    {
        ReadOnlySpan<float> code = FourBitCode.Of(Type).Values;
        int first = (int)(start / BlockSize);
        int into = (int)(start % BlockSize);
        Span<float> scales = stackalloc float[MostScales];
        for (int done = 0; done < destination.Length;)
        {
            int blocks = Math.Min(MostScales, (into + destination.Length - done + BlockSize - 1) / BlockSize);
            int count = Math.Min(destination.Length - done, (blocks * BlockSize) - into);
            ReadScales(first, scales[..blocks]);
            FourBitBlocks.ExpandParted(_packed.AsSpan((int)((start + done) / 2), count / 2), code, scales[..blocks], BlockSize, into, destination.Slice(done, count));
            done += count;
            first += blocks;
            into = 0;
        }
    }

    /// <summary>The scale of a block as it is read back.</summary>
    /// <param name="block">0-based.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="block"/> is out of range.</exception>
    public float GetScale(int block)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(block);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, BlockCount);
        return ScaleOf(block);
    }

    private void ReadScales(int first, Span<float> scales)
    {
        if (_scales is not null)
        {
            _scales.AsSpan(first, scales.Length).CopyTo(scales);
            return;
        }

        float[] map = ByteMap;
        ReadOnlySpan<byte> codes = _scaleCodes.AsSpan(first, scales.Length);
        for (int i = 0; i < codes.Length; i++)
        {
            scales[i] = (map[codes[i]] * _groupScales![(first + i) / ScalesPerGroup]) + _scaleOffset;
        }
    }

    private float ScaleOf(int block) => _scales is not null
        ? _scales[block]
        : (ByteMap[_scaleCodes![block]] * _groupScales![block / ScalesPerGroup]) + _scaleOffset;
}
