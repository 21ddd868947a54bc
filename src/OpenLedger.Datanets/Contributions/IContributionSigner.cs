namespace OpenLedger.Datanets.Contributions;

/// <summary>Signs contributions for one account. The chain package supplies the secp256k1 implementation.</summary>
/// <remarks>Implementations must be safe for concurrent use and deterministic: the same digest gives the same signature.</remarks>
public interface IContributionSigner
{
    /// <summary>The account whose key signs.</summary>
    ContributorId Contributor { get; }

    /// <summary>Signs a 32-byte SHA-256 digest.</summary>
    /// <param name="digest">Exactly 32 bytes.</param>
    /// <returns>The signature; for secp256k1 the 65 bytes r, s, v with v 27 or 28.</returns>
    byte[] Sign(ReadOnlySpan<byte> digest);
}
