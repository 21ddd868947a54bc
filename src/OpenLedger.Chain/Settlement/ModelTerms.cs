using OpenLedger.Chain.Evm;

namespace OpenLedger.Chain.Settlement;

/// <summary>What calls of one model cost and who gets which part.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record ModelTerms
{
    /// <summary>The model (a Solidity <c>uint256</c> id, or a hash used as one).</summary>
    public required Bytes32 ModelId { get; init; }

    /// <summary>The prices.</summary>
    public required PricePolicy Price { get; init; }

    /// <summary>The division of the net fee.</summary>
    public required FeeSplit Split { get; init; }

    /// <summary>Receives the model's part.</summary>
    public required EthereumAddress ModelOwner { get; init; }

    /// <summary>Receives the stakers' part, to be shared among them elsewhere.</summary>
    public required EthereumAddress StakersPool { get; init; }

    /// <summary>Receives the platform fee, and the contributors' part of answers in which no row had positive influence.</summary>
    public required EthereumAddress PlatformTreasury { get; init; }

    /// <summary>Checks everything, and reports all faults at once.</summary>
    /// <exception cref="ArgumentException">A price is too high, the parts do not sum to 1,000,000, or an account is the zero
    /// address.</exception>
    public void Validate()
    {
        List<string> faults = [];
        Try(Price.Validate);
        Try(Split.Validate);
        CheckAccount(ModelOwner, nameof(ModelOwner));
        CheckAccount(StakersPool, nameof(StakersPool));
        CheckAccount(PlatformTreasury, nameof(PlatformTreasury));
        if (faults.Count > 0)
        {
            throw new ArgumentException($"Terms of model {ModelId}: {string.Join(" ", faults)}");
        }

        void Try(Action validate)
        {
            try
            {
                validate();
            }
            catch (ArgumentException fault)
            {
                faults.Add(fault.Message);
            }
        }

        void CheckAccount(EthereumAddress account, string name)
        {
            if (account.IsZero)
            {
                faults.Add($"{name} is the zero address; money sent there is lost.");
            }
        }
    }
}
