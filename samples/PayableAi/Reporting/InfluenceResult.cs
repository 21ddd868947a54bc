namespace PayableAi.Reporting;

/// <summary>For how many held-out questions the record that holds the fact is among the first three of each method.</summary>
public sealed record InfluenceResult
{
    /// <summary>Name of the method that decides payouts.</summary>
    public required string Method { get; init; }

    /// <summary>Hits of the method that decides payouts.</summary>
    public required int Top3 { get; init; }

    /// <summary>Hits of BM25 on the question.</summary>
    public required int Bm25Top3 { get; init; }

    /// <summary>Hits of BM25 on question and answer together.</summary>
    public required int Bm25WithAnswerTop3 { get; init; }

    /// <summary>Hits of the published DataInf closed form.</summary>
    public required int DataInfTop3 { get; init; }

    /// <summary>Questions examined.</summary>
    public required int Total { get; init; }
}
