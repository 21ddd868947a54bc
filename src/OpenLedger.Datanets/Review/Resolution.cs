namespace OpenLedger.Datanets.Review;

/// <summary>Applies a <see cref="ResolutionRule"/> to the answers of one round.</summary>
internal static class Resolution
{
    /// <summary>Returns whether the round is over; <paramref name="proposal"/> is <see langword="null"/> when it is over without a decision.</summary>
    public static bool IsOver(ResolutionRule rule, int quorum, int needed, IReadOnlyList<ReviewAnswer> answers, out ReviewAnswer? proposal)
    {
        proposal = null;
        if (rule == ResolutionRule.FirstToQuorum)
        {
            ReviewAnswer? first = answers.FirstOrDefault(candidate => answers.Count(candidate.Agrees) >= quorum);
            proposal = first is null ? null : Combine(first, answers);
            return first is not null || answers.Count >= needed;
        }

        if (answers.Count < needed)
        {
            return false;
        }

        int demanded = rule == ResolutionRule.Unanimous ? answers.Count : (answers.Count / 2) + 1;
        ReviewAnswer? winner = answers.FirstOrDefault(candidate => answers.Count(candidate.Agrees) >= demanded);
        proposal = winner is null ? null : Combine(winner, answers);
        return true;
    }

    /// <summary>The common answer: of rejections, the reason named most often, ties to the smaller number; notes stay with the votes.</summary>
    private static ReviewAnswer Combine(ReviewAnswer winner, IReadOnlyList<ReviewAnswer> answers) => winner.Decision switch
    {
        ReviewDecision.Accept => ReviewAnswer.Accept,
        ReviewDecision.Fix => ReviewAnswer.Fix(winner.Replacement!.Value),
        _ => ReviewAnswer.Reject(answers.Where(winner.Agrees).GroupBy(answer => answer.Reason!.Value)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key),
    };
}
