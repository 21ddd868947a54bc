using System.Buffers.Binary;
using System.Security.Cryptography;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Storage;

/// <summary>Turns normalised digests into the fingerprints that a store indexes, so that the index tells nothing once a key is destroyed.</summary>
/// <remarks>
/// The first byte of the normalised digest chooses one of 256 buckets, each with a random key of its own. Fingerprint = bucket ‖ the first 55
/// bits of SHA-256(key ‖ normalised digest), a non-negative integer. Erasing a record replaces its bucket's key and the bucket's other
/// fingerprints; what the index's pages may have kept of the old ones was computed with a key that is gone.
/// </remarks>
internal sealed class FingerprintKeys
{
    public const int Buckets = 256;
    private const int HashBits = 55;
    private const long HashMask = (1L << HashBits) - 1;

    private readonly IReadOnlyList<byte[]> _keys;

    public FingerprintKeys(IReadOnlyList<byte[]> keys) => _keys = keys;

    public static byte[][] Create() => [.. Enumerable.Range(0, Buckets).Select(_ => RandomNumberGenerator.GetBytes(RecordCipher.KeyLength))];

    public static int BucketOf(Sha256Digest normalized)
    {
        Span<byte> bytes = stackalloc byte[Sha256Digest.Length];
        normalized.CopyTo(bytes);
        return bytes[0];
    }

    public static (long From, long To) Range(int bucket) => ((long)bucket << HashBits, ((long)bucket << HashBits) | HashMask);

    public long Of(Sha256Digest normalized) => Of(normalized, _keys[BucketOf(normalized)]);

    public static long Of(Sha256Digest normalized, ReadOnlySpan<byte> key)
    {
        Span<byte> input = stackalloc byte[RecordCipher.KeyLength + Sha256Digest.Length];
        key.CopyTo(input);
        normalized.CopyTo(input[RecordCipher.KeyLength..]);
        Span<byte> hash = stackalloc byte[Sha256Digest.Length];
        SHA256.HashData(input, hash);
        return ((long)BucketOf(normalized) << HashBits) | (BinaryPrimitives.ReadInt64BigEndian(hash) & HashMask);
    }
}
