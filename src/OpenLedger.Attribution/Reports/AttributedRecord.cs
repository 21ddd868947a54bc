using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Attribution.Reports;

/// <summary>One record in a report.</summary>
public sealed record AttributedRecord
{
    /// <summary>The record's identity.</summary>
    public required string RecordId { get; init; }

    /// <summary>Who contributed it.</summary>
    public required ContributorId Contributor { get; init; }

    /// <summary>Signed influence on the answer; above 0 means that the record helped.</summary>
    public required double Influence { get; init; }

    /// <summary>Weight in the reward allocation, in parts per billion; 0 where it earns nothing.</summary>
    public required ulong WeightPpb { get; init; }
}
