using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Receipts;

namespace OpenLedger.Chain.Settlement;

/// <summary>A receipt with its fee divided down to every row: everything a payer or contributor needs to recompute it.</summary>
/// <remarks>Immutable and safe for concurrent use; only <see cref="Settle"/> makes instances, so the amounts always follow from receipt and terms.</remarks>
public sealed class SettledReceipt
{
    private readonly UInt128[] _amounts;

    private SettledReceipt(AttributedReceipt receipt, ModelTerms terms, FeeParts parts, UInt128[] amounts)
    {
        SignedReceipt = receipt.SignedReceipt;
        Attribution = receipt.Attribution;
        Terms = terms;
        Parts = parts;
        _amounts = amounts;
    }

    /// <summary>The signed receipt.</summary>
    public SignedReceipt SignedReceipt { get; }

    /// <summary>The shares.</summary>
    public Attribution Attribution { get; }

    /// <summary>The terms of the receipt's model.</summary>
    public ModelTerms Terms { get; }

    /// <summary>The fee's division.</summary>
    public FeeParts Parts { get; }

    /// <summary>One amount in wei per share, in the attribution's order; their sum is the contributors' part, or empty where
    /// there are no shares.</summary>
    public IReadOnlyList<UInt128> Amounts => _amounts;

    /// <summary>What went to the treasury because no row had positive influence, in wei.</summary>
    public UInt128 Unattributed => Attribution.Count == 0 ? Parts.Contributors : UInt128.Zero;

    /// <summary>Divides a receipt's fee.</summary>
    /// <param name="receipt">The receipt and its shares.</param>
    /// <param name="terms">The terms of its model.</param>
    /// <exception cref="ArgumentException">The terms are of another model, the fee does not follow from the prices, or the shares
    /// do not give the receipt's attribution root.</exception>
    public static SettledReceipt Settle(AttributedReceipt receipt, ModelTerms terms)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        ArgumentNullException.ThrowIfNull(terms);
        InferenceReceipt call = receipt.SignedReceipt.Receipt;
        if (call.ModelId != terms.ModelId)
        {
            throw new ArgumentException(
                $"Receipt {call.InferenceId} is for model {call.ModelId}, the terms for {terms.ModelId}.",
                nameof(terms));
        }

        UInt128 fee = terms.Price.FeeFor(call.TokensIn, call.TokensOut);
        if (call.Gross != fee)
        {
            throw new ArgumentException(
                $"Receipt {call.InferenceId} charges {call.Gross} wei; {call.TokensIn} + {call.TokensOut} tokens cost {fee} wei by the terms.", nameof(receipt));
        }

        if (call.AttributionRoot != receipt.Attribution.Root)
        {
            throw new ArgumentException(
                $"Receipt {call.InferenceId} has the attribution root {call.AttributionRoot}; its shares give {receipt.Attribution.Root}.", nameof(receipt));
        }

        FeeParts parts = terms.Split.Divide(fee, terms.Price.PlatformFeeWei);
        return new SettledReceipt(receipt, terms, parts, receipt.Attribution.Apportion(parts.Contributors));
    }

    /// <summary>Returns who earns what from this receipt; an account may occur more than once, and the amounts sum to the fee.</summary>
    public IEnumerable<(EthereumAddress Account, UInt128 Amount)> Credits()
    {
        yield return (Terms.PlatformTreasury, Parts.Platform + Unattributed);
        yield return (Terms.ModelOwner, Parts.Model);
        yield return (Terms.StakersPool, Parts.Stakers);
        for (int i = 0; i < _amounts.Length; i++)
        {
            yield return (EthereumAddress.FromContributor(Attribution[i].Contributor), _amounts[i]);
        }
    }

    internal Bytes32 LeafHash(Bytes32 digest)
    {
        AbiWords words = new(stackalloc byte[2 * Bytes32.Length]);
        words.Add(digest);
        words.Add(SignedReceipt.Receipt.Gross);
        return words.LeafHash();
    }
}
