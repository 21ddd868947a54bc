namespace PayableAi.Reporting;

/// <summary>How many held-out questions were answered exactly.</summary>
public sealed record HeldOutResult
{
    /// <summary>Exact answers with the adapter.</summary>
    public required int AdapterCorrect { get; init; }

    /// <summary>Exact answers of the base model alone.</summary>
    public required int BaseCorrect { get; init; }

    /// <summary>Questions asked.</summary>
    public required int Total { get; init; }
}
