using OpenLedger.Chain.Canonical;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Evm.Eip712;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Receipts;

namespace OpenLedger.Chain.Settlement;

/// <summary>One epoch, settled: the terms, and every receipt with its fee divided. Its canonical document is the data that a
/// batch commits to.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class SettledEpoch
{
    private readonly SettledReceipt[] _receipts;
    private readonly ModelTerms[] _terms;
    private readonly byte[] _document;
    private readonly Lazy<PayoutTree> _receiptsTree;

    private SettledEpoch(LedgerIdentity identity, ulong number, ModelTerms[] terms, SettledReceipt[] receipts)
    {
        Identity = identity;
        Number = number;
        _terms = terms;
        _receipts = receipts;
        SortedDictionary<EthereumAddress, UInt128> credits = [];
        FromTimestamp = ulong.MaxValue;
        foreach (SettledReceipt receipt in receipts)
        {
            Gross += receipt.Parts.Total;
            FromTimestamp = Math.Min(FromTimestamp, receipt.SignedReceipt.Receipt.Timestamp);
            ToTimestamp = Math.Max(ToTimestamp, receipt.SignedReceipt.Receipt.Timestamp);
            foreach ((EthereumAddress account, UInt128 amount) in receipt.Credits())
            {
                if (amount > UInt128.Zero)
                {
                    credits[account] = credits.GetValueOrDefault(account) + amount;
                }
            }
        }

        Credits = credits;
        _document = EpochDocument.Write(this);
        Commitment = Keccak256.Hash(_document);
        _receiptsTree = new Lazy<PayoutTree>(CreateReceiptsTree);
    }

    /// <summary>The ledger it is for.</summary>
    public LedgerIdentity Identity { get; }

    /// <summary>The epoch's number, from 1.</summary>
    public ulong Number { get; }

    /// <summary>The terms, sorted by model id, one per model that occurs.</summary>
    public IReadOnlyList<ModelTerms> Terms => _terms;

    /// <summary>The receipts, sorted by inference id.</summary>
    public IReadOnlyList<SettledReceipt> Receipts => _receipts;

    /// <summary>What each account earned in this epoch, in wei; accounts that earned nothing are absent.</summary>
    public IReadOnlyDictionary<EthereumAddress, UInt128> Credits { get; }

    /// <summary>The sum of all fees in wei, which is also the sum of all credits.</summary>
    public UInt128 Gross { get; }

    /// <summary>The earliest receipt's time, in Unix seconds.</summary>
    public ulong FromTimestamp { get; }

    /// <summary>The latest receipt's time, in Unix seconds.</summary>
    public ulong ToTimestamp { get; }

    /// <summary>Keccak-256 of the canonical document: the batch's <c>daCommitmentHash</c>.</summary>
    public Bytes32 Commitment { get; }

    /// <summary>
    /// The tree over the leaves <c>(bytes32 receiptDigest, uint256 gross)</c>, in the order of <see cref="Receipts"/>; computed on first use.
    /// </summary>
    public PayoutTree ReceiptsTree => _receiptsTree.Value;

    /// <summary>Settles receipts.</summary>
    /// <param name="identity">The ledger.</param>
    /// <param name="number">The epoch's number, from 1.</param>
    /// <param name="terms">The terms of at least every model that occurs; others are left out.</param>
    /// <param name="receipts">At least one receipt, in any order: the result does not depend on it.</param>
    /// <exception cref="ArgumentException">
    /// There is no receipt, an inference id occurs twice, a model has no terms or two, or a receipt does not follow from its terms and shares.
    /// Signatures are not checked here but by the ledger.
    /// </exception>
    /// <exception cref="OverflowException">The fees sum to 2^128 wei or more.</exception>
    public static SettledEpoch Create(LedgerIdentity identity, ulong number, IEnumerable<ModelTerms> terms, IEnumerable<AttributedReceipt> receipts)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(receipts);
        AttributedReceipt[] sorted = [.. receipts.OrderBy(receipt => receipt.SignedReceipt.Receipt.InferenceId)];
        HashSet<Bytes32> models = [.. sorted.Select(receipt => receipt.SignedReceipt.Receipt.ModelId)];
        ModelTerms[] used = [.. terms.Where(term => models.Contains(term.ModelId)).OrderBy(term => term.ModelId)];
        return CreateFromSorted(identity, number, used, sorted);
    }

    /// <summary>Returns the canonical document in a new array: UTF-8 JSON, the file that an export holds for this epoch.</summary>
    public byte[] ToDocument() => [.. _document];

    internal ReadOnlySpan<byte> Document => _document;

    internal static SettledEpoch CreateFromSorted(LedgerIdentity identity, ulong number, ModelTerms[] terms, AttributedReceipt[] receipts)
    {
        identity.Validate();
        if (number == 0 || receipts.Length == 0)
        {
            throw new ArgumentException(
                $"Epoch {number} has {receipts.Length} receipts; epochs count from 1 and have at least one.",
                nameof(receipts));
        }

        Dictionary<Bytes32, ModelTerms> byModel = [];
        for (int i = 0; i < terms.Length; i++)
        {
            terms[i].Validate();
            if (i > 0 && terms[i - 1].ModelId >= terms[i].ModelId)
            {
                throw new ArgumentException(
                    $"The terms of model {terms[i].ModelId} occur twice or out of order; give one entry per model.",
                    nameof(terms));
            }

            byModel.Add(terms[i].ModelId, terms[i]);
        }

        SettledReceipt[] settled = new SettledReceipt[receipts.Length];
        HashSet<Bytes32> used = [];
        for (int i = 0; i < receipts.Length; i++)
        {
            InferenceReceipt receipt = receipts[i].SignedReceipt.Receipt;
            if (i > 0 && receipts[i - 1].SignedReceipt.Receipt.InferenceId >= receipt.InferenceId)
            {
                throw new ArgumentException(
                    $"Inference {receipt.InferenceId} occurs twice or out of order; an inference is settled once.",
                    nameof(receipts));
            }

            if (!byModel.TryGetValue(receipt.ModelId, out ModelTerms? term))
            {
                throw new ArgumentException(
                    $"Model {receipt.ModelId} of inference {receipt.InferenceId} has no terms; add them.",
                    nameof(terms));
            }

            used.Add(receipt.ModelId);
            settled[i] = SettledReceipt.Settle(receipts[i], term);
        }

        return used.Count == terms.Length
            ? new SettledEpoch(identity, number, terms, settled)
            : throw new ArgumentException(
                $"There are terms for {terms.Length} models, but receipts for {used.Count}; drop the others.",
                nameof(terms));
    }

    private PayoutTree CreateReceiptsTree()
    {
        Bytes32 separator = Identity.Domain.Separator();
        return PayoutTree.Create(Array.ConvertAll(
            _receipts, receipt => receipt.LeafHash(TypedDataDomain.Digest(separator, receipt.SignedReceipt.Receipt.StructHash()))));
    }
}
