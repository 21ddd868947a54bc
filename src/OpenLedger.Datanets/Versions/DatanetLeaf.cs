using System.Buffers.Binary;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Transparency;

namespace OpenLedger.Datanets.Versions;

/// <summary>The bytes that a version commits to for one record: who gave what, under which signed statement, when, and on which branch.</summary>
/// <remarks>
/// Specified in <c>docs/spec/datanet-leaf.md</c>: 118 bytes for a record that was added to <c>main</c>, 183 bytes, with the branch's name, for
/// another branch. Immutable; safe for concurrent use.
/// </remarks>
public sealed record DatanetLeaf
{
    /// <summary>Length in bytes of the encoded leaf of a record that was added to <c>main</c>.</summary>
    public const int Length = 118;

    /// <summary>Length in bytes of the encoded leaf of a record that was added to another branch.</summary>
    public const int BranchLength = 183;

    private const byte FormatVersion = 1;

    /// <summary>The branch the record was added to.</summary>
    /// <value><see cref="BranchName.Main"/>.</value>
    public string Branch { get; init; } = BranchName.Main;

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
        Span<byte> leaf = stackalloc byte[BranchLength];
        return leaf[..Write(leaf)].ToArray();
    }

    /// <summary>The hash that stands for the leaf in the transparency tree.</summary>
    public Sha256Digest Hash()
    {
        Span<byte> leaf = stackalloc byte[BranchLength];
        return TransparencyTree.HashLeaf(leaf[..Write(leaf)]);
    }

    /// <summary>Writes the leaf and returns its length; at least <see cref="BranchLength"/> bytes.</summary>
    internal int Write(Span<byte> leaf)
    {
        if (Branch != BranchName.Main)
        {
            WriteRecord(DatanetStep.WriteStart(leaf, StepKind.Add, Branch));
            return BranchLength;
        }

        Tag.CopyTo(leaf);
        leaf[24] = FormatVersion;
        WriteRecord(leaf[25..]);
        return Length;
    }

    private void WriteRecord(Span<byte> body)
    {
        body[0] = (byte)Contributor.Scheme;
        Contributor.CopyAccountTo(body[1..]);
        Record.CopyTo(body[21..]);
        Contribution.CopyTo(body[53..]);
        BinaryPrimitives.WriteInt64BigEndian(body[85..], RegisteredAtUnixMs);
    }
}
