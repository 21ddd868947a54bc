using System.Buffers.Binary;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Transparency;

namespace OpenLedger.Datanets.Versions;

/// <summary>The bytes that a version commits to for one record: who gave what, under which signed statement, and when.</summary>
/// <remarks>
/// 118 bytes, specified in <c>docs/spec/datanet-leaf.md</c>: a 24-byte tag, format version, account scheme, account, record digest,
/// contribution digest, time. Immutable; safe for concurrent use.
/// </remarks>
public sealed record DatanetLeaf
{
    /// <summary>Length of an encoded leaf in bytes.</summary>
    public const int Length = 118;

    private const byte FormatVersion = 1;

    /// <summary>Who gave the record.</summary>
    public required ContributorId Contributor { get; init; }

    /// <summary>The record.</summary>
    public required RecordDigest Record { get; init; }

    /// <summary>The digest of the signed statement that gave it.</summary>
    public required Sha256Digest Contribution { get; init; }

    /// <summary>When the datanet accepted it, in milliseconds since 1970-01-01 UTC.</summary>
    public required long RegisteredAtUnixMs { get; init; }

    private static ReadOnlySpan<byte> Tag => "openledger-datanet-leaf:"u8;

    /// <summary>Returns the encoded leaf in a new array.</summary>
    public byte[] ToBytes()
    {
        byte[] leaf = new byte[Length];
        Write(leaf);
        return leaf;
    }

    /// <summary>The hash that stands for the leaf in the transparency tree.</summary>
    public Sha256Digest Hash()
    {
        Span<byte> leaf = stackalloc byte[Length];
        Write(leaf);
        return TransparencyTree.HashLeaf(leaf);
    }

    private void Write(Span<byte> leaf)
    {
        Tag.CopyTo(leaf);
        leaf[24] = FormatVersion;
        leaf[25] = (byte)Contributor.Scheme;
        Contributor.CopyAccountTo(leaf[26..]);
        Record.CopyTo(leaf[46..]);
        Contribution.CopyTo(leaf[78..]);
        BinaryPrimitives.WriteInt64BigEndian(leaf[110..], RegisteredAtUnixMs);
    }
}
