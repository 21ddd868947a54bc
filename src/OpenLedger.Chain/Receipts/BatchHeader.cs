using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;

namespace OpenLedger.Chain.Receipts;

/// <summary>What an operator posts per epoch over all its models: the EIP-712 struct <c>Batch</c>.</summary>
/// <remarks>Immutable and safe for concurrent use. The fields are specified in <c>docs/spec/receipt.md</c> of the repository.</remarks>
public sealed record BatchHeader
{
    /// <summary>The EIP-712 type string. There is no model id: it is a field of each receipt.</summary>
    public const string TypeString =
        "Batch(address operator,uint64 epoch,bytes32 prevBatchHash,bytes32 receiptsRoot,bytes32 payoutRoot,uint128 gross,uint64 count,"
        + "bytes32 daCommitmentHash,uint64 fromTs,uint64 toTs)";

    /// <summary>Keccak-256 of <see cref="TypeString"/>.</summary>
    public static Bytes32 TypeHash { get; } = Bytes32.HashOf(TypeString);

    /// <summary>Who posts and signs.</summary>
    public required EthereumAddress Operator { get; init; }

    /// <summary>1 for the first batch, then without gaps.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>The digest of the previous batch; zero for the first.</summary>
    public required Bytes32 PrevBatchHash { get; init; }

    /// <summary>The root over the epoch's receipts.</summary>
    public required Bytes32 ReceiptsRoot { get; init; }

    /// <summary>The root over every account's cumulative earnings after this epoch.</summary>
    public required Bytes32 PayoutRoot { get; init; }

    /// <summary>The sum of the epoch's fees in wei.</summary>
    public required UInt128 Gross { get; init; }

    /// <summary>The number of receipts.</summary>
    public required ulong Count { get; init; }

    /// <summary>Keccak-256 of the canonical epoch document, which holds receipts, terms and shares: the published data.</summary>
    public required Bytes32 DaCommitmentHash { get; init; }

    /// <summary>The earliest receipt's time, in Unix seconds.</summary>
    public required ulong FromTimestamp { get; init; }

    /// <summary>The latest receipt's time, in Unix seconds.</summary>
    public required ulong ToTimestamp { get; init; }

    /// <summary>Returns the hash that the operator signs and the next batch refers to.</summary>
    /// <param name="identity">The ledger the batch is for.</param>
    public Bytes32 Digest(LedgerIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        AbiWords words = new(stackalloc byte[11 * Bytes32.Length]);
        words.Add(TypeHash);
        words.Add(Operator);
        words.Add((UInt128)Epoch);
        words.Add(PrevBatchHash);
        words.Add(ReceiptsRoot);
        words.Add(PayoutRoot);
        words.Add(Gross);
        words.Add((UInt128)Count);
        words.Add(DaCommitmentHash);
        words.Add((UInt128)FromTimestamp);
        words.Add((UInt128)ToTimestamp);
        return identity.Domain.Digest(words.Hash());
    }
}
