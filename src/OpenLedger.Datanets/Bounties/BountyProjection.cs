using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Review;

namespace OpenLedger.Datanets.Bounties;

/// <summary>The balances of a pool, as the journal tells them. It also follows the reviews, whose acceptances earn.</summary>
internal sealed class BountyProjection : JournalProjection
{
    private readonly Dictionary<long, (RecordDigest Record, ContributorId Contributor, Sha256Digest? Contribution)> _tasks = [];
    private readonly Dictionary<long, BountyReward> _rewards = [];
    private readonly Dictionary<RecordDigest, long> _rewardOfRecord = [];
    private readonly SortedSet<(DateTimeOffset ReleaseAt, long Id)> _held = [];
    private readonly List<BountyClaim> _waiting = [];
    private readonly HashSet<Sha256Digest> _settled = []; // subjects that earned or were skipped: records or contributions
    private readonly Dictionary<(ContributorId, int Day), UInt128> _earned = [];
    private readonly Dictionary<Sha256Digest, (BountyPayment Payment, long Reward)> _unpaid = [];
    private readonly List<Sha256Digest> _unpaidOrder = [];
    private readonly Dictionary<ContributorId, (UInt128 Amount, bool HasAcceptance)> _bonds = [];
    private readonly Dictionary<string, UInt128> _references = new(StringComparer.Ordinal);

    public BountyBalances Balances { get; private set; } = new();

    public IReadOnlyList<BountyClaim> Waiting => _waiting;

    public IEnumerable<BountyReward> Rewards => _rewards.Values.OrderBy(reward => reward.Id);

    public IEnumerable<BountyPayment> Unpaid => _unpaidOrder.Select(id => _unpaid[id].Payment);

    public BountyReward? FindReward(RecordDigest record) => _rewardOfRecord.TryGetValue(record, out long id) ? _rewards[id] : null;

    public IEnumerable<BountyReward> Due(DateTimeOffset now) =>
        _held.TakeWhile(key => key.ReleaseAt <= now).Select(key => _rewards[key.Id]);

    public bool IsSettled(Sha256Digest subject) => _settled.Contains(subject);

    public UInt128 EarnedOn(ContributorId contributor, DateTimeOffset time) => _earned.GetValueOrDefault((contributor, DayOf(time)));

    public bool IsUnpaid(Sha256Digest payment) => _unpaid.ContainsKey(payment);

    public UInt128 BondOf(ContributorId contributor) => _bonds.GetValueOrDefault(contributor).Amount;

    public bool HasAcceptanceSinceBond(ContributorId contributor) => _bonds.GetValueOrDefault(contributor).HasAcceptance;

    public UInt128? AmountOf(string reference) => _references.TryGetValue(reference, out UInt128 amount) ? amount : null;

    protected override void Apply(JournalEvent journalEvent)
    {
        if (journalEvent.Kind.StartsWith("bounty.", StringComparison.Ordinal))
        {
            try
            {
                ApplyBounty(journalEvent, new EventBody(journalEvent));
            }
            catch (OverflowException exception) // a balance below zero: no decision of this package writes that
            {
                throw new DatanetException(
                    DatanetError.StoreCorrupt, $"Event {journalEvent.Sequence} ({journalEvent.Kind}) moves more than there is; restore the store from a copy.", exception);
            }
        }
        else if (journalEvent.Kind.StartsWith("review.", StringComparison.Ordinal))
        {
            ApplyReview(journalEvent, new EventBody(journalEvent));
        }
    }

    private static int DayOf(DateTimeOffset time) => (int)(time.ToUnixTimeMilliseconds() / 86_400_000);

    private void ApplyReview(JournalEvent journalEvent, EventBody body)
    {
        switch (journalEvent.Kind)
        {
            case ReviewEvents.Enqueued:
                _tasks.Add(
                    journalEvent.Sequence,
                    (body.Record("record"), body.Contributor("contributor"), body.Has("contribution") ? body.Digest("contribution") : null));
                break;
            case ReviewEvents.Withdrawn or ReviewEvents.Revealed:
                _tasks.Remove(body.Int64("task"));
                break;
            case ReviewEvents.Decided when body.Name<ReviewDecision>("decision") != ReviewDecision.Reject:
                if (!_tasks.Remove(body.Int64("task"), out (RecordDigest Record, ContributorId Contributor, Sha256Digest? Contribution) task))
                {
                    throw body.Fault("task", "names no open task");
                }

                NoteAcceptance(task.Contributor);
                if (Balances.Deposited > 0) // the pool exists from its first deposit on
                {
                    bool isFixed = body.Name<ReviewDecision>("decision") == ReviewDecision.Fix;
                    _waiting.Add(new BountyClaim(isFixed ? body.Record("replacement") : task.Record, task.Contributor, task.Contribution));
                }

                break;
        }
    }

    private void ApplyBounty(JournalEvent journalEvent, EventBody body)
    {
        BountyBalances now = Balances;
        switch (journalEvent.Kind)
        {
            case BountyEvents.Deposited:
                UInt128 deposit = body.Amount("amount");
                _references.Add(body.Text("reference"), deposit);
                Balances = now with { Deposited = now.Deposited + deposit, Available = now.Available + deposit };
                break;
            case BountyEvents.Waiting:
                _waiting.Add(ReadClaim(body));
                NoteAcceptance(body.Contributor("contributor"));
                break;
            case BountyEvents.Earned:
                Earn(journalEvent, body);
                break;
            case BountyEvents.Skipped:
                Settle(body);
                break;
            case BountyEvents.Cancelled:
                BountyReward cancelled = Change(body, BountyRewardState.Held, BountyRewardState.Cancelled);
                _held.Remove((cancelled.ReleaseAt, cancelled.Id));
                Balances = now with { Held = now.Held - cancelled.Amount, Available = now.Available + cancelled.Amount };
                break;
            case BountyEvents.ReleaseDecided:
                BountyReward released = Change(body, BountyRewardState.Held, BountyRewardState.Releasing);
                _held.Remove((released.ReleaseAt, released.Id));
                Balances = now with { Held = now.Held - released.Amount, InTransit = now.InTransit + released.Amount };
                Owe(journalEvent, BountyPaymentKind.Reward, released.Contributor, released.Amount, released.Id);
                break;
            case BountyEvents.RefundDecided:
                UInt128 refund = body.Amount("amount");
                Balances = now with { Available = now.Available - refund, InTransit = now.InTransit + refund };
                Owe(journalEvent, BountyPaymentKind.Refund, body.Contributor("to"), refund, -1);
                break;
            case BountyEvents.Paid:
                Pay(body);
                break;
            default:
                ApplyBond(journalEvent, body);
                break;
        }
    }

    private void ApplyBond(JournalEvent journalEvent, EventBody body)
    {
        BountyBalances now = Balances;
        switch (journalEvent.Kind)
        {
            case BountyEvents.BondPosted:
                UInt128 posted = body.Amount("amount");
                _references.Add(body.Text("reference"), posted);
                _bonds[journalEvent.Actor] = (BondOf(journalEvent.Actor) + posted, false);
                Balances = now with { BondsPosted = now.BondsPosted + posted, BondsHeld = now.BondsHeld + posted };
                break;
            case BountyEvents.BondReturnDecided:
                UInt128 returned = TakeBond(body);
                Balances = now with { BondsHeld = now.BondsHeld - returned, BondsInTransit = now.BondsInTransit + returned };
                Owe(journalEvent, BountyPaymentKind.BondReturn, body.Contributor("contributor"), returned, -1);
                break;
            case BountyEvents.BondSlashed:
                UInt128 slashed = TakeBond(body);
                Balances = now with
                {
                    BondsHeld = now.BondsHeld - slashed,
                    Slashed = now.Slashed + slashed,
                    Available = now.Available + slashed,
                };
                break;
        }
    }

    private void Earn(JournalEvent journalEvent, EventBody body)
    {
        BountyClaim claim = Settle(body);
        BountyReward reward = new(
            journalEvent.Sequence, claim.Record, claim.Contributor, body.Amount("amount"), body.Time("release"), BountyRewardState.Held);
        _rewards.Add(reward.Id, reward);
        _rewardOfRecord[reward.Record] = reward.Id;
        _held.Add((reward.ReleaseAt, reward.Id));
        (ContributorId, int) day = (reward.Contributor, DayOf(journalEvent.Time));
        _earned[day] = _earned.GetValueOrDefault(day) + reward.Amount;
        Balances = Balances with { Available = Balances.Available - reward.Amount, Held = Balances.Held + reward.Amount };
    }

    /// <summary>An acceptance got its answer: it waits no longer, and its subject never earns again.</summary>
    private BountyClaim Settle(EventBody body)
    {
        BountyClaim claim = ReadClaim(body);
        _waiting.Remove(claim);
        _settled.Add(body.Digest("subject"));
        NoteAcceptance(claim.Contributor);
        return claim;
    }

    private static BountyClaim ReadClaim(EventBody body) =>
        new(body.Record("record"), body.Contributor("contributor"), body.Has("contribution") ? body.Digest("contribution") : null);

    private void NoteAcceptance(ContributorId contributor)
    {
        if (_bonds.TryGetValue(contributor, out (UInt128 Amount, bool HasAcceptance) bond))
        {
            _bonds[contributor] = bond with { HasAcceptance = true };
        }
    }

    private BountyReward Change(EventBody body, BountyRewardState from, BountyRewardState to)
    {
        if (!_rewards.TryGetValue(body.Int64("reward"), out BountyReward? reward) || reward.State != from)
        {
            throw body.Fault("reward", $"names no reward that is {from}");
        }

        return _rewards[reward.Id] = reward with { State = to };
    }

    private UInt128 TakeBond(EventBody body)
    {
        ContributorId contributor = body.Contributor("contributor");
        UInt128 amount = body.Amount("amount");
        UInt128 left = BondOf(contributor) - amount;
        if (left == 0)
        {
            _bonds.Remove(contributor);
        }
        else
        {
            _bonds[contributor] = _bonds[contributor] with { Amount = left };
        }

        return amount;
    }

    private void Owe(JournalEvent journalEvent, BountyPaymentKind kind, ContributorId to, UInt128 amount, long reward)
    {
        _unpaid.Add(journalEvent.Digest, (new BountyPayment(journalEvent.Digest, kind, to, amount), reward));
        _unpaidOrder.Add(journalEvent.Digest);
    }

    private void Pay(EventBody body)
    {
        Sha256Digest id = body.Digest("payment");
        if (!_unpaid.Remove(id, out (BountyPayment Payment, long Reward) owed))
        {
            throw body.Fault("payment", "names no payment that is due");
        }

        _unpaidOrder.Remove(id);
        UInt128 amount = owed.Payment.Amount;
        BountyBalances now = Balances;
        switch (owed.Payment.Kind)
        {
            case BountyPaymentKind.Reward:
                _rewards[owed.Reward] = _rewards[owed.Reward] with { State = BountyRewardState.Paid };
                Balances = now with { InTransit = now.InTransit - amount, Paid = now.Paid + amount };
                break;
            case BountyPaymentKind.Refund:
                Balances = now with { InTransit = now.InTransit - amount, Refunded = now.Refunded + amount };
                break;
            default:
                Balances = now with { BondsInTransit = now.BondsInTransit - amount, BondsReturned = now.BondsReturned + amount };
                break;
        }
    }
}
