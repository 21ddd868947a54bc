using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Access;

/// <summary>Finds out whether the price of a grant was paid. The chain package supplies an implementation.</summary>
/// <remarks>Implementations must be safe for concurrent use. A reference that was used for one request is refused for another by the ledger.</remarks>
public interface IAccessPayments
{
    /// <summary>Whether a payment arrived for good.</summary>
    /// <param name="requester">Who should have paid.</param>
    /// <param name="amount">How much, in base units.</param>
    /// <param name="reference">The payment, for example a transaction hash.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<bool> IsPaidAsync(ContributorId requester, UInt128 amount, string reference, CancellationToken cancellationToken = default);
}
