using OpenLedger.Lora.Quantization;

namespace OpenLedger.Lora.Kernels;

/// <summary>A weight in four bits per value with one scale per block, as QLoRA keeps it; rows become singles just before a product.</summary>
internal sealed unsafe class NormalFloatMatrix : WeightMatrix
{
    private readonly FourBitMatrix _matrix;

    /// <summary>Wraps a quantised matrix.</summary>
    public NormalFloatMatrix(FourBitMatrix matrix)
        : base(matrix.Rows, matrix.Columns) => _matrix = matrix;

    public override long ByteLength => _matrix.ByteCount;

    public override string FormatName => _matrix.Type == FourBitType.Nf4 ? "NF4" : "FP4";

    private protected override ActivationForms Forms => ActivationForms.Parted;

    /// <summary>Quantises a weight of any format.</summary>
    /// <param name="source">Finite values, less than 2³¹ of them.</param>
    /// <param name="options">Type, block size, double quantisation; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is not legal, or a value is not finite.</exception>
    public static NormalFloatMatrix Quantize(WeightMatrix source, FourBitOptions? options = null) =>
        new(FourBitMatrix.Quantize(source.ToSingles(), source.OutFeatures, source.InFeatures, options));

    private protected override void ReadRowCore(int row, Span<float> destination) => _matrix.DequantizeFrom((long)row * InFeatures, destination);

    private protected override void MultiplyRows(in Activations x, float* y, int begin, int end)
    {
        int n = InFeatures;
        int stride = x.PartedStride;
        int stripRows = Math.Min(Strips.Rows(x.Tokens, stride), end - begin);
        bool isPartedAtOnce = x.Lanes == 16 && n % 32 == 0;
        using AlignedBuffer strip = new((long)stripRows * stride * sizeof(float));
        using AlignedBuffer plain = new(isPartedAtOnce ? 0 : (long)n * sizeof(float));
        float* rows = (float*)strip.Pointer;
        for (int i = begin; i < end; i += stripRows)
        {
            int count = Math.Min(stripRows, end - i);
            for (int r = 0; r < count; r++)
            {
                float* row = rows + ((nint)r * stride);
                long start = (long)(i + r) * n;
                if (isPartedAtOnce)
                {
                    _matrix.DequantizeParted(start, new Span<float>(row, n));
                }
                else
                {
                    _matrix.DequantizeFrom(start, new Span<float>(plain.Pointer, n));
                    PartedRows.Part(x.Lanes, (float*)plain.Pointer, n, row);
                }
            }

            DotTiles.Multiply(x.Lanes, x.Parted, stride, rows, stride, y + i, OutFeatures, x.Tokens, count, stride);
        }
    }
}
