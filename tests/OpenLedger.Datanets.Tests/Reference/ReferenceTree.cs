using System.Security.Cryptography;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>RFC 6962, section 2.1, as its recursive definitions read. Slow on purpose.</summary>
internal static class ReferenceTree
{
    /// <summary>MTH({}) = H(""); MTH({d}) = H(00 ‖ d); MTH(D[n]) = H(01 ‖ MTH(D[0:k]) ‖ MTH(D[k:n])).</summary>
    public static byte[] Root(byte[][] leaves) => leaves.Length switch
    {
        0 => SHA256.HashData([]),
        1 => SHA256.HashData([0, .. leaves[0]]),
        int n => SHA256.HashData([1, .. Root(leaves[..Split(n)]), .. Root(leaves[Split(n)..])]),
    };

    /// <summary>PATH(m, D[n]).</summary>
    public static Sha256Digest[] Path(int m, byte[][] leaves)
    {
        int n = leaves.Length;
        if (n == 1)
        {
            return [];
        }

        int k = Split(n);
        return m < k
            ? [.. Path(m, leaves[..k]), new Sha256Digest(Root(leaves[k..]))]
            : [.. Path(m - k, leaves[k..]), new Sha256Digest(Root(leaves[..k]))];
    }

    /// <summary>PROOF(m, D[n]) = SUBPROOF(m, D[n], true).</summary>
    public static Sha256Digest[] Proof(int m, byte[][] leaves) => SubProof(m, leaves, isKnown: true);

    private static Sha256Digest[] SubProof(int m, byte[][] leaves, bool isKnown)
    {
        int n = leaves.Length;
        if (m == n)
        {
            return isKnown ? [] : [new Sha256Digest(Root(leaves))];
        }

        int k = Split(n);
        return m <= k
            ? [.. SubProof(m, leaves[..k], isKnown), new Sha256Digest(Root(leaves[k..]))]
            : [.. SubProof(m - k, leaves[k..], isKnown: false), new Sha256Digest(Root(leaves[..k]))];
    }

    private static int Split(int n)
    {
        int k = 1;
        while (2 * k < n)
        {
            k *= 2;
        }

        return k;
    }
}
