using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>Activations of one pass through the layers.</summary>
internal sealed class PassScratch
{
    /// <summary>Rows of the MLP that are computed together; bounds the widest activations where a pass has more rows.</summary>
    public const int MlpRows = 128;

    public PassScratch(DecoderDescription d, int rows, int maxRank)
    {
        Rows = rows;
        MaxRank = maxRank;
        Stream = new float[checked(rows * d.HiddenSize)];
        Normed = new float[Stream.Length];
        Branch = new float[Stream.Length];
        Queries = new float[checked(rows * d.HeadCount * d.HeadSize)];
        Attended = new float[Queries.Length];
        Keys = new float[rows * d.KeyValueHeadCount * d.HeadSize];
        Values = new float[Keys.Length];
        Up = new float[checked(Math.Min(rows, MlpRows) * d.IntermediateSize)];
        Gate = new float[d.GatedMlp ? Up.Length : 0];
        Inner = new float[Up.Length];
        LowRank = new float[checked(rows * maxRank)];
        Angles = new float[checked(rows * 2 * d.HeadSize)];
    }

    public int Rows { get; }

    public int MaxRank { get; }

    public float[] Stream { get; }

    public float[] Normed { get; }

    public float[] Branch { get; }

    public float[] Queries { get; }

    public float[] Attended { get; }

    public float[] Keys { get; }

    public float[] Values { get; }

    public float[] Gate { get; }

    public float[] Up { get; }

    public float[] Inner { get; }

    public float[] LowRank { get; }

    /// <summary>Cosines and sines of every row, for the layers without a window and for those with one.</summary>
    public float[] Angles { get; }
}
