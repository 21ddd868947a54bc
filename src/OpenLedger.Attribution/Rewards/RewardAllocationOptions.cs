namespace OpenLedger.Attribution.Rewards;

/// <summary>Which influence earns.</summary>
public sealed record RewardAllocationOptions
{
    /// <summary>Records below this share of the greatest influence earn nothing. From 0 to 1.</summary>
    /// <value>0 unless set.</value>
    public double FloorRelativeToMaximum { get; init; }

    /// <summary>Only so many records earn, the most helpful first, equal ones by record id. At least 1, or null for all.</summary>
    /// <value>null unless set.</value>
    public int? TopRecords { get; init; }

    /// <summary>
    /// Most that one contributor gets, in parts per billion; what is cut off goes to the others in proportion. From 1 to 10^9, or null
    /// for no cap. Where too few contributors earn to hold the whole under the cap, all of them get the same.
    /// </summary>
    /// <value>null unless set.</value>
    public ulong? ContributorCapPpb { get; init; }

    /// <summary>What to do where no record has positive influence.</summary>
    /// <value><see cref="NoPositiveInfluence.PayNobody"/> unless set.</value>
    public NoPositiveInfluence WithoutPositiveInfluence { get; init; }

    /// <summary>Reports all faults at once.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names each.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (!(FloorRelativeToMaximum >= 0 && FloorRelativeToMaximum <= 1))
        {
            faults.Add($"{nameof(FloorRelativeToMaximum)} is {FloorRelativeToMaximum}; it must be from 0 to 1.");
        }

        if (TopRecords < 1)
        {
            faults.Add($"{nameof(TopRecords)} is {TopRecords}; it must be at least 1, or null for all.");
        }

        if (ContributorCapPpb is 0 or > RewardAllocation.TotalPpb)
        {
            faults.Add($"{nameof(ContributorCapPpb)} is {ContributorCapPpb}; it must be from 1 to {RewardAllocation.TotalPpb}, or null for no cap.");
        }

        if (!Enum.IsDefined(WithoutPositiveInfluence))
        {
            faults.Add($"{nameof(WithoutPositiveInfluence)} {(int)WithoutPositiveInfluence} is unknown; legal are 0 and 1.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"{nameof(RewardAllocationOptions)}: {string.Join(" ", faults)}");
        }
    }
}
