using System.Text.Json.Nodes;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Review;

namespace OpenLedger.Datanets.Bounties;

/// <content>What leaves the pool, and bonds.</content>
public sealed partial class BountyPool
{
    private const int MaxReleases = 1000; // per transaction

    /// <summary>Releases rewards whose time has come, and makes every payment that was decided and is not confirmed.</summary>
    /// <param name="payer">Pays.</param>
    /// <param name="actor">Who runs this; stands in the journal.</param>
    /// <param name="cancellationToken">Stops between two payments, and is handed to the payer.</param>
    /// <returns>What was paid, and what the payer did not pay.</returns>
    /// <remarks>
    /// First the release is decided, durably and for good; then the payer is called; then its reference is noted. After a crash anywhere the
    /// next run goes on, calling the payer again with the same payment ids. What the payer throws ends the run and passes through.
    /// </remarks>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public async Task<BountyPayRun> PayDueAsync(IBountyPayer payer, ContributorId actor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(payer);
        while (DecideReleases(actor) == MaxReleases)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        List<BountyPayment> paid = [];
        List<(BountyPayment Payment, string Reason)> notPaid = [];
        foreach (BountyPayment payment in ListUnpaid())
        {
            cancellationToken.ThrowIfCancellationRequested();
            BountyReceipt receipt = await payer.PayAsync(payment, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"{payer.GetType().Name} returned no receipt for payment {payment.Id}; return Paid or NotPaid.");
            if (receipt.Reference is null)
            {
                notPaid.Add((payment, receipt.Reason!));
                continue;
            }

            _journal.Decide(_projection, draft =>
            {
                if (_projection.IsUnpaid(payment.Id)) // else another process noted the same receipt
                {
                    draft.Append(
                        BountyEvents.Paid, actor, new JsonObject { ["payment"] = payment.Id.ToString(), ["reference"] = receipt.Reference });
                }

                return true;
            });
            paid.Add(payment);
        }

        return new BountyPayRun(paid, notPaid);
    }

    /// <summary>Decides to give money that nobody has earned back to the owner; <see cref="PayDueAsync"/> pays it.</summary>
    /// <param name="owner">The owner of the datanet.</param>
    /// <param name="amount">Base units, at least 1 and at most what is available.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is 0.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.NotPermitted"/>, <see cref="DatanetError.BountyConflict"/>: less is available, or acceptances wait for it; or a
    /// fault of the store.
    /// </exception>
    public void Refund(ContributorId owner, UInt128 amount)
    {
        if (amount == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "An amount is at least 1 base unit.");
        }

        _journal.Decide(_projection, draft =>
        {
            OwnerOnly.Demand(draft, _journal.DatanetId, owner, "take money out of the pool");
            if (_projection.Waiting.Count > 0)
            {
                throw new DatanetException(
                    DatanetError.BountyConflict, $"{_projection.Waiting.Count} acceptances have not been settled; settle or cancel them before money is taken out.");
            }

            if (amount > _projection.Balances.Available)
            {
                throw new DatanetException(
                    DatanetError.BountyConflict, $"{amount} cannot be taken out: {_projection.Balances.Available} is available, the rest was earned.");
            }

            draft.Append(BountyEvents.RefundDecided, owner, new JsonObject { ["to"] = owner.ToString(), ["amount"] = Write(amount) });
            return true;
        });
    }

    /// <summary>The bond that stands for a contributor, in base units.</summary>
    /// <param name="contributor">The contributor.</param>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public UInt128 GetBond(ContributorId contributor) => _journal.Query(_projection, _ => _projection.BondOf(contributor));

    /// <summary>Throws unless the contributor's bond is as high as the pool demands; for applications that refuse contributions without.</summary>
    /// <param name="contributor">The contributor.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.BountyConflict"/>: the bond is missing or too low; or a fault of the store.</exception>
    public void DemandBond(ContributorId contributor)
    {
        UInt128 bond = GetBond(contributor);
        if (bond < _options.Bond)
        {
            throw new DatanetException(
                DatanetError.BountyConflict, $"The bond of {contributor} is {bond}; {_options.Bond} must stand before a contribution. Post a bond first.");
        }
    }

    /// <summary>Notes a bond that arrived; it adds to one that stands.</summary>
    /// <param name="contributor">Who posted it.</param>
    /// <param name="amount">Base units, at least 1.</param>
    /// <param name="reference">Names the payment; see <see cref="Deposit"/>.</param>
    /// <returns><see langword="false"/> when this reference was noted before with the same amount.</returns>
    /// <exception cref="ArgumentException">The amount is 0, or the reference is not legal.</exception>
    /// <exception cref="DatanetException">As for <see cref="Deposit"/>.</exception>
    public bool PostBond(ContributorId contributor, UInt128 amount, string reference) => Book(BountyEvents.BondPosted, contributor, amount, reference);

    /// <summary>Decides to give a bond back; <see cref="PayDueAsync"/> pays it.</summary>
    /// <param name="actor">Who posted it, once a record was accepted since; or the owner, at any time.</param>
    /// <param name="contributor">Who posted it.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.NotPermitted"/>, <see cref="DatanetError.BountyConflict"/>: no bond stands, or nothing was accepted since; or a
    /// fault of the store.
    /// </exception>
    public void ReturnBond(ContributorId actor, ContributorId contributor) => _journal.Decide(_projection, draft =>
    {
        if (actor != contributor)
        {
            OwnerOnly.Demand(draft, _journal.DatanetId, actor, $"return the bond of {contributor}");
        }

        UInt128 bond = _projection.BondOf(contributor);
        if (bond == 0)
        {
            throw new DatanetException(DatanetError.BountyConflict, $"No bond of {contributor} stands; there is nothing to return.");
        }

        if (!_projection.HasAcceptanceSinceBond(contributor) && actor != OwnerOnly.OwnerOf(draft, _journal.DatanetId))
        {
            throw new DatanetException(
                DatanetError.BountyConflict, $"No record of {contributor} was accepted since the bond was posted; the owner alone can return it before.");
        }

        draft.Append(BountyEvents.BondReturnDecided, actor, new JsonObject { ["contributor"] = contributor.ToString(), ["amount"] = Write(bond) });
        return true;
    });

    /// <summary>Takes a bond, or a part of it, for abuse; it feeds the pool.</summary>
    /// <param name="owner">The owner of the datanet.</param>
    /// <param name="contributor">Who posted it.</param>
    /// <param name="amount">Base units, at least 1 and at most the bond that stands.</param>
    /// <param name="reason">Why a record was rejected.</param>
    /// <param name="note">What happened; see <see cref="ReviewAnswer.Reject"/> for what is legal.</param>
    /// <exception cref="ArgumentException">The amount is 0, the reason unknown or the note not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.NotPermitted"/>, <see cref="DatanetError.BountyConflict"/>: the bond is lower; or a fault of the store.
    /// </exception>
    public void SlashBond(ContributorId owner, ContributorId contributor, UInt128 amount, ReviewReason reason, string note = "")
    {
        ReviewAnswer.CheckNote(note);
        string name = EventName<ReviewReason>.Of(reason);
        if (amount == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "An amount is at least 1 base unit.");
        }

        _journal.Decide(_projection, draft =>
        {
            OwnerOnly.Demand(draft, _journal.DatanetId, owner, "take bonds");
            UInt128 bond = _projection.BondOf(contributor);
            if (amount > bond)
            {
                throw new DatanetException(DatanetError.BountyConflict, $"{amount} cannot be taken: the bond of {contributor} is {bond}.");
            }

            JsonObject body = new() { ["contributor"] = contributor.ToString(), ["amount"] = Write(amount), ["reason"] = name };
            if (note.Length > 0)
            {
                body["note"] = note;
            }

            draft.Append(BountyEvents.BondSlashed, owner, body);
            return true;
        });
    }

    private int DecideReleases(ContributorId actor) => _journal.Decide(_projection, draft =>
    {
        BountyReward[] due = [.. _projection.Due(draft.Now).Take(MaxReleases)];
        foreach (BountyReward reward in due)
        {
            draft.Append(BountyEvents.ReleaseDecided, actor, new JsonObject { ["reward"] = reward.Id });
        }

        return due.Length;
    });
}
