using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Reputation;

/// <summary>What somebody's history in a datanet amounts to, at one moment. Immutable. Doubles: never hashed, never paid by.</summary>
public sealed record ContributorReputation
{
    /// <summary>Who.</summary>
    public required ContributorId Contributor { get; init; }

    /// <summary>Records that were accepted or fixed, and stand.</summary>
    public required int Accepted { get; init; }

    /// <summary>Records that were rejected, and stay so unless a dispute is won.</summary>
    public required int Rejected { get; init; }

    /// <summary>Accepted to decided, with prior and age.</summary>
    public required double AcceptedRatio { get; init; }

    /// <summary>The share of the last weeks in which at least one record was accepted, 0 to 1.</summary>
    public required double Consistency { get; init; }

    /// <summary>Accepted ratio and consistency in one number, 0 to 1; the leaderboard ranks by it.</summary>
    public required double ContributorScore { get; init; }

    /// <summary>Answers this reviewer gave to tasks that were decided.</summary>
    public required int Reviews { get; init; }

    /// <summary>Answers that agree with the final decision, to all, with prior and age.</summary>
    public required double AgreementRatio { get; init; }

    /// <summary>Gold tasks answered.</summary>
    public required int GoldTasks { get; init; }

    /// <summary>Gold tasks answered rightly, to all, with prior and age.</summary>
    public required double GoldAccuracy { get; init; }

    /// <summary>Accuracy and agreement in one number, 0 to 1.</summary>
    public required double ReviewerScore { get; init; }

    /// <summary>Rejections that a dispute turned.</summary>
    public required int DisputesWon { get; init; }

    /// <summary>Rejections that a dispute did not turn.</summary>
    public required int DisputesLost { get; init; }

    /// <summary>What abuse adds up to, with age.</summary>
    public required double PenaltyScore { get; init; }

    /// <summary>What is left of future rewards, in parts per million.</summary>
    public required int RewardMultiplierPpm { get; init; }
}
