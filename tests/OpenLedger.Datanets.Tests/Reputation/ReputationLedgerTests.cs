using System.Text.Json;
using CsCheck;
using OpenLedger.Datanets.Bounties;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Reputation;
using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Reputation;

public sealed class ReputationLedgerTests : IDisposable
{
    private const double Rounding = 1e-12; // a few operations near 1
    private static readonly ContributorId Owner = JournalBench.Owner;
    private static readonly ContributorId Giver = JournalBench.Person("giver");
    private static readonly ContributorId Ann = JournalBench.Person("ann");
    private static readonly ContributorId Ben = JournalBench.Person("ben");
    private static readonly ReviewAnswer Spam = ReviewAnswer.Reject(ReviewReason.Spam);
    private readonly JournalBench _bench = new();
    private int _next;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Get_FewRecords_ArePulledTowardsThePrior()
    {
        ReputationLedger ledger = Open(new());
        Assert.Equal((0, 0.5, 0.5, 1_000_000), Pick(ledger.Get(Giver)));
        Judge(Giver, ReviewAnswer.Accept);
        Assert.Equal((1, 0.6, 0.5, 1_000_000), Pick(ledger.Get(Giver))); // (1 + 2) / (1 + 4)
        Judge(Giver, ReviewAnswer.Fix(JournalBench.Record(900)));
        Judge(Giver, ReviewAnswer.Reject(ReviewReason.OffTopic));
        ContributorReputation reputation = ledger.Get(Giver);
        Assert.Equal((2, 1), (reputation.Accepted, reputation.Rejected));
        Assert.Equal(4.0 / 7, reputation.AcceptedRatio, Rounding);
        Assert.Equal(1.0 / 8, reputation.Consistency, Rounding);
        Assert.Equal((0.7 * 4 / 7) + (0.3 / 8), reputation.ContributorScore, Rounding);
        Assert.Equal((3, 5.0 / 7), (ledger.Get(Ann).Reviews, Math.Round(ledger.Get(Ann).AgreementRatio, 12) == Math.Round(5.0 / 7, 12) ? 5.0 / 7 : -1));

        static (int, double, double, int) Pick(ContributorReputation r) => (r.Accepted, Math.Round(r.AcceptedRatio, 12), r.GoldAccuracy, r.RewardMultiplierPpm);
    }

    [Fact]
    public void Get_GoldTasks_MeasureReviewersAndNotContributors()
    {
        ReviewQueue queue = new(_bench.Journal, new() { Overlap = 2 });
        long gold = queue.EnqueueGold(Owner, new() { Record = JournalBench.Record(0), Contributor = Giver }, Spam);
        Vote(queue, Ann, gold, ReviewAnswer.Reject(ReviewReason.LowQuality));
        Assert.Equal(0, Open(new()).Get(Ann).GoldTasks); // nothing leaks before the task is closed
        Vote(queue, Ben, gold, ReviewAnswer.Accept);
        ReputationLedger ledger = Open(new());
        Assert.Equal((1, 0.6), (ledger.Get(Ann).GoldTasks, Math.Round(ledger.Get(Ann).GoldAccuracy, 12)));
        Assert.Equal((1, 0.4), (ledger.Get(Ben).GoldTasks, Math.Round(ledger.Get(Ben).GoldAccuracy, 12)));
        Assert.Equal(0, ledger.Get(Giver).Rejected);
        Assert.Equal((0.5 * 0.6) + (0.5 * 0.5), ledger.Get(Ann).ReviewerScore, Rounding);
    }

    [Fact]
    public void Get_DisputeWon_ReversesPenaltyAndReviewersRecord()
    {
        ReviewQueue queue = new(_bench.Journal, new() { OwnerApproval = false, DisputeOverlap = 1 });
        ReputationLedger ledger = Open(new() { Tiers = [new(1, 250_000)] });
        long id = Judge(Giver, Spam);
        Assert.Equal((1, 1.0, 250_000), (ledger.Get(Giver).Rejected, ledger.Get(Giver).PenaltyScore, ledger.Get(Giver).RewardMultiplierPpm));
        queue.Dispute(Giver, id);
        Vote(queue, Ben, id, ReviewAnswer.Accept);
        ContributorReputation reputation = ledger.Get(Giver);
        Assert.Equal((1, 0, 1, 0), (reputation.Accepted, reputation.Rejected, reputation.DisputesWon, reputation.DisputesLost));
        Assert.Equal((0.0, 1_000_000), (reputation.PenaltyScore, reputation.RewardMultiplierPpm));
        Assert.True(ledger.Get(Ann).AgreementRatio < 0.5);
        Assert.True(ledger.Get(Ben).AgreementRatio > 0.5);

        long lost = Judge(Giver, Spam);
        queue.Dispute(Giver, lost);
        Vote(queue, Ben, lost, Spam);
        Assert.Equal((1, 1, 1.5), (ledger.Get(Giver).DisputesWon, ledger.Get(Giver).DisputesLost, ledger.Get(Giver).PenaltyScore));
    }

    [Fact]
    public void Get_HalfLife_LetsObservationsFade()
    {
        ReputationLedger ledger = Open(new() { HalfLife = TimeSpan.FromDays(10) });
        Judge(Giver, Spam);
        Assert.Equal((1.0, 2.0 / 5), (ledger.Get(Giver).PenaltyScore, ledger.Get(Giver).AcceptedRatio));
        _bench.Clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal(0.25, ledger.Get(Giver).PenaltyScore, Rounding);
        Assert.Equal(2 / 4.25, ledger.Get(Giver).AcceptedRatio, Rounding);
    }

    [Fact]
    public void Get_SlashedBond_AddsToThePenalty()
    {
        BountyPool pool = new(_bench.Journal, new() { Reward = 1 });
        pool.PostBond(Giver, 10, "tx1");
        pool.SlashBond(Owner, Giver, 1, ReviewReason.Spam);
        Assert.Equal((3.0, 500_000), (Open(new()).Get(Giver).PenaltyScore, Open(new()).Get(Giver).RewardMultiplierPpm));
        for (int i = 0; i < 7; i++)
        {
            Judge(Giver, Spam);
        }

        Assert.Equal((10.0, 0), (Open(new()).Get(Giver).PenaltyScore, Open(new()).Get(Giver).RewardMultiplierPpm));
    }

    [Fact]
    public void GetLeaderboard_RatioThenConsistencyThenTies_IsDeterministic()
    {
        ReputationLedger ledger = Open(new());
        ContributorId[] people = [.. Enumerable.Range(0, 5).Select(JournalBench.Person)];
        Judge(people[0], ReviewAnswer.Accept); // one, long ago
        _bench.Clock.Advance(TimeSpan.FromDays(14));
        Judge(people[1], ReviewAnswer.Accept);
        Judge(people[2], ReviewAnswer.Accept);
        Judge(people[3], Spam);
        _bench.Clock.Advance(TimeSpan.FromDays(14));
        Judge(people[1], ReviewAnswer.Accept); // two weeks out of eight
        Judge(people[2], ReviewAnswer.Accept);
        ContributorId[] equals = [people[1], people[2]];
        Array.Sort(equals);
        Assert.Equal([equals[0], equals[1], people[0], people[3]], ledger.GetLeaderboard(10).Select(entry => entry.Reputation.Contributor));
        Assert.Equal([1, 2, 3, 4], ledger.GetLeaderboard(10).Select(entry => entry.Rank));
        Assert.Equal(2, ledger.GetLeaderboard(2).Count);
        Assert.Equal(2.0 / 8, ledger.Get(people[1]).Consistency);
        _bench.Clock.Advance(TimeSpan.FromDays(7 * 8));
        Assert.Equal(0, ledger.Get(people[1]).Consistency);
        Assert.Throws<ArgumentOutOfRangeException>("count", () => ledger.GetLeaderboard(-1));
    }

    [Fact]
    public void List_AnyHistory_ReplaysToTheSameNumbersAndEqualsTheTwin() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 5], Gen.Bool).Array[1, 25].Sample(
            history =>
            {
                using JournalBench bench = new();
                ReviewQueue queue = new(bench.Journal, new() { OwnerApproval = false, DisputeOverlap = 1 });
                ReputationOptions options = new() { HalfLife = TimeSpan.FromDays(30) };
                ReputationLedger walked = new(bench.Journal, options);
                int record = 0;
                foreach ((int giver, int reviewer, int kind, bool isDisputed) in history)
                {
                    ReviewRequest request = new() { Record = JournalBench.Record(record++), Contributor = JournalBench.Person(giver) };
                    ReviewAnswer answer = kind % 2 == 0 ? ReviewAnswer.Accept : Spam;
                    long id = kind < 4 ? queue.Enqueue(Owner, [request])[0] : queue.EnqueueGold(Owner, request, ReviewAnswer.Accept);
                    Vote(queue, JournalBench.Person(10 + reviewer), id, answer);
                    if (isDisputed && kind < 4 && answer == Spam)
                    {
                        queue.Dispute(request.Contributor, id);
                        Vote(queue, JournalBench.Person(20), id, giver % 2 == 0 ? Spam : ReviewAnswer.Accept);
                    }

                    bench.Clock.Advance(TimeSpan.FromHours(31));
                    walked.List(); // fed step by step, unlike the fresh one below
                }

                ContributorReputation[] fresh = [.. new ReputationLedger(bench.Open(), options).List()];
                Assert.Equal(walked.List(), fresh); // the same bits
                foreach (ContributorReputation reputation in fresh)
                {
                    (int accepted, int rejected, int gold, double ratio) = Twin(bench, reputation.Contributor, TimeSpan.FromDays(30));
                    Assert.Equal((accepted, rejected, gold), (reputation.Accepted, reputation.Rejected, reputation.GoldTasks));
                    Assert.Equal(ratio, reputation.AcceptedRatio, Rounding);
                }
            },
            iter: 30, threads: 1);

    [Fact]
    public void Options_IllegalValues_AreAllNamedAtOnce()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new ReputationOptions
        {
            PriorMean = double.NaN,
            PriorStrength = 0,
            RatioShare = 2,
            GoldShare = -1,
            HalfLife = TimeSpan.FromHours(1),
            ConsistencyWeeks = 0,
            Penalties = new Dictionary<ReviewReason, double> { [ReviewReason.Spam] = -1 },
            Tiers = [new(2, 1), new(2, 0)],
            LostDisputePenalty = -1,
        }.Validate());
        Assert.Equal(
            "PriorMean is NaN; it must be from 0 to 1. PriorStrength is 0; it must be from above 0 to 1000000. RatioShare is 2; it must be from 0 to 1. "
            + "GoldShare is -1; it must be from 0 to 1. LostDisputePenalty is -1; it must be from 0 to 1000000. HalfLife is 01:00:00; it must be at least 1 day, "
            + "or null for none. ConsistencyWeeks is 0; it must be from 1 to 520. Penalties is null, names an unknown reason, or a penalty that is not from 0 to "
            + "1000000. Tiers need thresholds above 0 that rise, and multipliers from 0 to 1000000.",
            exception.Message);
    }

    /// <summary>Reads the raw events again, without any projection: the last decision of each task counts.</summary>
    private static (int Accepted, int Rejected, int Gold, double Ratio) Twin(JournalBench bench, ContributorId account, TimeSpan halfLife)
    {
        JournalEvent[] events = [.. bench.Journal.Events()];
        long Task(JournalEvent e) => e.Body.GetProperty("task").GetInt64();
        string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;
        JournalEvent[] last = [.. events.Where(e => e.Kind == "review.decided").GroupBy(Task).Select(group => group.Last())
            .Where(e => Text(events[Task(e)].Body, "contributor") == account.ToString())];
        bool IsAccepted(JournalEvent e) => Text(e.Body, "decision") != "reject";
        double Weight(JournalEvent e) => Math.Exp(-Math.Log(2) * ((bench.Clock.GetUtcNow() - e.Time) / halfLife));
        HashSet<long> gold = [.. events.Where(e => e.Kind == "review.revealed").Select(Task)];
        return (
            last.Count(IsAccepted),
            last.Count(e => !IsAccepted(e)),
            events.Count(e => e.Kind == "review.answered" && gold.Contains(Task(e)) && e.Actor == account),
            (last.Where(IsAccepted).Sum(Weight) + 2) / (last.Sum(Weight) + 4));
    }

    private ReputationLedger Open(ReputationOptions options) => new(_bench.Journal, options);

    private long Judge(ContributorId giver, ReviewAnswer answer)
    {
        ReviewQueue queue = new(_bench.Journal, new() { OwnerApproval = false });
        long id = queue.Enqueue(Owner, [new() { Record = JournalBench.Record(_next++), Contributor = giver }])[0];
        Vote(queue, Ann, id, answer);
        return id;
    }

    private static void Vote(ReviewQueue queue, ContributorId reviewer, long id, ReviewAnswer answer)
    {
        queue.Claim(reviewer, id);
        queue.Answer(reviewer, id, answer);
    }
}
