using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Chain.Evm;

/// <summary>Checks signatures made by <see cref="EthereumContributionSigner"/> or by a wallet's <c>personal_sign</c> over the
/// digest bytes.</summary>
/// <remarks>Stateless and safe for concurrent use.</remarks>
public sealed class EthereumContributionVerifier : IContributionVerifier
{
    /// <inheritdoc/>
    public bool Verify(ContributorId contributor, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        contributor.Scheme == AccountScheme.Secp256k1
        && digest.Length == Bytes32.Length
        && EthereumSignature.TryRead(signature, out EthereumSignature parsed)
        && parsed.IsBy(PersonalMessage.Hash(digest), EthereumAddress.FromContributor(contributor));
}
