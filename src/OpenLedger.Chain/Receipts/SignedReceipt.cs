using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;

namespace OpenLedger.Chain.Receipts;

/// <summary>A receipt and its signature: what the payer gets with the answer.</summary>
/// <param name="Receipt">The receipt.</param>
/// <param name="Signature">The signature over its EIP-712 digest.</param>
public sealed record SignedReceipt(InferenceReceipt Receipt, EthereumSignature Signature)
{
    /// <summary>Signs a receipt.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="identity">The ledger it is for.</param>
    /// <param name="signer">The operator's key.</param>
    /// <exception cref="ArgumentException">The signer is not the ledger's operator.</exception>
    public static SignedReceipt Sign(InferenceReceipt receipt, LedgerIdentity identity, ISigner signer)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(signer);
        return signer.Address == identity.Operator
            ? new SignedReceipt(receipt, signer.SignHash(receipt.Digest(identity)))
            : throw new ArgumentException(
                $"The signer is {signer.Address}; receipts of this ledger are signed by its operator {identity.Operator}.",
                nameof(signer));
    }

    /// <summary>Finds out who signed.</summary>
    /// <param name="identity">The ledger the receipt is for.</param>
    /// <param name="signer">The account where the result is <see langword="true"/>.</param>
    /// <returns>Whether the signature belongs to any key.</returns>
    public bool TryRecover(LedgerIdentity identity, out EthereumAddress signer) => Signature.TryRecover(Receipt.Digest(identity), out signer);

    /// <summary>Whether the ledger's operator signed this receipt for this ledger.</summary>
    /// <param name="identity">The ledger.</param>
    public bool IsValid(LedgerIdentity identity) => Signature.IsBy(Receipt.Digest(identity), identity.Operator);
}
