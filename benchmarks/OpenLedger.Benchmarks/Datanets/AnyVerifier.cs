using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>Accepts every signature: what they cost is measured with the chain package.</summary>
internal sealed class AnyVerifier : IContributionVerifier
{
    public static ContributorId Contributor { get; } = new(AccountScheme.Secp256k1, [.. Enumerable.Repeat((byte)7, ContributorId.AccountLength)]);

    public bool Verify(ContributorId contributor, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) => true;
}
