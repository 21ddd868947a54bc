namespace OpenLedger.Datanets.Bounties;

/// <summary>Moves money. The chain package supplies an implementation.</summary>
/// <remarks>
/// A crash between a payment and the note that it happened repeats the call, possibly by another process at the same time: an
/// implementation pays each <see cref="BountyPayment.Id"/> once, ever, and answers later calls with the receipt of the first.
/// </remarks>
public interface IBountyPayer
{
    /// <summary>Makes a payment, or finds that it was made.</summary>
    /// <param name="payment">What to pay to whom.</param>
    /// <param name="cancellationToken">Gives up waiting; the payment may have been made nevertheless.</param>
    /// <returns>The receipt. An exception means that it is not known whether the payment was made; it is tried again in the next run.</returns>
    ValueTask<BountyReceipt> PayAsync(BountyPayment payment, CancellationToken cancellationToken = default);
}
