namespace OpenLedger.Chain.Evm;

/// <summary>Signs 32-byte hashes for one Ethereum account: a local key, or the seam for a key kept elsewhere.</summary>
/// <remarks>Implementations must be safe for concurrent use.</remarks>
public interface ISigner
{
    /// <summary>The account whose key signs.</summary>
    EthereumAddress Address { get; }

    /// <summary>Signs a hash as it is, without any prefix.</summary>
    /// <param name="hash">The 32-byte hash.</param>
    EthereumSignature SignHash(Bytes32 hash);
}
