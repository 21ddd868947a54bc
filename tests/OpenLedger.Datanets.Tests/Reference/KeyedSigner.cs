using System.Security.Cryptography;
using System.Text;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>A deterministic signature with a shared key: HMAC-SHA256, whose key follows from the account. Enough to test who checks what.</summary>
internal sealed class KeyedSigner(string name) : IContributionSigner
{
    public static IContributionVerifier Verifier { get; } = new KeyedVerifier();

    public ContributorId Contributor { get; } =
        new(AccountScheme.Secp256k1, SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, ContributorId.AccountLength));

    public byte[] Sign(ReadOnlySpan<byte> digest) => HMACSHA256.HashData(Contributor.ToAccountBytes(), digest);

    private sealed class KeyedVerifier : IContributionVerifier
    {
        public bool Verify(ContributorId contributor, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
            signature.SequenceEqual(HMACSHA256.HashData(contributor.ToAccountBytes(), digest));
    }
}
