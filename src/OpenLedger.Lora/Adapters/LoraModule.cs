using System.Numerics.Tensors;

namespace OpenLedger.Lora.Adapters;

/// <summary>The low-rank update of one linear layer: <c>y = W x + scaling · B (A x)</c>.</summary>
/// <remarks>Immutable and thread-safe, provided that the arrays given to it are not changed.</remarks>
public sealed class LoraModule
{
    /// <summary>Creates an update.</summary>
    /// <param name="modulePath">Path of the linear layer, for example <c>model.layers.0.self_attn.q_proj</c>.</param>
    /// <param name="rank">Inner dimension, 1 or more.</param>
    /// <param name="inFeatures">Inputs of the layer, 1 or more.</param>
    /// <param name="outFeatures">Outputs of the layer, 1 or more.</param>
    /// <param name="scaling">Factor of the update, from <see cref="LoraConfig.ScalingOf"/>.</param>
    /// <param name="loraA">Row-major <c>[rank, inFeatures]</c>; not copied.</param>
    /// <param name="loraB">Row-major <c>[outFeatures, rank]</c>; not copied.</param>
    /// <exception cref="ArgumentException">A length does not fit the shape, or the scaling is not finite.</exception>
    public LoraModule(
        string modulePath,
        int rank,
        int inFeatures,
        int outFeatures,
        double scaling,
        ReadOnlyMemory<float> loraA,
        ReadOnlyMemory<float> loraB)
    {
        ArgumentException.ThrowIfNullOrEmpty(modulePath);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inFeatures, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outFeatures, 1);
        if (!double.IsFinite(scaling))
        {
            throw new ArgumentException($"The scaling of '{modulePath}' is {scaling}; legal is a finite number.", nameof(scaling));
        }

        if (loraA.Length != (long)rank * inFeatures)
        {
            throw new ArgumentException($"A of '{modulePath}' has {loraA.Length} elements; [{rank}, {inFeatures}] needs {(long)rank * inFeatures}.", nameof(loraA));
        }

        if (loraB.Length != (long)outFeatures * rank)
        {
            throw new ArgumentException($"B of '{modulePath}' has {loraB.Length} elements; [{outFeatures}, {rank}] needs {(long)outFeatures * rank}.", nameof(loraB));
        }

        ModulePath = modulePath;
        Rank = rank;
        InFeatures = inFeatures;
        OutFeatures = outFeatures;
        Scaling = scaling;
        LoraA = loraA;
        LoraB = loraB;
    }

    /// <summary>Path of the linear layer in the base model, without PEFT's <c>base_model.model.</c></summary>
    public string ModulePath { get; }

    /// <summary>Inner dimension of the update.</summary>
    public int Rank { get; }

    /// <summary>Inputs of the layer.</summary>
    public int InFeatures { get; }

    /// <summary>Outputs of the layer.</summary>
    public int OutFeatures { get; }

    /// <summary>Factor of the update.</summary>
    public double Scaling { get; }

    /// <summary>Row-major <c>[rank, inFeatures]</c>.</summary>
    public ReadOnlyMemory<float> LoraA { get; }

    /// <summary>Row-major <c>[outFeatures, rank]</c>.</summary>
    public ReadOnlyMemory<float> LoraB { get; }

    /// <summary>Adds <c>scaling · B A</c> to a weight.</summary>
    /// <param name="weight">Row-major <c>[outFeatures, inFeatures]</c>, changed in place.</param>
    /// <exception cref="ArgumentException"><paramref name="weight"/> has another length.</exception>
    /// <remarks>Each row's update is summed in double and rounded once, so that merging costs no more accuracy than storing the sum.</remarks>
    public void AddDeltaTo(Span<float> weight)
    {
        if (weight.Length != (long)OutFeatures * InFeatures)
        {
            throw new ArgumentException(
                $"The weight of '{ModulePath}' has {weight.Length} elements; [{OutFeatures}, {InFeatures}] needs {(long)OutFeatures * InFeatures}.",
                nameof(weight));
        }

        ReadOnlySpan<float> a = LoraA.Span;
        ReadOnlySpan<float> b = LoraB.Span;
        double[] aWide = new double[a.Length];
        TensorPrimitives.ConvertTruncating(a, aWide);
        double[] row = new double[InFeatures];
        for (int i = 0; i < OutFeatures; i++)
        {
            Array.Clear(row);
            for (int k = 0; k < Rank; k++)
            {
                TensorPrimitives.MultiplyAdd(aWide.AsSpan(k * InFeatures, InFeatures), Scaling * b[(i * Rank) + k], row, row);
            }

            Span<float> target = weight.Slice(i * InFeatures, InFeatures);
            for (int j = 0; j < row.Length; j++)
            {
                target[j] = (float)(target[j] + row[j]);
            }
        }
    }
}
