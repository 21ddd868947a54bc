using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Review;

/// <summary>The rules of a <see cref="ReviewQueue"/>. A change applies to what is decided later; what was decided stays.</summary>
public sealed record ReviewQueueOptions
{
    /// <summary>Most reviews of one task.</summary>
    public const int MaxOverlap = 100;

    /// <summary>How many independent reviews a task needs, unless the request says otherwise.</summary>
    /// <value>1; 1 to <see cref="MaxOverlap"/>.</value>
    public int Overlap { get; init; } = 1;

    /// <summary>When answers are enough for a decision.</summary>
    /// <value><see cref="ResolutionRule.Majority"/>.</value>
    public ResolutionRule Rule { get; init; } = ResolutionRule.Majority;

    /// <summary>How many equal answers decide under <see cref="ResolutionRule.FirstToQuorum"/>; otherwise unused.</summary>
    /// <value>1; 1 to <see cref="MaxOverlap"/>. A task with a smaller overlap can then never be decided by reviewers.</value>
    public int Quorum { get; init; } = 1;

    /// <summary>How long a claim keeps others out.</summary>
    /// <value>30 minutes; 1 second to 30 days.</value>
    public TimeSpan ClaimTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How many tasks one reviewer may hold at a time.</summary>
    /// <value>5; 1 to 1,000.</value>
    public int MaxClaimsPerReviewer { get; init; } = 5;

    /// <summary>Whether the owner confirms what the reviewers decided, as the mission has it.</summary>
    /// <value><see langword="true"/>.</value>
    public bool OwnerApproval { get; init; } = true;

    /// <summary>How long a contributor may dispute a rejection.</summary>
    /// <value>7 days; zero (never) to 365 days.</value>
    public TimeSpan DisputeWindow { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many second-level reviews a dispute gets.</summary>
    /// <value>3; 1 to <see cref="MaxOverlap"/>. An even number can tie, and the owner decides.</value>
    public int DisputeOverlap { get; init; } = 3;

    /// <summary>Who may review disputed rejections; those who judged first never may.</summary>
    /// <value><see langword="null"/>: anyone else. Copied when the queue is opened.</value>
    public IReadOnlyCollection<ContributorId>? SecondLevelReviewers { get; init; }

    /// <summary>More reasons why a reviewer may not judge a record.</summary>
    /// <value>None beyond the record being the reviewer's own or a related account's.</value>
    public IConflictCheck? ConflictCheck { get; init; }

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        CheckCount(faults, nameof(Overlap), Overlap, MaxOverlap);
        CheckCount(faults, nameof(Quorum), Quorum, MaxOverlap);
        CheckCount(faults, nameof(DisputeOverlap), DisputeOverlap, MaxOverlap);
        CheckCount(faults, nameof(MaxClaimsPerReviewer), MaxClaimsPerReviewer, 1000);
        if (!Enum.IsDefined(Rule))
        {
            faults.Add($"{nameof(Rule)} is {(int)Rule}; use a member of {nameof(ResolutionRule)}.");
        }

        if (ClaimTimeout < TimeSpan.FromSeconds(1) || ClaimTimeout > TimeSpan.FromDays(30))
        {
            faults.Add($"{nameof(ClaimTimeout)} is {ClaimTimeout}; it must be from 1 second to 30 days.");
        }

        if (DisputeWindow < TimeSpan.Zero || DisputeWindow > TimeSpan.FromDays(365))
        {
            faults.Add($"{nameof(DisputeWindow)} is {DisputeWindow}; it must be from zero to 365 days.");
        }

        if (SecondLevelReviewers is { Count: 0 } || SecondLevelReviewers?.Contains(default) == true)
        {
            faults.Add($"{nameof(SecondLevelReviewers)} is empty or names nobody; use null to let anyone else review disputes.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }

    private static void CheckCount(List<string> faults, string name, int value, int greatest)
    {
        if (value < 1 || value > greatest)
        {
            faults.Add($"{name} is {value}; it must be from 1 to {greatest}.");
        }
    }
}
