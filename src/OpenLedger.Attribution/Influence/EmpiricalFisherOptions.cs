namespace OpenLedger.Attribution.Influence;

/// <summary>Settings of <see cref="EmpiricalFisherInfluence"/>.</summary>
public sealed record EmpiricalFisherOptions
{
    /// <summary>λ.</summary>
    /// <value>0.1 times the mean eigenvalue unless set.</value>
    public Damping Damping { get; init; } = Damping.RelativeToMeanEigenvalue(0.1);

    /// <summary>The correction for records with large gradients.</summary>
    /// <value><see cref="SelfNormalization.None"/> unless set.</value>
    public SelfNormalization Normalization { get; init; }

    /// <summary>Reports all faults at once.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names each.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (Damping.Value <= 0)
        {
            faults.Add($"{nameof(Damping)} is unset; use Damping.Absolute or Damping.RelativeToMeanEigenvalue.");
        }

        if (!Enum.IsDefined(Normalization))
        {
            faults.Add($"{nameof(Normalization)} {(int)Normalization} is unknown; legal are 0 to 3.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"{nameof(EmpiricalFisherOptions)}: {string.Join(" ", faults)}");
        }
    }
}
