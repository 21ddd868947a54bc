using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Evm.Eip712;

namespace OpenLedger.Chain.Ledger;

/// <summary>Which ledger this is: everything that a signature is bound to, so that nothing signed for one ledger counts on
/// another.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record LedgerIdentity
{
    /// <summary>The EIP-155 chain id; for an embedded ledger a number of your choice that no public chain uses.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>The ledger's address: the contract, or for an embedded ledger any address that is unique to it.</summary>
    public required EthereumAddress Ledger { get; init; }

    /// <summary>The token that is paid.</summary>
    public required EthereumAddress Token { get; init; }

    /// <summary>The account that signs receipts, batches and exports.</summary>
    public required EthereumAddress Operator { get; init; }

    /// <summary>The EIP-712 domain <c>("OpenLedger PoA", "1", chainId, ledger)</c>.</summary>
    public TypedDataDomain Domain => new() { Name = "OpenLedger PoA", Version = "1", ChainId = ChainId, VerifyingContract = Ledger };

    /// <summary>Checks that operator and ledger are set.</summary>
    /// <exception cref="ArgumentException">The operator's or the ledger's address is zero.</exception>
    public void Validate()
    {
        if (Operator.IsZero || Ledger.IsZero)
        {
            throw new ArgumentException(
                $"{nameof(Operator)} is {Operator} and {nameof(Ledger)} is {Ledger}; neither may be the zero address, which nobody can sign for.");
        }
    }
}
