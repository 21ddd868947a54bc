using OpenLedger.Attribution.Influence;
using OpenLedger.Attribution.Rewards;
using OpenLedger.Attribution.Spans;

namespace OpenLedger.Attribution.Answers;

/// <summary>How answers are attributed.</summary>
public sealed record AnswerAttributorOptions
{
    /// <summary>The influence method.</summary>
    /// <value>
    /// Empirical Fisher over rows of unit length, damped by the mean eigenvalue: records differ in the number and length of their examples,
    /// and a record must not gain from that alone.
    /// </value>
    public IInfluenceMethod Method { get; init; } = new EmpiricalFisherInfluence(new EmpiricalFisherOptions
    {
        Normalization = SelfNormalization.UnitRows,
        Damping = Damping.RelativeToMeanEigenvalue(1),
    });

    /// <summary>Which influence earns.</summary>
    /// <value>The ten most helpful records, and of those only the ones with at least a tenth of the greatest influence.</value>
    public RewardAllocationOptions Rewards { get; init; } = new() { TopRecords = 10, FloorRelativeToMaximum = 0.1 };

    /// <summary>Which spans are reported.</summary>
    /// <value>From one word on: short answers are names and numbers.</value>
    public SpanMatchOptions Spans { get; init; } = new() { MinimumLength = 1 };

    /// <summary>Examples per backward pass.</summary>
    /// <value>16; 1 to 4096.</value>
    public int BatchSize { get; init; } = 16;

    /// <summary>Reports every fault at once.</summary>
    /// <exception cref="ArgumentException">A value is missing or out of range; the message lists each with its legal range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (Method is null)
        {
            faults.Add($"{nameof(Method)} is null, legal is an influence method");
        }

        if (Rewards is null)
        {
            faults.Add($"{nameof(Rewards)} is null, legal are options");
        }

        if (Spans is null)
        {
            faults.Add($"{nameof(Spans)} is null, legal are options");
        }

        if (BatchSize is < 1 or > 4096)
        {
            faults.Add($"{nameof(BatchSize)} is {BatchSize}, legal is 1 to 4096");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"Answer attribution options: {string.Join("; ", faults)}.");
        }

        Rewards!.Validate();
        Spans!.Validate();
    }
}
