using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Hosting;

/// <summary>Prices, payees and the ledger.</summary>
/// <remarks>
/// Metering alone needs <see cref="Price"/>. Settlement needs <see cref="LedgerPath"/>, and then everything else here but
/// <see cref="ModelId"/> and <see cref="Token"/>, too.
/// </remarks>
public sealed class OpenLedgerChainOptions
{
    /// <summary>The ledger's file, created when absent. Its folder must exist.</summary>
    /// <value><see langword="null"/>: no settlement; resolving the ledger or the settlement queue then throws.</value>
    public string? LedgerPath { get; set; }

    /// <summary>The EIP-155 chain id that signatures are bound to.</summary>
    /// <value>31337, which local development chains use.</value>
    public ulong ChainId { get; set; } = 31337;

    /// <summary>The ledger's address: the contract, or for an embedded ledger any address that is unique to it.</summary>
    public EthereumAddress Ledger { get; set; }

    /// <summary>The token that is paid; the zero address stands for the chain's own coin.</summary>
    public EthereumAddress Token { get; set; }

    /// <summary>Signs receipts and batches; its address is the ledger's operator.</summary>
    public ISigner? OperatorSigner { get; set; }

    /// <summary>The model in receipts and terms.</summary>
    /// <value><see langword="null"/>: Keccak-256 of <see cref="OpenLedgerLoraOptions.BaseModelId"/>.</value>
    public Bytes32? ModelId { get; set; }

    /// <summary>What calls cost.</summary>
    public PricePolicy? Price { get; set; }

    /// <summary>How the net fee is divided.</summary>
    public FeeSplit? Split { get; set; }

    /// <summary>Receives the model's part.</summary>
    public EthereumAddress ModelOwner { get; set; }

    /// <summary>Receives the stakers' part.</summary>
    public EthereumAddress StakersPool { get; set; }

    /// <summary>Receives the platform fee, and the contributors' part of answers in which no record had positive influence.</summary>
    public EthereumAddress PlatformTreasury { get; set; }

    internal LedgerIdentity CreateIdentity() => new() { ChainId = ChainId, Ledger = Ledger, Token = Token, Operator = OperatorSigner!.Address };

    internal ModelTerms CreateTerms(string baseModelId) => new()
    {
        ModelId = ModelId ?? Bytes32.HashOf(baseModelId),
        Price = Price!,
        Split = Split!,
        ModelOwner = ModelOwner,
        StakersPool = StakersPool,
        PlatformTreasury = PlatformTreasury,
    };
}
