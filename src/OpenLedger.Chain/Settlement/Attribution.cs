using System.Collections;
using OpenLedger.Chain.Evm;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Chain.Settlement;

/// <summary>The shares of one answer: sorted, without duplicates, weights summing to exactly 10^9; or empty when no row had
/// positive influence.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class Attribution : IReadOnlyList<AttributionShare>
{
    /// <summary>What the weights of a list that is not empty sum to.</summary>
    public const ulong Whole = 1_000_000_000;

    /// <summary>The most shares one answer may have. It bounds what a reader of receipts must be ready for.</summary>
    public const int MaxShares = 100_000;

    private const int MaxDatanetIdLength = 128;

    private readonly AttributionShare[] _shares;

    private Attribution(AttributionShare[] shares)
    {
        _shares = shares;
        Root = shares.Length == 0 ? default : PayoutTree.Create(Array.ConvertAll(shares, LeafHash)).Root;
    }

    /// <summary>The attribution without shares. Its root is zero; the contributors' part then goes to the platform treasury.</summary>
    public static Attribution None { get; } = new([]);

    /// <summary>
    /// The root over the leaves <c>(bytes32 keccak256(datanetId), address contributor, bytes32 rowHash, uint256 weightPpb)</c>, a
    /// <see cref="PayoutTree"/>; zero where there are no shares.
    /// </summary>
    public Bytes32 Root { get; }

    /// <inheritdoc/>
    public int Count => _shares.Length;

    /// <inheritdoc/>
    public AttributionShare this[int index] => _shares[index];

    /// <summary>Checks and sorts shares.</summary>
    /// <param name="shares">The shares in any order. The collection is copied.</param>
    /// <exception cref="ArgumentException">A share is malformed or occurs twice, or the weights of a list that is not empty do
    /// not sum to 10^9.</exception>
    public static Attribution Create(IEnumerable<AttributionShare> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        AttributionShare[] sorted = [.. shares];
        foreach (AttributionShare share in sorted)
        {
            ThrowIfMalformed(share);
        }

        Array.Sort(sorted, AttributionShare.CanonicalOrder);
        return FromSorted(sorted);
    }

    /// <summary>The leaf hash of one share, for proofs against <see cref="Root"/>.</summary>
    /// <param name="share">The share.</param>
    /// <exception cref="ArgumentException">The contributor has no Ethereum address.</exception>
    public static Bytes32 LeafHash(AttributionShare share)
    {
        ArgumentNullException.ThrowIfNull(share);
        AbiWords words = new(stackalloc byte[4 * Bytes32.Length]);
        words.Add(Bytes32.HashOf(share.DatanetId));
        words.Add(EthereumAddress.FromContributor(share.Contributor));
        words.Add(share.RowHash);
        words.Add((UInt128)share.WeightPpb);
        return words.LeafHash();
    }

    /// <summary>Divides an amount by the weights: largest remainder, ties by the list's order.</summary>
    /// <param name="contributorsPart">The amount in wei.</param>
    /// <returns>One amount per share, summing to <paramref name="contributorsPart"/>; empty where there are no shares.</returns>
    public UInt128[] Apportion(UInt128 contributorsPart)
    {
        UInt128[] amounts = new UInt128[_shares.Length];
        if (amounts.Length > 0)
        {
            LargestRemainder.Apportion(contributorsPart, Array.ConvertAll(_shares, share => share.WeightPpb), amounts);
        }

        return amounts;
    }

    /// <inheritdoc/>
    public IEnumerator<AttributionShare> GetEnumerator() => ((IEnumerable<AttributionShare>)_shares).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _shares.GetEnumerator();

    // For readers of files, where another order would be a second form of the same document.
    internal static Attribution CreateFromSorted(AttributionShare[] shares)
    {
        foreach (AttributionShare share in shares)
        {
            ThrowIfMalformed(share);
        }

        return FromSorted(shares);
    }

    private static Attribution FromSorted(AttributionShare[] shares)
    {
        if (shares.Length == 0)
        {
            return None;
        }

        if (shares.Length > MaxShares)
        {
            throw new ArgumentException(
                $"An answer has at most {MaxShares} shares, not {shares.Length}; drop the smallest weights.",
                nameof(shares));
        }

        ulong sum = 0;
        for (int i = 0; i < shares.Length; i++)
        {
            sum += shares[i].WeightPpb; // at most 10^5 · 10^9
            if (i > 0 && AttributionShare.CanonicalOrder.Compare(shares[i - 1], shares[i]) >= 0)
            {
                throw new ArgumentException(
                    $"Row {shares[i].RowHash} of datanet '{shares[i].DatanetId}' occurs twice or out of order; add its weights up.",
                    nameof(shares));
            }
        }

        return sum == Whole
            ? new Attribution(shares)
            : throw new ArgumentException($"The weights sum to {sum}; they must sum to exactly {Whole} parts per billion.", nameof(shares));
    }

    private static void ThrowIfMalformed(AttributionShare share)
    {
        ArgumentNullException.ThrowIfNull(share);
        string id = share.DatanetId;
        if (string.IsNullOrEmpty(id) || id.Length > MaxDatanetIdLength || id.Any(c => c is <= ' ' or > '~' or '"' or '\\'))
        {
            throw new ArgumentException(
                $"Datanet id '{id}' must have 1 to {MaxDatanetIdLength} printable ASCII characters without blank, quotation mark and backslash.",
                nameof(share));
        }

        if (share.Contributor.Scheme != AccountScheme.Secp256k1)
        {
            throw new ArgumentException(
                $"Contributor '{share.Contributor}' cannot be paid; its scheme must be {nameof(AccountScheme.Secp256k1)}.",
                nameof(share));
        }

        if (share.WeightPpb is 0 or > Whole)
        {
            throw new ArgumentException(
                $"The weight of row {share.RowHash} is {share.WeightPpb} ppb; it must be between 1 and {Whole}.",
                nameof(share));
        }
    }
}
