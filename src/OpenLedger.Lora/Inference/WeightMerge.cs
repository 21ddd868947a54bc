using System.Numerics.Tensors;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Inference;

/// <summary>Adds an adapter's update to a weight, which keeps its number format as PEFT's merging does.</summary>
internal static class WeightMerge
{
    /// <summary>Anything larger would round to infinity.</summary>
    private const float BFloat16Largest = 3.3895314e38f;

    /// <summary><c>W + s · B A</c>, rounded once to the format of W.</summary>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.NotFinite"/>: the sum exceeds the format.</exception>
    /// <exception cref="NotSupportedException">W is quantised: rounding the sum would lose most of the update.</exception>
    public static WeightMatrix Add(WeightMatrix weight, LoraModule module)
    {
        if (weight is not (SingleMatrix or BFloat16Matrix or HalfMatrix))
        {
            throw new NotSupportedException(
                $"The weight of '{module.ModulePath}' is kept as {weight.FormatName}; merging would round most of the update away. "
                + "Load the model in its stored format, or use the adapter unmerged.");
        }

        float[] merged = weight.ToSingles();
        module.AddDeltaTo(merged);
        float largest = weight switch { HalfMatrix => (float)Half.MaxValue, BFloat16Matrix => BFloat16Largest, _ => float.MaxValue };
        foreach (float value in merged)
        {
            if (!(Math.Abs(value) <= largest))
            {
                throw new ModelFormatException(
                    ModelFormatError.NotFinite, module.ModulePath, $"the merged weight holds {value}, which {weight.FormatName} cannot; use the adapter unmerged");
            }
        }

        switch (weight)
        {
            case BFloat16Matrix:
                return new BFloat16Matrix(Array.ConvertAll(merged, BFloat16Conversion.Narrow), weight.OutFeatures, weight.InFeatures);
            case HalfMatrix:
                Half[] halves = new Half[merged.Length];
                TensorPrimitives.ConvertToHalf(merged, halves);
                return new HalfMatrix(halves, weight.OutFeatures, weight.InFeatures);
            default:
                return new SingleMatrix(merged, weight.OutFeatures, weight.InFeatures);
        }
    }
}
