using System.Numerics;
using CsCheck;
using OpenLedger.Datanets.Bounties;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Bounties;

/// <summary>Random histories, compared with a pool kept on paper, replayed, and cut off at every write.</summary>
public sealed class BountyPoolModelTests
{
    private const int People = 3;
    private static readonly BountyPoolOptions Options = new() { Reward = 7, Bond = 5, DailyCap = 21, Hold = TimeSpan.FromHours(30) };
    private static readonly Gen<(int Step, int Person, int Amount)[]> Histories = Gen.Select(Gen.Int[0, 9], Gen.Int[0, People - 1], Gen.Int[1, 40]).Array[1, 40];

    [Fact]
    public void AnyHistory_EqualsThePaperPool_AndReplaysToTheSame() =>
        Histories.Sample(
            history =>
            {
                using JournalBench bench = new();
                RecordingPayer payer = new();
                Walk walk = new(bench, new BountyPool(bench.Journal, Options), new ReviewQueue(bench.Journal, new() { OwnerApproval = false }), payer);
                ReferencePool paper = new(7, 5, 21, Options.Hold);
                foreach ((int step, int person, int amount) in history)
                {
                    walk.Take(step, person, amount);
                    Imitate(paper, walk, step, person, amount, bench.Clock.GetUtcNow());
                    Compare(paper, walk.Pool);
                    CheckInvariants(walk.Pool, payer);
                }

                BountyPool replayed = new(bench.Open(), Options);
                Assert.Equal(walk.Pool.GetBalances(), replayed.GetBalances());
                Assert.Equal(walk.Pool.ListRewards(), replayed.ListRewards());
                Assert.Equal(walk.Pool.ListWaiting(), replayed.ListWaiting());
                Assert.Equal(walk.Pool.ListUnpaid(), replayed.ListUnpaid());
            },
            iter: 150, threads: 1);

    [Fact]
    public void AnyHistory_KilledAtAnyWrite_LosesNothingAndPaysNobodyTwice() =>
        Gen.Select(Histories, Gen.Int[0, 60], Gen.Bool).Sample(
            (history, writes, isAfterCommit) =>
            {
                using JournalBench bench = new();
                RecordingPayer payer = new();
                CrashingStore store = new(bench.Store) { WritesUntilCrash = writes, CrashesAfterCommit = isAfterCommit };
                Walk walk = Start(store);
                foreach ((int step, int person, int amount) in history)
                {
                    try
                    {
                        walk.Take(step, person, amount);
                    }
                    catch (CrashException)
                    {
                        store.WritesUntilCrash = int.MaxValue;
                        walk = Start(store) with { NextRecord = walk.NextRecord, NextReference = walk.NextReference };
                    }

                    CheckInvariants(walk.Pool, payer);
                }

                // In the end everybody who earned is paid, once.
                store.WritesUntilCrash = int.MaxValue;
                walk.Pool.Settle(JournalBench.Owner);
                bench.Clock.Advance(TimeSpan.FromDays(3));
                walk.Pool.PayDueAsync(payer, JournalBench.Owner).GetAwaiter().GetResult();
                BountyBalances end = walk.Pool.GetBalances();
                Assert.Equal((UInt128.Zero, UInt128.Zero, UInt128.Zero), (end.Held, end.InTransit, end.BondsInTransit));
                Assert.Equal(walk.Pool.ListRewards().Count(reward => reward.State == BountyRewardState.Paid), payer.Payments.Values.Count(payment => payment.Kind == BountyPaymentKind.Reward));
                CheckInvariants(walk.Pool, payer);

                Walk Start(CrashingStore store)
                {
                    DatanetJournal journal = new(JournalBench.Id, store, bench.Clock);
                    return new Walk(bench, new BountyPool(journal, Options), new ReviewQueue(journal, new() { OwnerApproval = false }), payer);
                }
            },
            iter: 250, threads: 1);

    private static void CheckInvariants(BountyPool pool, RecordingPayer payer)
    {
        BountyBalances b = pool.GetBalances();
        Assert.Equal((BigInteger)b.Deposited + b.Slashed, (BigInteger)b.Available + b.Held + b.InTransit + b.Paid + b.Refunded);
        Assert.Equal((BigInteger)b.BondsPosted, (BigInteger)b.BondsHeld + b.BondsInTransit + b.BondsReturned + b.Slashed);
        IReadOnlyList<BountyReward> rewards = pool.ListRewards();
        Assert.Equal(rewards.Count, rewards.Select(reward => reward.Record).Distinct().Count());
        Assert.Equal(Sum(rewards, BountyRewardState.Held), b.Held);
        Assert.Equal(Sum(rewards, BountyRewardState.Paid), b.Paid);

        // What the payer moved is at least what is noted, and at most what was decided.
        BigInteger moved = payer.Payments.Values.Aggregate(BigInteger.Zero, (sum, payment) => sum + payment.Amount);
        Assert.InRange(moved, (BigInteger)b.Paid + b.Refunded + b.BondsReturned, (BigInteger)b.Paid + b.Refunded + b.BondsReturned + b.InTransit + b.BondsInTransit);

        static UInt128 Sum(IReadOnlyList<BountyReward> rewards, BountyRewardState state) =>
            rewards.Where(reward => reward.State == state).Aggregate(UInt128.Zero, (sum, reward) => sum + reward.Amount);
    }

    private static void Compare(ReferencePool paper, BountyPool pool)
    {
        BountyBalances balances = pool.GetBalances();
        Assert.Equal(paper.Available, (BigInteger)balances.Available);
        Assert.Equal(7 * paper.Entries.Count(entry => entry.Place == ReferencePool.Place.Held), (int)balances.Held);
        Assert.Equal(7 * paper.Entries.Count(entry => entry.Place == ReferencePool.Place.Paid), (int)balances.Paid);
        Assert.Equal(paper.Entries.Count(entry => entry.Place == ReferencePool.Place.Waiting), pool.ListWaiting().Count);
        for (int person = 0; person < People; person++)
        {
            Assert.Equal(paper.Bonds.GetValueOrDefault(person), (BigInteger)pool.GetBond(JournalBench.Person(person)));
        }
    }

    private static void Imitate(ReferencePool paper, Walk walk, int step, int person, int amount, DateTimeOffset now)
    {
        switch (step)
        {
            case 0:
                paper.Deposited += amount;
                break;
            case 1 or 2:
                paper.Accept(walk.NextRecord - 1, person);
                break;
            case 3:
                paper.Settle(now);
                break;
            case 4:
                paper.Cancel(amount % Math.Max(1, walk.NextRecord));
                break;
            case 5:
                paper.Release(now);
                foreach (ReferencePool.Entry entry in paper.Entries.Where(entry => entry.Place == ReferencePool.Place.Releasing))
                {
                    entry.Place = ReferencePool.Place.Paid;
                }

                break;
            case 6 when paper.Available >= amount && !paper.Entries.Exists(entry => entry.Place == ReferencePool.Place.Waiting):
                paper.RefundsDecided += amount;
                break;
            case 7:
                paper.Bonds[person] = paper.Bonds.GetValueOrDefault(person) + amount;
                break;
            case 8 when paper.Bonds.GetValueOrDefault(person) >= amount:
                paper.Bonds[person] -= amount;
                paper.Slashed += amount;
                break;
        }
    }

    /// <summary>Takes random steps; what the rules refuse is simply not done.</summary>
    private sealed record Walk(JournalBench Bench, BountyPool Pool, ReviewQueue Queue, RecordingPayer Payer)
    {
        public int NextRecord { get; set; }

        public int NextReference { get; set; }

        public void Take(int step, int person, int amount)
        {
            ContributorId who = JournalBench.Person(person);
            switch (step)
            {
                case 0:
                    Pool.Deposit(who, (UInt128)amount, $"deposit {NextReference++}");
                    break;
                case 1 or 2:
                    long id = Queue.Enqueue(JournalBench.Owner, [new() { Record = JournalBench.Record(NextRecord++), Contributor = who }])[0];
                    Queue.Claim(JournalBench.Owner, id);
                    Queue.Answer(JournalBench.Owner, id, ReviewAnswer.Accept);
                    break;
                case 3:
                    Pool.Settle(who);
                    break;
                case 4:
                    Pool.Cancel(JournalBench.Owner, JournalBench.Record(amount % Math.Max(1, NextRecord)), BountyCancellation.Erased);
                    break;
                case 5:
                    Pool.PayDueAsync(Payer, who).GetAwaiter().GetResult();
                    break;
                case 6:
                    Try(() => Pool.Refund(JournalBench.Owner, (UInt128)amount));
                    break;
                case 7:
                    Pool.PostBond(who, (UInt128)amount, $"bond {NextReference++}");
                    break;
                case 8:
                    Try(() => Pool.SlashBond(JournalBench.Owner, who, (UInt128)amount, ReviewReason.Spam));
                    break;
                default:
                    Bench.Clock.Advance(TimeSpan.FromHours(amount));
                    break;
            }
        }

        private static void Try(Action action)
        {
            try
            {
                action();
            }
            catch (DatanetException exception) when (exception.Error == DatanetError.BountyConflict)
            {
            }
        }
    }
}
