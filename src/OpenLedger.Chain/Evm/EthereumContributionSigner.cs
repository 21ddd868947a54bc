using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Chain.Evm;

/// <summary>Signs datanet contributions with an Ethereum account: the EIP-191 personal message over the 32-byte digest, so that a
/// wallet can do the same.</summary>
/// <remarks>Safe for concurrent use when the signer is.</remarks>
public sealed class EthereumContributionSigner : IContributionSigner
{
    private readonly ISigner _signer;

    /// <summary>Creates the signer.</summary>
    /// <param name="signer">The account that signs.</param>
    /// <exception cref="ArgumentNullException"><paramref name="signer"/> is null.</exception>
    public EthereumContributionSigner(ISigner signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        _signer = signer;
        Contributor = signer.Address.ToContributorId();
    }

    /// <inheritdoc/>
    public ContributorId Contributor { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is not 32 bytes long.</exception>
    public byte[] Sign(ReadOnlySpan<byte> digest) => digest.Length == Bytes32.Length
        ? _signer.SignHash(PersonalMessage.Hash(digest)).ToArray()
        : throw new ArgumentException($"A digest has {Bytes32.Length} bytes, not {digest.Length}.", nameof(digest));
}
