using System.Buffers.Binary;
using System.Text;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Transparency;

namespace OpenLedger.Datanets.Versions;

/// <summary>One step of a datanet's log. All steps of all branches are the leaves of one transparency tree; what a branch holds follows from them.</summary>
/// <remarks>
/// The encoding is specified in <c>docs/spec/datanet-leaf.md</c>. Members that a kind does not use have their default value. Immutable; safe
/// for concurrent use.
/// </remarks>
public sealed record DatanetStep
{
    private const int MaxLength = 183;
    private const int BranchOffset = 26;
    private const int BodyOffset = BranchOffset + BranchName.MaxLength;
    private const byte FormatVersion = 1;

    private DatanetStep(long position, StepKind kind, string branch, long unixMs)
    {
        Position = position;
        Kind = kind;
        Branch = branch;
        UnixMs = unixMs;
    }

    /// <summary>0-based place in the log, which is the leaf index. Not part of the leaf, since the tree commits to it.</summary>
    public long Position { get; }

    /// <summary>What the step does.</summary>
    public StepKind Kind { get; }

    /// <summary>The branch it changes; empty for an erasure, which changes all.</summary>
    public string Branch { get; }

    /// <summary>When, in milliseconds since 1970-01-01 UTC.</summary>
    public long UnixMs { get; }

    /// <summary>The position of the step that added the record; for an addition its own, for a fork the length of the log that it starts from.</summary>
    public long Target { get; private init; }

    /// <summary>Who gave an added record.</summary>
    public ContributorId Contributor { get; private init; }

    /// <summary>The record that is added.</summary>
    public RecordDigest Record { get; private init; }

    /// <summary>The contribution that gave an added record.</summary>
    public Sha256Digest Contribution { get; private init; }

    /// <summary>The position of the step that added the record which takes the place of the removed one, or <see langword="null"/>.</summary>
    public long? Replacement { get; private init; }

    /// <summary>The branch that a fork starts from; otherwise empty.</summary>
    public string Source { get; private init; } = "";

    private static ReadOnlySpan<byte> Tag => "openledger-datanet-step:"u8;

    /// <summary>A step that accepts a record.</summary>
    public static DatanetStep Add(
        long position, string branch, long unixMs, ContributorId contributor, RecordDigest record, Sha256Digest contribution) =>
        new(position, StepKind.Add, branch, unixMs) { Target = position, Contributor = contributor, Record = record, Contribution = contribution };

    /// <summary>A step that makes the record added at <paramref name="target"/> part of a branch.</summary>
    public static DatanetStep Include(long position, string branch, long unixMs, long target) =>
        new(position, StepKind.Include, branch, unixMs) { Target = target };

    /// <summary>A step that takes the record added at <paramref name="target"/> off a branch.</summary>
    public static DatanetStep Remove(long position, string branch, long unixMs, long target, long? replacement) =>
        new(position, StepKind.Remove, branch, unixMs) { Target = target, Replacement = replacement };

    /// <summary>A step that destroys the payload of the record added at <paramref name="target"/>.</summary>
    public static DatanetStep Erase(long position, long unixMs, long target) => new(position, StepKind.Erase, "", unixMs) { Target = target };

    /// <summary>A step that starts a branch with what <paramref name="source"/> held when the log had <paramref name="size"/> steps.</summary>
    public static DatanetStep Fork(long position, string branch, long unixMs, string source, long size) =>
        new(position, StepKind.Fork, branch, unixMs) { Source = source, Target = size };

    /// <summary>Returns the leaf in a new array.</summary>
    public byte[] ToBytes()
    {
        Span<byte> leaf = stackalloc byte[MaxLength];
        return leaf[..Write(leaf)].ToArray();
    }

    /// <summary>The hash that stands for the step in the transparency tree.</summary>
    public Sha256Digest Hash()
    {
        Span<byte> leaf = stackalloc byte[MaxLength];
        return TransparencyTree.HashLeaf(leaf[..Write(leaf)]);
    }

    internal DatanetLeaf ToLeaf() => new()
    {
        Branch = Branch,
        Contributor = Contributor,
        Record = Record,
        Contribution = Contribution,
        RegisteredAtUnixMs = UnixMs,
    };

    /// <summary>Writes the part that all leaves but those of main's records have in common; returns where the rest goes.</summary>
    internal static Span<byte> WriteStart(Span<byte> leaf, StepKind kind, string branch)
    {
        leaf[..BodyOffset].Clear();
        Tag.CopyTo(leaf);
        leaf[24] = FormatVersion;
        leaf[25] = (byte)kind;
        Encoding.ASCII.GetBytes(branch, leaf[BranchOffset..BodyOffset]);
        return leaf[BodyOffset..];
    }

    private int Write(Span<byte> leaf)
    {
        if (Kind == StepKind.Add)
        {
            return ToLeaf().Write(leaf);
        }

        Span<byte> body = WriteStart(leaf, Kind, Branch);
        BinaryPrimitives.WriteInt64BigEndian(body, Target);
        BinaryPrimitives.WriteInt64BigEndian(body[8..], UnixMs);
        switch (Kind)
        {
            case StepKind.Remove:
                BinaryPrimitives.WriteInt64BigEndian(body[16..], Replacement ?? -1);
                return BodyOffset + 24;
            case StepKind.Fork:
                body.Slice(16, BranchName.MaxLength).Clear();
                Encoding.ASCII.GetBytes(Source, body[16..]);
                return BodyOffset + 16 + BranchName.MaxLength;
            default:
                return BodyOffset + 16;
        }
    }
}
