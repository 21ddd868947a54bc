using OpenLedger.Datanets.Bounties;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Bounties;

public sealed class BountyPoolTests : IDisposable
{
    private static readonly ContributorId Owner = JournalBench.Owner;
    private static readonly ContributorId Giver = JournalBench.Person("giver");
    private static readonly ContributorId Ann = JournalBench.Person("ann");
    private readonly JournalBench _bench = new();
    private readonly RecordingPayer _payer = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Settle_AcceptedReview_EarnsHoldsAndIsPaidOnce()
    {
        BountyPool pool = Open(new() { Reward = 30 });
        Assert.True(pool.Deposit(Ann, 100, "tx1"));
        long id = Accept(0);
        Assert.Equal([new BountyClaim(JournalBench.Record(0), Giver)], pool.ListWaiting());
        Assert.Equal(1, pool.Settle(Owner));
        Assert.Equal(0, pool.Settle(Owner));
        Assert.Equal(new BountyBalances { Deposited = 100, Available = 70, Held = 30 }, pool.GetBalances());

        _bench.Clock.Advance(TimeSpan.FromHours(48) - TimeSpan.FromMilliseconds(1));
        Assert.Empty((await pool.PayDueAsync(_payer, Owner)).Paid);
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        BountyPayment payment = Assert.Single((await pool.PayDueAsync(_payer, Owner)).Paid);
        Assert.Equal((BountyPaymentKind.Reward, Giver, (UInt128)30), (payment.Kind, payment.To, payment.Amount));
        Assert.Empty((await pool.PayDueAsync(_payer, Owner)).Paid);
        Assert.Equal(1, _payer.Calls);
        Assert.Equal(new BountyBalances { Deposited = 100, Available = 70, Paid = 30 }, pool.GetBalances());
        Assert.Equal(BountyRewardState.Paid, Assert.Single(pool.ListRewards()).State);
        Assert.True(id >= 0);
    }

    [Fact]
    public void Settle_FixedRecord_EarnsForTheCorrection()
    {
        BountyPool pool = Open(new() { Reward = 30 });
        pool.Deposit(Ann, 100, "tx1");
        Accept(0, ReviewAnswer.Fix(JournalBench.Record(9)));
        pool.Settle(Owner);
        Assert.Equal(JournalBench.Record(9), Assert.Single(pool.ListRewards()).Record);
    }

    [Fact]
    public void Settle_RejectedOrGoldOrBeforeTheFirstDeposit_EarnsNothing()
    {
        BountyPool pool = Open(new() { Reward = 30 });
        Accept(0);
        pool.Deposit(Ann, 100, "tx1");
        Accept(1, ReviewAnswer.Reject(ReviewReason.Spam));
        ReviewQueue queue = new(_bench.Journal, new());
        long gold = queue.EnqueueGold(Owner, new() { Record = JournalBench.Record(2), Contributor = Giver }, ReviewAnswer.Accept);
        queue.Claim(Ann, gold);
        queue.Answer(Ann, gold, ReviewAnswer.Accept);
        Assert.Empty(pool.ListWaiting());
    }

    [Fact]
    public void Deposit_SameReference_IsBookedOnce()
    {
        BountyPool pool = Open(new() { Reward = 1 });
        Assert.True(pool.Deposit(Ann, 5, "tx1"));
        Assert.False(pool.Deposit(Ann, 5, "tx1"));
        JournalBench.Throws(DatanetError.BountyConflict, () => pool.Deposit(Ann, 6, "tx1"));
        JournalBench.Throws(DatanetError.BountyConflict, () => pool.PostBond(Ann, 6, "tx1"));
        Assert.Throws<ArgumentOutOfRangeException>("amount", () => pool.Deposit(Ann, 0, "tx2"));
        Assert.Throws<ArgumentException>("reference", () => pool.Deposit(Ann, 1, " "));
        Assert.Throws<ArgumentException>("reference", () => pool.Deposit(Ann, 1, "a\nb"));
        JournalBench.Throws(DatanetError.LimitExceeded, () => pool.Deposit(Ann, UInt128.MaxValue, "tx3"));
        Assert.True(pool.Deposit(Ann, UInt128.MaxValue - 5, "tx3"));
        JournalBench.Throws(DatanetError.LimitExceeded, () => pool.PostBond(Ann, 1, "tx4"));
        Assert.Equal(UInt128.MaxValue, pool.GetBalances().Available);
    }

    [Theory]
    [InlineData(BountyExhaustion.Skip, 1, 0, 40, 0)]
    [InlineData(BountyExhaustion.Wait, 1, 2, 40, 10)]
    [InlineData(BountyExhaustion.PayRest, 2, 0, 50, 0)]
    public void Settle_ExhaustedPool_FollowsThePolicy(BountyExhaustion policy, int rewards, int waiting, int held, int left)
    {
        BountyPool pool = Open(new() { Reward = 40, Exhaustion = policy });
        pool.Deposit(Ann, 50, "tx1");
        Accept(0);
        Accept(1);
        Accept(2);
        pool.Settle(Owner);
        Assert.Equal((rewards, waiting), (pool.ListRewards().Count, pool.ListWaiting().Count));
        Assert.Equal((UInt128)held, pool.GetBalances().Held);
        Assert.Equal((UInt128)(50 - held), pool.GetBalances().Available);
        if (left > 0)
        {
            JournalBench.Throws(DatanetError.BountyConflict, () => pool.Refund(Owner, (UInt128)left)); // owed to those who wait
            pool.Deposit(Ann, 70, "tx2");
            Assert.Equal(2, pool.Settle(Owner));
            Assert.Equal([0, 1, 2], pool.ListRewards().Select(reward => Array.IndexOf([.. Enumerable.Range(0, 3).Select(JournalBench.Record)], reward.Record)));
        }
    }

    [Fact]
    public void Settle_DailyCap_StopsAtTheCapUntilTheNextDay()
    {
        BountyPool pool = Open(new() { Reward = 10, DailyCap = 25 });
        pool.Deposit(Ann, 1000, "tx1");
        for (int i = 0; i < 4; i++)
        {
            Accept(i);
        }

        pool.Settle(Owner);
        Assert.Equal((UInt128)20, pool.GetBalances().Held);
        Accept(4);
        pool.Settle(Owner);
        Assert.Equal((UInt128)20, pool.GetBalances().Held);
        _bench.Clock.Advance(TimeSpan.FromHours(12)); // midnight
        Accept(5);
        pool.Settle(Owner);
        Assert.Equal((UInt128)30, pool.GetBalances().Held);
    }

    [Fact]
    public void Settle_PerContribution_EarnsOncePerContribution()
    {
        BountyPool pool = Open(new() { Reward = 10, Rule = BountyRule.PerContribution });
        pool.Deposit(Ann, 1000, "tx1");
        Sha256Digest contribution = Sha256Digest.Of("c"u8);
        Accept(0, null, contribution);
        Accept(1, null, contribution);
        Accept(2);
        Assert.Equal(3, pool.Settle(Owner));
        Assert.Equal((UInt128)10, pool.GetBalances().Held);
        Assert.Throws<ArgumentException>("claim", () => pool.Earn(Owner, new BountyClaim(JournalBench.Record(3), Giver)));
        Assert.False(pool.Earn(Owner, new BountyClaim(JournalBench.Record(3), Giver, contribution)));
        Assert.True(pool.Earn(Owner, new BountyClaim(JournalBench.Record(3), Giver, Sha256Digest.Of("d"u8))));
    }

    [Fact]
    public void Earn_SameRecordTwice_EarnsOnceAlsoAfterCancelling()
    {
        BountyPool pool = Open(new() { Reward = 10 });
        pool.Deposit(Ann, 1000, "tx1");
        BountyClaim claim = new(JournalBench.Record(0), Giver);
        JournalBench.Throws(DatanetError.NotPermitted, () => pool.Earn(Giver, claim));
        Assert.True(pool.Earn(Owner, claim));
        Assert.False(pool.Earn(Owner, claim));
        JournalBench.Throws(DatanetError.NotPermitted, () => pool.Cancel(Ann, claim.Record, BountyCancellation.Abuse));
        Assert.True(pool.Cancel(Owner, claim.Record, BountyCancellation.Erased));
        Assert.False(pool.Cancel(Owner, claim.Record, BountyCancellation.Erased));
        Assert.False(pool.Earn(Owner, claim));
        Assert.Equal(new BountyBalances { Deposited = 1000, Available = 1000 }, pool.GetBalances());
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Cancel(Owner, claim.Record, 0));
    }

    [Fact]
    public async Task Cancel_AfterTheReleaseWasDecided_ChangesNothing()
    {
        BountyPool pool = Open(new() { Reward = 10, Hold = TimeSpan.Zero });
        pool.Deposit(Ann, 1000, "tx1");
        pool.Earn(Owner, new BountyClaim(JournalBench.Record(0), Giver));
        _payer.Refuse = _ => "the bank is closed";
        (BountyPayment _, string reason) = Assert.Single((await pool.PayDueAsync(_payer, Owner)).NotPaid);
        Assert.Equal("the bank is closed", reason);
        Assert.False(pool.Cancel(Owner, JournalBench.Record(0), BountyCancellation.Erased));
        Assert.Equal((UInt128)10, pool.GetBalances().InTransit);
        _payer.Refuse = _ => null;
        Assert.Single((await pool.PayDueAsync(_payer, Owner)).Paid);
        Assert.False(pool.Cancel(Owner, JournalBench.Record(0), BountyCancellation.Erased));
        Assert.Equal((UInt128)10, pool.GetBalances().Paid);
    }

    [Fact]
    public async Task PayDueAsync_OneIsRefused_PaysTheOthers()
    {
        BountyPool pool = Open(new() { Reward = 10, Hold = TimeSpan.Zero });
        pool.Deposit(Ann, 1000, "tx1");
        pool.Earn(Owner, new BountyClaim(JournalBench.Record(0), Giver));
        pool.Earn(Owner, new BountyClaim(JournalBench.Record(1), Ann));
        _payer.Refuse = payment => payment.To == Giver ? "no such account" : null;
        BountyPayRun run = await pool.PayDueAsync(_payer, Owner);
        Assert.Equal((1, 1), (run.Paid.Count, run.NotPaid.Count));
        Assert.Equal(Ann, run.Paid[0].To);
    }

    [Fact]
    public async Task PayDueAsync_PayerDiesBeforeOrAfterTheMoneyMoved_PaysOnceInTheEnd()
    {
        foreach (bool isAfter in new[] { false, true })
        {
            using JournalBench bench = new();
            RecordingPayer payer = new();
            BountyPool pool = new(bench.Journal, new() { Reward = 10, Hold = TimeSpan.Zero });
            pool.Deposit(Ann, 1000, "tx1");
            pool.Earn(Owner, new BountyClaim(JournalBench.Record(0), Giver));
            payer.Before = _ => { if (!isAfter) { throw new CrashException(); } };
            payer.After = _ => { if (isAfter) { throw new CrashException(); } };
            await Assert.ThrowsAsync<CrashException>(() => pool.PayDueAsync(payer, Owner));
            Assert.Equal((UInt128)10, pool.GetBalances().InTransit);
            payer.Before = payer.After = _ => { };
            BountyPool reopened = new(bench.Open(), new() { Reward = 10, Hold = TimeSpan.Zero });
            Assert.Single((await reopened.PayDueAsync(payer, Owner)).Paid);
            Assert.Single(payer.Payments);
            Assert.Equal(new BountyBalances { Deposited = 1000, Available = 990, Paid = 10 }, pool.GetBalances());
        }
    }

    [Fact]
    public async Task PayDueAsync_TwoProcesses_NoteOnePayment()
    {
        BountyPool left = Open(new() { Reward = 10, Hold = TimeSpan.Zero });
        BountyPool right = new(_bench.Open(), new() { Reward = 10, Hold = TimeSpan.Zero });
        left.Deposit(Ann, 1000, "tx1");
        left.Earn(Owner, new BountyClaim(JournalBench.Record(0), Giver));
        bool isInside = false;
        _payer.After = _ =>
        {
            if (!isInside)
            {
                isInside = true; // the other process runs while this one waits for its receipt
                right.PayDueAsync(_payer, Owner).GetAwaiter().GetResult();
            }
        };
        await left.PayDueAsync(_payer, Owner);
        Assert.Equal((2, 1), (_payer.Calls, _payer.Payments.Count));
        Assert.Equal((UInt128)10, left.GetBalances().Paid);
        Assert.Single(_bench.Journal.Events(), journalEvent => journalEvent.Kind == "bounty.paid");
    }

    [Fact]
    public async Task Refund_AvailableMoney_GoesToTheOwner()
    {
        BountyPool pool = Open(new() { Reward = 10 });
        pool.Deposit(Ann, 100, "tx1");
        pool.Earn(Owner, new BountyClaim(JournalBench.Record(0), Giver));
        JournalBench.Throws(DatanetError.NotPermitted, () => pool.Refund(Ann, 1));
        JournalBench.Throws(DatanetError.BountyConflict, () => pool.Refund(Owner, 91));
        Assert.Throws<ArgumentOutOfRangeException>("amount", () => pool.Refund(Owner, 0));
        pool.Refund(Owner, 90);
        BountyPayment payment = Assert.Single((await pool.PayDueAsync(_payer, Owner)).Paid);
        Assert.Equal((BountyPaymentKind.Refund, Owner, (UInt128)90), (payment.Kind, payment.To, payment.Amount));
        Assert.Equal(new BountyBalances { Deposited = 100, Held = 10, Refunded = 90 }, pool.GetBalances());
    }

    [Fact]
    public async Task Bond_LifeCycle_IsReturnedAfterAcceptanceOrSlashedForAbuse()
    {
        BountyPool pool = Open(new() { Reward = 10, Bond = 50 });
        pool.Deposit(Ann, 100, "tx1");
        JournalBench.Throws(DatanetError.BountyConflict, () => pool.DemandBond(Giver));
        Accept(0);
        pool.Settle(Owner);
        Assert.Empty(pool.ListRewards()); // no bond, no reward

        pool.PostBond(Giver, 49, "tx2");
        JournalBench.Throws(DatanetError.BountyConflict, () => pool.DemandBond(Giver));
        pool.PostBond(Giver, 11, "tx3");
        pool.DemandBond(Giver);
        JournalBench.Throws(DatanetError.BountyConflict, () => pool.ReturnBond(Giver, Giver));
        JournalBench.Throws(DatanetError.NotPermitted, () => pool.ReturnBond(Ann, Giver));
        JournalBench.Throws(DatanetError.NotPermitted, () => pool.SlashBond(Ann, Giver, 1, ReviewReason.Spam));
        JournalBench.Throws(DatanetError.BountyConflict, () => pool.SlashBond(Owner, Giver, 61, ReviewReason.Spam));
        pool.SlashBond(Owner, Giver, 10, ReviewReason.Spam, "copied from elsewhere");
        Assert.Equal((UInt128)50, pool.GetBond(Giver));
        Accept(1);
        Assert.Equal(1, pool.Settle(Owner));
        pool.ReturnBond(Giver, Giver);
        JournalBench.Throws(DatanetError.BountyConflict, () => pool.ReturnBond(Giver, Giver));
        JournalBench.Throws(DatanetError.BountyConflict, () => pool.ReturnBond(Owner, Ann));
        Assert.Single((await pool.PayDueAsync(_payer, Owner)).Paid);
        Assert.Equal(
            new BountyBalances { Deposited = 100, Slashed = 10, Available = 100, Held = 10, BondsPosted = 60, BondsReturned = 50 }, pool.GetBalances());
        pool.PostBond(Ann, 5, "tx5");
        pool.ReturnBond(Owner, Ann); // the owner needs no acceptance
    }

    [Fact]
    public void Options_IllegalValues_AreAllNamedAtOnce()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => new BountyPoolOptions { Reward = 0, Rule = 0, Exhaustion = (BountyExhaustion)9, Hold = TimeSpan.FromDays(-1) }.Validate());
        Assert.Equal(
            "Reward is 0; it must be at least 1 base unit. Rule is 0; use a member of BountyRule. Exhaustion is 9; use a member of BountyExhaustion. "
            + "Hold is -1.00:00:00; it must be from zero to 365 days.",
            exception.Message);
        Assert.Contains("less than one reward", Assert.Throws<ArgumentException>(() => new BountyPoolOptions { Reward = 2, DailyCap = 1 }.Validate()).Message, StringComparison.Ordinal);
    }

    private BountyPool Open(BountyPoolOptions options) => new(_bench.Journal, options);

    private long Accept(int index, ReviewAnswer? answer = null, Sha256Digest? contribution = null)
    {
        ReviewQueue queue = new(_bench.Journal, new() { OwnerApproval = false });
        long id = queue.Enqueue(Owner, [new() { Record = JournalBench.Record(index), Contributor = Giver, Contribution = contribution }])[0];
        queue.Claim(Ann, id);
        queue.Answer(Ann, id, answer ?? ReviewAnswer.Accept);
        return id;
    }
}
