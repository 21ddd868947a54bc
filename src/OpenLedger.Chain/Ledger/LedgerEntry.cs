using System.Text;
using OpenLedger.Chain.Evm;

namespace OpenLedger.Chain.Ledger;

/// <summary>One entry of the append-only ledger, chained to the one before it.</summary>
/// <remarks>
/// <c>hash = keccak256(abi.encode(bytes32 prevHash, uint256 sequence, bytes32 keccak256(kind), bytes32 keccak256(payload)))</c>, where kind is
/// the lower-case word <c>open</c>, <c>batch</c> or <c>claim</c> and payload is the canonical JSON text.
/// </remarks>
public sealed record LedgerEntry
{
    /// <summary>0 for the first entry, then without gaps.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>What is recorded.</summary>
    public required LedgerEntryKind Kind { get; init; }

    /// <summary>The record: canonical JSON, printable ASCII.</summary>
    public required string Payload { get; init; }

    /// <summary>The previous entry's hash; zero in the first.</summary>
    public required Bytes32 PrevHash { get; init; }

    /// <summary>This entry's hash.</summary>
    public required Bytes32 Hash { get; init; }

    internal static LedgerEntry Create(ulong sequence, LedgerEntryKind kind, byte[] payload, Bytes32 prevHash) => new()
    {
        Sequence = sequence,
        Kind = kind,
        Payload = Encoding.ASCII.GetString(payload),
        PrevHash = prevHash,
        Hash = ComputeHash(sequence, kind, payload, prevHash),
    };

    internal static string NameOf(LedgerEntryKind kind) => kind switch
    {
        LedgerEntryKind.Open => "open",
        LedgerEntryKind.Batch => "batch",
        LedgerEntryKind.Claim => "claim",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Ledger entries are of kind Open, Batch or Claim."),
    };

    internal static bool TryParseKind(string name, out LedgerEntryKind kind)
    {
        kind = name switch
        {
            "open" => LedgerEntryKind.Open,
            "batch" => LedgerEntryKind.Batch,
            "claim" => LedgerEntryKind.Claim,
            _ => default,
        };
        return kind != default;
    }

    internal byte[] PayloadBytes() => Encoding.ASCII.GetBytes(Payload);

    internal bool HasValidHash() => Hash == ComputeHash(Sequence, Kind, PayloadBytes(), PrevHash);

    private static Bytes32 ComputeHash(ulong sequence, LedgerEntryKind kind, byte[] payload, Bytes32 prevHash)
    {
        AbiWords words = new(stackalloc byte[4 * Bytes32.Length]);
        words.Add(prevHash);
        words.Add((UInt128)sequence);
        words.Add(Bytes32.HashOf(NameOf(kind)));
        words.Add(Keccak256.Hash(payload));
        return words.Hash();
    }
}
