using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Review;

namespace OpenLedger.Datanets.Reputation;

/// <summary>Reputation of contributors and reviewers, computed from the journal each time; whoever has the journal gets the same numbers.</summary>
/// <remarks>
/// A decision that a dispute turned counts as it was turned, as if the first one had never been. The cost of a call is one pass over all
/// tasks. Safe for concurrent use.
/// </remarks>
public sealed class ReputationLedger
{
    private readonly DatanetJournal _journal;
    private readonly ReputationProjection _projection = new();
    private readonly ReputationOptions _options;

    /// <summary>Opens the reputations of a datanet.</summary>
    /// <param name="journal">The datanet's journal.</param>
    /// <param name="options">How they are computed; lists are copied.</param>
    /// <exception cref="ArgumentException">An option is not legal.</exception>
    public ReputationLedger(DatanetJournal journal, ReputationOptions options)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _journal = journal;
        _options = options with { Penalties = new Dictionary<ReviewReason, double>(options.Penalties), Tiers = [.. options.Tiers] };
    }

    /// <summary>The reputation of one account; of an unknown one, what the prior says.</summary>
    /// <param name="contributor">The account.</param>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public ContributorReputation Get(ContributorId contributor) => _journal.Query(
        _projection, now => (TallyUp(now).GetValueOrDefault(contributor) ?? new ReputationTally(_options, now)).ToReputation(contributor));

    /// <summary>The reputations of all accounts that contributed, reviewed or were slashed, by id.</summary>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public IReadOnlyList<ContributorReputation> List() => _journal.Query(
        _projection, now => TallyUp(now).OrderBy(tally => tally.Key).Select(tally => tally.Value.ToReputation(tally.Key)).ToArray());

    /// <summary>Ranks contributors by accepted ratio and consistency; ties by accepted records, then by id.</summary>
    /// <param name="count">The most places to return, at least 0.</param>
    /// <returns>Contributors with at least one decided record, the best first.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public IReadOnlyList<LeaderboardEntry> GetLeaderboard(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return
        [
            .. List().Where(reputation => reputation.Accepted + reputation.Rejected > 0)
                .OrderByDescending(reputation => reputation.ContributorScore)
                .ThenByDescending(reputation => reputation.Accepted)
                .ThenBy(reputation => reputation.Contributor)
                .Take(count)
                .Select((reputation, index) => new LeaderboardEntry(index + 1, reputation)),
        ];
    }

    private Dictionary<ContributorId, ReputationTally> TallyUp(DateTimeOffset now)
    {
        Dictionary<ContributorId, ReputationTally> tallies = [];
        foreach (ReviewCase task in _projection.Cases)
        {
            if (task.GoldAnswer is ReviewAnswer gold)
            {
                foreach (ReviewVote vote in task.Votes)
                {
                    TallyOf(vote.Reviewer).AddGold(vote.Answer.Agrees(gold), vote.At);
                }
            }
            else if (task.Decision is ReviewAnswer decision)
            {
                TallyOf(task.Contributor).AddDecision(decision, task.Round, task.EndedAt!.Value);
                foreach (ReviewVote vote in task.Votes)
                {
                    TallyOf(vote.Reviewer).AddReview(vote.Answer.Agrees(decision), vote.At);
                }
            }
        }

        foreach ((ContributorId contributor, DateTimeOffset at) in _projection.Slashes)
        {
            TallyOf(contributor).AddSlash(at);
        }

        return tallies;

        ReputationTally TallyOf(ContributorId account)
        {
            if (!tallies.TryGetValue(account, out ReputationTally? tally))
            {
                tallies.Add(account, tally = new ReputationTally(_options, now));
            }

            return tally;
        }
    }
}
