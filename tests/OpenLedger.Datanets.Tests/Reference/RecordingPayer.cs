using OpenLedger.Datanets.Bounties;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>A payer that pays each id once, as the contract demands, and that fails when told.</summary>
internal sealed class RecordingPayer : IBountyPayer
{
    public Dictionary<Sha256Digest, BountyPayment> Payments { get; } = [];

    public int Calls { get; private set; }

    /// <summary>Asked before each payment: throw here for a fault before the money moved.</summary>
    public Action<BountyPayment> Before { get; set; } = _ => { };

    /// <summary>Asked after each payment: throw here for a fault after the money moved.</summary>
    public Action<BountyPayment> After { get; set; } = _ => { };

    public Func<BountyPayment, string?> Refuse { get; set; } = _ => null;

    public ValueTask<BountyReceipt> PayAsync(BountyPayment payment, CancellationToken cancellationToken = default)
    {
        Calls++;
        Before(payment);
        if (Refuse(payment) is string reason)
        {
            return ValueTask.FromResult(BountyReceipt.NotPaid(reason));
        }

        if (!Payments.TryAdd(payment.Id, payment) && Payments[payment.Id] != payment)
        {
            throw new InvalidOperationException($"Payment {payment.Id} changed.");
        }

        After(payment);
        return ValueTask.FromResult(BountyReceipt.Paid("tx-" + payment.Id));
    }
}
