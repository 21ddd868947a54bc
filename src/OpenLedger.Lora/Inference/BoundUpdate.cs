using OpenLedger.Lora.Adapters;

namespace OpenLedger.Lora.Inference;

/// <summary>One low-rank update, laid out for the kernels.</summary>
internal sealed class BoundUpdate
{
    private readonly float[] _scaledRowsOfB;

    public BoundUpdate(LoraModule module)
    {
        Rank = module.Rank;
        LoraA = module.LoraA;
        ReadOnlySpan<float> b = module.LoraB.Span;
        _scaledRowsOfB = new float[b.Length];
        for (int i = 0; i < module.OutFeatures; i++)
        {
            for (int k = 0; k < Rank; k++)
            {
                _scaledRowsOfB[(k * module.OutFeatures) + i] = (float)(module.Scaling * b[(i * Rank) + k]);
            }
        }
    }

    public int Rank { get; }

    /// <summary>Row-major <c>[rank, in]</c>; the same memory in every update that comes from one fused module.</summary>
    public ReadOnlyMemory<float> LoraA { get; }

    /// <summary>
    /// <c>scaling · transpose(B)</c>, row-major <c>[rank, out]</c>: long rows fill vector registers whatever the rank, and the scaling
    /// costs nothing per token.
    /// </summary>
    public ReadOnlySpan<float> ScaledRowsOfB => _scaledRowsOfB;
}
