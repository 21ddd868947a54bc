using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Review;

namespace OpenLedger.Datanets.Reputation;

/// <summary>Adds up one account's history, observation by observation, in the order of the journal.</summary>
internal sealed class ReputationTally(ReputationOptions options, DateTimeOffset now)
{
    private readonly HashSet<int> _weeks = [];
    private double _accepted;
    private double _decided;
    private double _agreed;
    private double _reviewed;
    private double _right;
    private double _gold;
    private double _penalty;
    private int _acceptedCount;
    private int _rejectedCount;
    private int _reviewCount;
    private int _goldCount;
    private int _won;
    private int _lost;

    public void AddDecision(ReviewAnswer decision, int round, DateTimeOffset at)
    {
        double weight = WeightOf(at);
        _decided += weight;
        if (decision.Decision == ReviewDecision.Reject)
        {
            _rejectedCount++;
            _lost += round == 2 ? 1 : 0;
            _penalty += weight * (options.Penalties.GetValueOrDefault(decision.Reason!.Value) + (round == 2 ? options.LostDisputePenalty : 0));
            return;
        }

        _acceptedCount++;
        _accepted += weight;
        _won += round == 2 ? 1 : 0;
        int weeksAgo = (int)(Math.Max(0, (now - at).Ticks) / TimeSpan.FromDays(7).Ticks); // clocks of two machines may differ
        if (weeksAgo < options.ConsistencyWeeks)
        {
            _weeks.Add(weeksAgo);
        }
    }

    public void AddReview(bool isAgreed, DateTimeOffset at)
    {
        double weight = WeightOf(at);
        _reviewCount++;
        _reviewed += weight;
        _agreed += isAgreed ? weight : 0;
    }

    public void AddGold(bool isRight, DateTimeOffset at)
    {
        double weight = WeightOf(at);
        _goldCount++;
        _gold += weight;
        _right += isRight ? weight : 0;
    }

    public void AddSlash(DateTimeOffset at) => _penalty += options.SlashPenalty * WeightOf(at);

    public ContributorReputation ToReputation(ContributorId contributor)
    {
        double ratio = WithPrior(_accepted, _decided);
        double consistency = (double)_weeks.Count / options.ConsistencyWeeks;
        double agreement = WithPrior(_agreed, _reviewed);
        double accuracy = WithPrior(_right, _gold);
        return new ContributorReputation
        {
            Contributor = contributor,
            Accepted = _acceptedCount,
            Rejected = _rejectedCount,
            AcceptedRatio = ratio,
            Consistency = consistency,
            ContributorScore = (options.RatioShare * ratio) + ((1 - options.RatioShare) * consistency),
            Reviews = _reviewCount,
            AgreementRatio = agreement,
            GoldTasks = _goldCount,
            GoldAccuracy = accuracy,
            ReviewerScore = (options.GoldShare * accuracy) + ((1 - options.GoldShare) * agreement),
            DisputesWon = _won,
            DisputesLost = _lost,
            PenaltyScore = _penalty,
            RewardMultiplierPpm = options.Tiers.LastOrDefault(tier => _penalty >= tier.Threshold)?.MultiplierPpm ?? 1_000_000,
        };
    }

    private double WithPrior(double successes, double trials) =>
        (successes + (options.PriorMean * options.PriorStrength)) / (trials + options.PriorStrength);

    private double WeightOf(DateTimeOffset at) =>
        options.HalfLife is TimeSpan halfLife ? Math.Pow(2, -((now - at) / halfLife)) : 1;
}
