using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Inference;

/// <summary>Brings weights into the format that <see cref="InferenceOptions.WeightFormat"/> asks for.</summary>
internal static class WeightConversion
{
    /// <summary>Values that share a scale in <see cref="WeightFormat.Q8"/> and <see cref="WeightFormat.Q4"/>.</summary>
    private const int Block = 32;

    /// <summary>The format of one weight of the model.</summary>
    public static WeightFormat FormatOf(WeightFormat format, DecoderTensor tensor) => tensor switch
    {
        >= DecoderTensor.Query and <= DecoderTensor.Down => format,

        // Four bits hurt the head more than any other layer, and it is read once per token.
        DecoderTensor.Head => format is WeightFormat.Q4 or WeightFormat.NormalFloat4 ? WeightFormat.Q8 : format,
        _ => WeightFormat.Stored,
    };

    public static bool IsQuantized(WeightFormat format) => format >= WeightFormat.Int8;

    /// <summary>Throws unless every row of the model can be cut into the blocks of a format.</summary>
    /// <exception cref="ArgumentException">Names the width that cannot.</exception>
    public static void RequireBlocks(DecoderDescription description, WeightFormat format)
    {
        foreach ((DecoderTensor tensor, int _, ValueList<int> shape) in description.Tensors())
        {
            if (FormatOf(format, tensor) is WeightFormat.Q8 or WeightFormat.Q4 && shape[1] % Block != 0)
            {
                throw new ArgumentException(
                    $"{nameof(InferenceOptions.WeightFormat)} is {format}, which cuts rows into blocks of {Block}; rows of {tensor} have {shape[1]} weights. "
                    + $"Use {nameof(WeightFormat.Int8)}, which cuts nothing.");
            }
        }
    }

    /// <summary>Converts a weight.</summary>
    /// <param name="source">Its rows.</param>
    /// <param name="format">The format to convert to.</param>
    /// <exception cref="ArgumentException">The format cannot hold a value, such as NaN.</exception>
    public static WeightMatrix Convert(WeightMatrix source, WeightFormat format) => format switch
    {
        WeightFormat.Single => source as SingleMatrix ?? new SingleMatrix(source.ToSingles(), source.OutFeatures, source.InFeatures),
        WeightFormat.BFloat16 => source as BFloat16Matrix ?? Narrow(source),
        WeightFormat.Int8 => RowInt8Matrix.Quantize(source),
        WeightFormat.Q8 => Q8Matrix.Quantize(source),
        WeightFormat.Q4 => Q4Matrix.Quantize(source),
        WeightFormat.NormalFloat4 => NormalFloatMatrix.Quantize(source),
        _ => source,
    };

    private static BFloat16Matrix Narrow(WeightMatrix source)
    {
        ushort[] values = new ushort[checked(source.OutFeatures * source.InFeatures)];
        float[] row = new float[source.InFeatures];
        for (int i = 0; i < source.OutFeatures; i++)
        {
            source.ReadRow(i, row);
            for (int j = 0; j < row.Length; j++)
            {
                values[(i * row.Length) + j] = BFloat16Conversion.Narrow(row[j]);
            }

            int place = FiniteCheck.IndexOfNotFinite(values.AsSpan(i * row.Length, row.Length));
            if (place >= 0)
            {
                throw new ArgumentException($"Element {place} of row {i} is {row[place]}, which bfloat16 does not hold.", nameof(source));
            }
        }

        return new BFloat16Matrix(values, source.OutFeatures, source.InFeatures);
    }
}
