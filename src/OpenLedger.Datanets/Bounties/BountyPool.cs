using System.Globalization;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Review;

namespace OpenLedger.Datanets.Bounties;

/// <summary>Money for accepted records: deposited by sponsors, earned on acceptance, held for a while, released once.</summary>
/// <remarks>
/// <para>
/// Amounts are whole base units of the payer's currency in <see cref="UInt128"/>, with checked arithmetic. The pool keeps the books in the
/// datanet's journal and moves no money itself: the application confirms what came in, an <see cref="IBountyPayer"/> pays out.
/// </para>
/// <para>
/// Acceptances of a review queue on the same journal are found there, so that none is lost between two steps; the pool exists from its
/// first deposit on, and acceptances before that earn nothing. Safe for concurrent use, also by several processes on one store.
/// </para>
/// </remarks>
public sealed partial class BountyPool
{
    private readonly DatanetJournal _journal;
    private readonly BountyProjection _projection = new();
    private readonly BountyPoolOptions _options;

    /// <summary>Opens the pool of a datanet.</summary>
    /// <param name="journal">The datanet's journal.</param>
    /// <param name="options">The rules.</param>
    /// <exception cref="ArgumentException">An option is not legal.</exception>
    public BountyPool(DatanetJournal journal, BountyPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _journal = journal;
        _options = options;
    }

    /// <summary>Where the money is.</summary>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public BountyBalances GetBalances() => _journal.Query(_projection, _ => _projection.Balances);

    /// <summary>All rewards, in the order in which they were earned.</summary>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public IReadOnlyList<BountyReward> ListRewards() => _journal.Query(_projection, _ => _projection.Rewards.ToArray());

    /// <summary>The acceptances that have not been settled, in the order in which they will be.</summary>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public IReadOnlyList<BountyClaim> ListWaiting() => _journal.Query(_projection, _ => _projection.Waiting.ToArray());

    /// <summary>The payments that were decided and are not confirmed, in order.</summary>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public IReadOnlyList<BountyPayment> ListUnpaid() => _journal.Query(_projection, _ => _projection.Unpaid.ToArray());

    /// <summary>Notes a deposit that arrived.</summary>
    /// <param name="sponsor">Who paid.</param>
    /// <param name="amount">Base units, at least 1.</param>
    /// <param name="reference">Names the payment, for example a transaction hash; see <see cref="BountyReceipt.Paid"/> for what is legal.</param>
    /// <returns><see langword="false"/> when this reference was noted before with the same amount: nothing is booked twice.</returns>
    /// <exception cref="ArgumentException">The amount is 0, or the reference is not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.BountyConflict"/>: the reference was noted with another amount; <see cref="DatanetError.LimitExceeded"/>: the sum
    /// of all money ever is beyond 128 bits; or a fault of the store.
    /// </exception>
    public bool Deposit(ContributorId sponsor, UInt128 amount, string reference) => Book(BountyEvents.Deposited, sponsor, amount, reference);

    /// <summary>Books what acceptances earn: those of the review queue, and those that waited for a deposit. Repeating it changes nothing.</summary>
    /// <param name="actor">Who settles; stands in the journal.</param>
    /// <returns>How many acceptances were settled: earned or skipped for good.</returns>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public int Settle(ContributorId actor) => _journal.Decide(_projection, draft =>
    {
        Books books = new(_projection);
        int settled = 0;
        foreach (BountyClaim claim in _projection.Waiting)
        {
            if (!TrySettle(draft, actor, claim, books))
            {
                break; // who waited longer is served first
            }

            settled++;
        }

        return settled;
    });

    /// <summary>Books what an accepted record earns, in datanets that accept without a review queue.</summary>
    /// <param name="owner">The owner of the datanet.</param>
    /// <param name="claim">The record.</param>
    /// <returns><see langword="true"/> when it earned; <see langword="false"/> when it was skipped, waits, or was settled before.</returns>
    /// <exception cref="ArgumentException">The claim names no contributor, or no contribution where one is needed.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.NotPermitted"/>, or a fault of the store.</exception>
    public bool Earn(ContributorId owner, BountyClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        if (claim.Contributor == default || (_options.Rule == BountyRule.PerContribution && claim.Contribution is null))
        {
            throw new ArgumentException($"The claim for {claim.Record} needs a contributor, and a contribution where contributions are rewarded.", nameof(claim));
        }

        return _journal.Decide(_projection, draft =>
        {
            OwnerOnly.Demand(draft, _journal.DatanetId, owner, "book rewards");
            if (_projection.IsSettled(SubjectOf(claim)) || _projection.Waiting.Any(waiting => SubjectOf(waiting) == SubjectOf(claim)))
            {
                return false;
            }

            Books books = new(_projection);
            if (_projection.Waiting.Count > 0 || !TrySettle(draft, owner, claim, books))
            {
                draft.Append(BountyEvents.Waiting, owner, ToJson(claim));
                return false;
            }

            return books.HasEarned;
        });
    }

    /// <summary>Cancels what a record earned, as long as it is held. What is being paid or was paid stays: there is no claw-back.</summary>
    /// <param name="owner">The owner of the datanet.</param>
    /// <param name="record">The record that earned.</param>
    /// <param name="reason">Why.</param>
    /// <returns>Whether there was anything to cancel.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The reason is unknown.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.NotPermitted"/>, or a fault of the store.</exception>
    public bool Cancel(ContributorId owner, RecordDigest record, BountyCancellation reason)
    {
        string name = EventName<BountyCancellation>.Of(reason);
        return _journal.Decide(_projection, draft =>
        {
            OwnerOnly.Demand(draft, _journal.DatanetId, owner, "cancel rewards");
            bool isCancelled = false;
            foreach (BountyClaim waiting in _projection.Waiting.Where(waiting => waiting.Record == record))
            {
                Skip(draft, owner, waiting, BountySkip.Cancelled);
                isCancelled = true;
            }

            if (_projection.FindReward(record) is { State: BountyRewardState.Held } reward)
            {
                draft.Append(BountyEvents.Cancelled, owner, new JsonObject { ["reward"] = reward.Id, ["reason"] = name });
                isCancelled = true;
            }

            return isCancelled;
        });
    }

    private bool TrySettle(JournalDraft draft, ContributorId actor, BountyClaim claim, Books books)
    {
        Sha256Digest subject = SubjectOf(claim);
        if (_projection.IsSettled(subject) || !books.Subjects.Add(subject))
        {
            Skip(draft, actor, claim, null);
            return true;
        }

        if (_options.Rule == BountyRule.PerContribution && claim.Contribution is null)
        {
            return Skip(draft, actor, claim, BountySkip.NoContribution);
        }

        if (_projection.BondOf(claim.Contributor) < _options.Bond)
        {
            return Skip(draft, actor, claim, BountySkip.NoBond);
        }

        UInt128 amount = _options.Reward;
        if (books.Available < amount)
        {
            switch (_options.Exhaustion)
            {
                case BountyExhaustion.Wait:
                    return false;
                case BountyExhaustion.PayRest when books.Available > 0:
                    amount = books.Available;
                    break;
                default:
                    return Skip(draft, actor, claim, BountySkip.Exhausted);
            }
        }

        UInt128 earnedToday = books.EarnedBy(claim.Contributor, draft.Now);
        if (_options.DailyCap is UInt128 cap && (earnedToday > cap || amount > cap - earnedToday))
        {
            return Skip(draft, actor, claim, BountySkip.DailyCap);
        }

        JsonObject body = ToJson(claim);
        body["subject"] = subject.ToString();
        body["amount"] = Write(amount);
        body["release"] = (draft.Now + _options.Hold).ToUnixTimeMilliseconds();
        draft.Append(BountyEvents.Earned, actor, body);
        books.Earn(claim.Contributor, amount);
        return true;
    }

    /// <summary>Notes that an acceptance earns nothing; without a reason because its subject was settled before.</summary>
    private bool Skip(JournalDraft draft, ContributorId actor, BountyClaim claim, BountySkip? reason)
    {
        JsonObject body = ToJson(claim);
        // A record that is taken out does not spoil the other records of its contribution.
        body["subject"] = (reason == BountySkip.Cancelled ? claim.Record.Value : SubjectOf(claim)).ToString();
        if (reason is BountySkip skip)
        {
            body["reason"] = EventName<BountySkip>.Of(skip);
        }

        draft.Append(BountyEvents.Skipped, actor, body);
        return true;
    }

    private bool Book(string kind, ContributorId actor, UInt128 amount, string reference)
    {
        BountyReceipt.Check(reference, nameof(reference));
        if (amount == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "An amount is at least 1 base unit.");
        }

        return _journal.Decide(_projection, draft =>
        {
            if (_projection.AmountOf(reference) is UInt128 booked)
            {
                return booked == amount
                    ? false
                    : throw new DatanetException(
                        DatanetError.BountyConflict, $"The payment '{reference}' was booked with {booked}, not {amount}; a payment has one reference of its own.");
            }

            BountyBalances balances = _projection.Balances;
            if (amount > UInt128.MaxValue - balances.Deposited - balances.BondsPosted)
            {
                throw new DatanetException(
                    DatanetError.LimitExceeded, $"With {amount} more, the pool would have taken in more than {UInt128.MaxValue} base units.");
            }

            draft.Append(kind, actor, new JsonObject { ["amount"] = Write(amount), ["reference"] = reference });
            return true;
        });
    }

    private Sha256Digest SubjectOf(BountyClaim claim) =>
        _options.Rule == BountyRule.PerContribution ? claim.Contribution ?? claim.Record.Value : claim.Record.Value;

    private static JsonObject ToJson(BountyClaim claim)
    {
        JsonObject body = new() { ["record"] = claim.Record.ToString(), ["contributor"] = claim.Contributor.ToString() };
        if (claim.Contribution is Sha256Digest contribution)
        {
            body["contribution"] = contribution.ToString();
        }

        return body;
    }

    private static string Write(UInt128 amount) => amount.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a decision has spent so far; the projection learns of it only afterwards.</summary>
    private sealed class Books(BountyProjection projection)
    {
        private readonly Dictionary<ContributorId, UInt128> _earned = [];

        public UInt128 Available { get; private set; } = projection.Balances.Available;

        public HashSet<Sha256Digest> Subjects { get; } = [];

        public bool HasEarned => _earned.Count > 0;

        public UInt128 EarnedBy(ContributorId contributor, DateTimeOffset now) =>
            projection.EarnedOn(contributor, now) + _earned.GetValueOrDefault(contributor);

        public void Earn(ContributorId contributor, UInt128 amount)
        {
            Available -= amount;
            _earned[contributor] = _earned.GetValueOrDefault(contributor) + amount;
        }
    }
}
