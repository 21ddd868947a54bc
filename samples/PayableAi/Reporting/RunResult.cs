namespace PayableAi.Reporting;

/// <summary>
/// Everything one run of the sample found out, as it is written to <c>result.json</c>. The keys are documented in
/// <c>docs/result-json.md</c>. Apart from <see cref="DurationSeconds"/>, <see cref="PeakMemoryMiB"/>, <see cref="Machine"/> and
/// <see cref="TrainingResult.TokensPerSecond"/> the same seed gives the same values on the same machine.
/// </summary>
/// <remarks>Immutable as long as the lists given to it are not changed; then safe to share between threads.</remarks>
public sealed record RunResult
{
    /// <summary>The seed of the run.</summary>
    public required int Seed { get; init; }

    /// <summary>Wall-clock time of the whole run in seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Largest resident set of the process in MiB.</summary>
    public required double PeakMemoryMiB { get; init; }

    /// <summary>Where it ran.</summary>
    public required MachineResult Machine { get; init; }

    /// <summary>The committed datanet versions.</summary>
    public required IReadOnlyList<DatanetResult> Datanets { get; init; }

    /// <summary>The contributors, in the order that gives them their colours in the report.</summary>
    public required IReadOnlyList<ContributorResult> Contributors { get; init; }

    /// <summary>The fine-tune and its accuracy.</summary>
    public required TrainingResult Training { get; init; }

    /// <summary>How often each method names the record that holds the fact.</summary>
    public required InfluenceResult Influence { get; init; }

    /// <summary>The questions that were asked and paid for.</summary>
    public required IReadOnlyList<AnswerResult> Answers { get; init; }

    /// <summary>The fees, one per answer and in the order of <see cref="Answers"/>.</summary>
    public required IReadOnlyList<FeeResult> Fees { get; init; }

    /// <summary>The claims against the payout root.</summary>
    public required IReadOnlyList<ClaimResult> Claims { get; init; }

    /// <summary>What each contributor earned.</summary>
    public required IReadOnlyList<PayoutResult> Payouts { get; init; }

    /// <summary>The result of verifying the exported files in a separate process.</summary>
    public required VerificationResult Verification { get; init; }

    /// <summary>The result of changing single bytes of the exported files.</summary>
    public required TamperResult Tamper { get; init; }

    /// <summary>True only where every changed byte was noticed.</summary>
    public required bool TamperDetected { get; init; }

    /// <summary>A copy without what legitimately differs between two runs with one seed: durations, memory, speed and machine.</summary>
    public RunResult WithoutMeasurements() => this with
    {
        DurationSeconds = 0,
        PeakMemoryMiB = 0,
        Machine = new MachineResult { Os = "", Cores = 0, Dotnet = "" },
        Training = Training with { TokensPerSecond = 0 },
    };
}
