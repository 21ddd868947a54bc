namespace OpenLedger.Datanets.Contributions;

/// <summary>Checks the signatures of one account scheme. The chain package supplies the secp256k1 implementation.</summary>
/// <remarks>Implementations must be safe for concurrent use.</remarks>
public interface IContributionVerifier
{
    /// <summary>Whether <paramref name="signature"/> over <paramref name="digest"/> was made by the key of <paramref name="contributor"/>.</summary>
    /// <param name="contributor">The account that claims to have signed.</param>
    /// <param name="digest">Exactly 32 bytes.</param>
    /// <param name="signature">The signature bytes; any malformed value is answered with <see langword="false"/>.</param>
    bool Verify(ContributorId contributor, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature);
}
