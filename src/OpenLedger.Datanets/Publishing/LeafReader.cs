using System.Buffers.Binary;
using System.Text;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Publishing;

/// <summary>Reads the leaves of <c>docs/spec/datanet-leaf.md</c> back into steps.</summary>
internal static class LeafReader
{
    private const int RecordOffset = 25; // in the leaf of a record that was added to main
    private const int KindOffset = 25;
    private const int BranchOffset = 26;
    private const int BodyOffset = BranchOffset + BranchName.MaxLength;
    private const int RecordLength = DatanetLeaf.Length - RecordOffset;

    /// <summary>The step that a leaf stands for, or <see langword="null"/> when the bytes are not exactly what a step is written as.</summary>
    public static DatanetStep? Read(long position, ReadOnlySpan<byte> leaf)
    {
        DatanetStep? step = leaf.Length switch
        {
            DatanetLeaf.Length => ReadRecord(position, BranchName.Main, leaf[RecordOffset..]),
            > BodyOffset => ReadStep(position, leaf),
            _ => null,
        };

        // Tag, format version and padding need no rules of their own: a step has one encoding.
        return step is not null && step.ToBytes().AsSpan().SequenceEqual(leaf) ? step : null;
    }

    private static DatanetStep? ReadStep(long position, ReadOnlySpan<byte> leaf)
    {
        StepKind kind = (StepKind)leaf[KindOffset];
        string? branch = kind == StepKind.Erase ? "" : ReadName(leaf[BranchOffset..BodyOffset]);
        ReadOnlySpan<byte> body = leaf[BodyOffset..];
        return (kind, body.Length) switch
        {
            _ when branch is null => null,
            (StepKind.Add, RecordLength) => ReadRecord(position, branch, body),
            (StepKind.Include, 16) => DatanetStep.Include(position, branch, Number(body[8..]), Number(body)),
            (StepKind.Remove, 24) => DatanetStep.Remove(position, branch, Number(body[8..]), Number(body), Number(body[16..]) is >= 0 and long record ? record : null),
            (StepKind.Erase, 16) => DatanetStep.Erase(position, Number(body[8..]), Number(body)),
            (StepKind.Fork, 16 + BranchName.MaxLength) when ReadName(body[16..]) is string source =>
                DatanetStep.Fork(position, branch, Number(body[8..]), source, Number(body)),
            _ => null,
        };
    }

    private static DatanetStep? ReadRecord(long position, string branch, ReadOnlySpan<byte> body) => body[0] != (byte)AccountScheme.Secp256k1
        ? null
        : DatanetStep.Add(
            position,
            branch,
            Number(body[85..]),
            new ContributorId(AccountScheme.Secp256k1, body[1..21]),
            new RecordDigest(new Sha256Digest(body[21..53])),
            new Sha256Digest(body[53..85]));

    private static string? ReadName(ReadOnlySpan<byte> padded)
    {
        string name = Encoding.ASCII.GetString(padded.TrimEnd((byte)0));
        return BranchName.IsValid(name) ? name : null;
    }

    private static long Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64BigEndian(bytes);
}
