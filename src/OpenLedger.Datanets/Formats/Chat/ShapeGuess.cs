namespace OpenLedger.Datanets.Formats;

/// <summary>Which shape rows have, as far as they tell.</summary>
public sealed record ShapeGuess
{
    internal ShapeGuess(RecordShape? shape, double confidence, string reason)
    {
        Shape = shape;
        Confidence = confidence;
        Reason = reason;
    }

    /// <summary>The shape that most rows have, or <see langword="null"/> when it is none of them.</summary>
    public RecordShape? Shape { get; }

    /// <summary>The part of the rows that has the shape, 0 to 1.</summary>
    public double Confidence { get; }

    /// <summary>One sentence for people.</summary>
    public string Reason { get; }
}
