namespace OpenLedger.Datanets.Access;

/// <summary>How much of something one grant allows.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Amount">How much, 1 to 2^53 - 1.</param>
public sealed record AccessQuota(AccessQuotaUnit Unit, long Amount)
{
    internal const long MaxAmount = (1L << 53) - 1; // beyond that a JSON number is rounded

    internal void AddFaults(List<string> faults)
    {
        if (!Enum.IsDefined(Unit) || Amount is < 1 or > MaxAmount)
        {
            faults.Add($"The quota is {Amount} of unit {(int)Unit}; use 1 to {MaxAmount} of a member of {nameof(AccessQuotaUnit)}.");
        }
    }
}
