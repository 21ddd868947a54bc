using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;

namespace OpenLedger.Chain.Receipts;

/// <summary>What one paid call consisted of: the EIP-712 struct <c>Receipt</c> that the serving operator signs.</summary>
/// <remarks>Contents are hashes only; prompts and answers are not in a receipt. Immutable and safe for concurrent use.</remarks>
public sealed record InferenceReceipt
{
    /// <summary>The EIP-712 type string.</summary>
    public const string TypeString =
        "Receipt(bytes32 inferenceId,uint256 modelId,bytes32 adapterSetHash,bytes32 promptHash,bytes32 outputHash,uint32 tokensIn,uint32 tokensOut,"
        + "uint128 gross,bytes32 channelId,uint128 voucherCumulative,bytes32 attributionRoot,uint64 timestamp)";

    /// <summary>Keccak-256 of <see cref="TypeString"/>.</summary>
    public static Bytes32 TypeHash { get; } = Bytes32.HashOf(TypeString);

    /// <summary>Names the call; a ledger settles an id once, ever.</summary>
    public required Bytes32 InferenceId { get; init; }

    /// <summary>The model, as a big-endian <c>uint256</c>.</summary>
    public required Bytes32 ModelId { get; init; }

    /// <summary>Hash of the adapters that answered.</summary>
    public required Bytes32 AdapterSetHash { get; init; }

    /// <summary>Hash of the prompt.</summary>
    public required Bytes32 PromptHash { get; init; }

    /// <summary>Hash of the answer.</summary>
    public required Bytes32 OutputHash { get; init; }

    /// <summary>Prompt tokens.</summary>
    public required uint TokensIn { get; init; }

    /// <summary>Generated tokens.</summary>
    public required uint TokensOut { get; init; }

    /// <summary>The whole fee in wei.</summary>
    public required UInt128 Gross { get; init; }

    /// <summary>The payment channel; zero where the call was paid otherwise.</summary>
    public Bytes32 ChannelId { get; init; }

    /// <summary>The channel's cumulative voucher in wei; zero where the call was paid otherwise.</summary>
    public UInt128 VoucherCumulative { get; init; }

    /// <summary>The root of the answer's attribution; zero where no row had positive influence.</summary>
    public required Bytes32 AttributionRoot { get; init; }

    /// <summary>When the call ended, in Unix seconds.</summary>
    public required ulong Timestamp { get; init; }

    /// <summary>Returns the hash that the operator signs.</summary>
    /// <param name="identity">The ledger the receipt is for.</param>
    public Bytes32 Digest(LedgerIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return identity.Domain.Digest(StructHash());
    }

    internal Bytes32 StructHash()
    {
        AbiWords words = new(stackalloc byte[13 * Bytes32.Length]);
        words.Add(TypeHash);
        words.Add(InferenceId);
        words.Add(ModelId);
        words.Add(AdapterSetHash);
        words.Add(PromptHash);
        words.Add(OutputHash);
        words.Add((UInt128)TokensIn);
        words.Add((UInt128)TokensOut);
        words.Add(Gross);
        words.Add(ChannelId);
        words.Add(VoucherCumulative);
        words.Add(AttributionRoot);
        words.Add((UInt128)Timestamp);
        return words.Hash();
    }
}
