namespace OpenLedger.Lora.Merging;

/// <summary>How adapters are merged. Fields that a method does not use are ignored.</summary>
public sealed record MergeOptions
{
    /// <summary>The operation.</summary>
    public required MergeMethod Method { get; init; }

    /// <summary>Whose definition counts.</summary>
    /// <value><see cref="MergeSemantics.Peft"/></value>
    public MergeSemantics Semantics { get; init; }

    /// <summary>Whether element-wise methods of PEFT work on ΔW and are compressed afterwards (its <c>*_svd</c> types), instead of on A and B.</summary>
    public bool OnDelta { get; init; }

    /// <summary>Rank of the result where the method does not fix it.</summary>
    /// <value><see langword="null"/>: the sum of ranks where the result is exact, else the largest rank.</value>
    public int? Rank { get; init; }

    /// <summary>Share of entries that trimming or dropping keeps, in (0, 1].</summary>
    /// <value>1</value>
    public double Density { get; init; } = 1;

    /// <summary>How TIES elects signs.</summary>
    /// <value><see cref="SignElection.Total"/></value>
    public SignElection Election { get; init; }

    /// <summary>mergekit: whether sums are divided by the weights kept.</summary>
    /// <value><see langword="null"/>: as mergekit does, true for TIES and DELLA with signs, false for the others.</value>
    public bool? Normalize { get; init; }

    /// <summary>λ: the merged update is multiplied with it.</summary>
    /// <value>1</value>
    public double Lambda { get; init; } = 1;

    /// <summary>DELLA: half the spread of the keep probabilities around the density; density ± ε must lie in (0, 1).</summary>
    /// <value>0.15</value>
    public double Epsilon { get; init; } = 0.15;

    /// <summary>Breadcrumbs: share of the largest entries that is dropped.</summary>
    /// <value>0.01</value>
    public double Gamma { get; init; } = 0.01;

    /// <summary>Seed of everything random: DARE, DELLA, and the start of iterative decompositions.</summary>
    public int Seed { get; init; }

    /// <summary>KnOTS: the method applied to the right factors: <see cref="MergeMethod.Ties"/>, <see cref="MergeMethod.DareLinear"/> or <see cref="MergeMethod.DareTies"/>.</summary>
    /// <value><see cref="MergeMethod.Ties"/></value>
    public MergeMethod Inner { get; init; } = MergeMethod.Ties;

    /// <summary>Checks all fields.</summary>
    /// <exception cref="ArgumentException">Lists every fault.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (!Enum.IsDefined(Method))
        {
            faults.Add($"{nameof(Method)} is {Method}, no merge method");
        }

        if (Rank < 1)
        {
            faults.Add($"{nameof(Rank)} is {Rank}; legal is 1 and up, or null");
        }

        if (!(Density > 0 && Density <= 1))
        {
            faults.Add($"{nameof(Density)} is {Density}; legal is more than 0, up to 1");
        }

        if (!double.IsFinite(Lambda))
        {
            faults.Add($"{nameof(Lambda)} is {Lambda}; legal is a finite number");
        }

        if (Method == MergeMethod.Della && !(Epsilon >= 0 && Density - Epsilon > 0 && Density + Epsilon < 1))
        {
            faults.Add($"{nameof(Density)} {Density} ± {nameof(Epsilon)} {Epsilon} leaves (0, 1)");
        }

        if (Method == MergeMethod.Breadcrumbs && !(Gamma >= 0 && Gamma < Density))
        {
            faults.Add($"{nameof(Gamma)} is {Gamma}; legal is 0 to below {nameof(Density)} {Density}");
        }

        if (Method == MergeMethod.Knots && Inner is not (MergeMethod.Ties or MergeMethod.DareLinear or MergeMethod.DareTies))
        {
            faults.Add($"{nameof(Inner)} is {Inner}; legal are {MergeMethod.Ties}, {MergeMethod.DareLinear} and {MergeMethod.DareTies}");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"The merge options are invalid:\n  - {string.Join("\n  - ", faults)}");
        }
    }
}
