using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;

namespace OpenLedger.Chain.Receipts;

/// <summary>A batch header and the operator's signature.</summary>
/// <param name="Header">The header.</param>
/// <param name="Signature">The signature over its EIP-712 digest.</param>
public sealed record SignedBatch(BatchHeader Header, EthereumSignature Signature)
{
    /// <summary>Whether the ledger's operator is named in the batch and signed it for this ledger.</summary>
    /// <param name="identity">The ledger.</param>
    public bool IsValid(LedgerIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return Header.Operator == identity.Operator && Signature.IsBy(Header.Digest(identity), identity.Operator);
    }
}
