using OpenLedger.Chain.Canonical;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Receipts;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Chain.Ledger;

// The ledger's rules as a fold over its entries, without storage. The embedded ledger runs it before it writes and when it opens a file; the
// verifier runs it over exported files: one set of rules decides what is posted, what is believed and what is proven. Check… methods are
// pure; Apply… methods assume that the checks passed and cannot fail.
internal sealed class LedgerMachine
{
    private readonly HashSet<Bytes32> _settled = [];

    public LedgerMachine(LedgerEntry first)
    {
        if (first.Kind != LedgerEntryKind.Open)
        {
            throw new ChainException(
                ChainError.LedgerCorrupt,
                $"Entry 0 is of kind '{LedgerEntry.NameOf(first.Kind)}'; a ledger begins with 'open'.");
        }

        ThrowIfUnchained(first);
        Identity = LedgerPayloads.ReadIdentity(first);
        if (Identity.Operator.IsZero || Identity.Ledger.IsZero)
        {
            throw new ChainException(ChainError.LedgerCorrupt, "Entry 0 names the zero address as operator or ledger.");
        }

        Advance(first);
    }

    public LedgerIdentity Identity { get; }

    public ulong EntryCount { get; private set; }

    public Bytes32 Head { get; private set; }

    public ulong Epoch { get; private set; }

    public Bytes32 LastBatchHash { get; private set; }

    public Bytes32 PayoutRoot { get; private set; }

    public UInt128 Funded { get; private set; }

    public UInt128 TotalPaid { get; private set; }

    public SortedDictionary<EthereumAddress, UInt128> Cumulative { get; } = [];

    public Dictionary<EthereumAddress, UInt128> Paid { get; } = [];

    public bool IsSettled(Bytes32 inferenceId) => _settled.Contains(inferenceId);

    // The hash chain: position, link and content of an entry that is to come next.
    public void ThrowIfUnchained(LedgerEntry entry)
    {
        string? fault = entry.Sequence != EntryCount ? $"entry {entry.Sequence} stands where {EntryCount} belongs"
            : entry.PrevHash != Head ? $"entry {entry.Sequence} follows the hash {entry.PrevHash}, but the entry before it has {Head}"
            : !entry.HasValidHash() ? $"the hash of entry {entry.Sequence} does not match its content"
            : null;
        if (fault is not null)
        {
            throw new ChainException(ChainError.LedgerCorrupt, $"The hash chain is broken: {fault}.");
        }
    }

    // Receipt signatures cost about a millisecond each: they are checked when a batch comes in and by the verifier, not at every opening.
    public IEnumerable<RuleResult> CheckBatch(SettledEpoch epoch, SignedBatch batch, bool withReceiptSignatures)
    {
        BatchHeader header = batch.Header;
        yield return Rule("published data", epoch.Identity == Identity ? null : "it is for another chain, ledger, token or operator");
        yield return Rule("data commitment", Same(header.DaCommitmentHash, epoch.Commitment));
        yield return Rule("batch signature", batch.IsValid(Identity) ? null : $"it is not by the operator {Identity.Operator}");
        yield return Rule(
            "epoch number",
            header.Epoch == Epoch + 1 && epoch.Number == header.Epoch ? null : $"it is {header.Epoch}; {Epoch + 1} comes next");
        yield return Rule("previous batch", Same(header.PrevBatchHash, LastBatchHash));
        SettledReceipt? again = epoch.Receipts.FirstOrDefault(receipt => _settled.Contains(receipt.SignedReceipt.Receipt.InferenceId));
        yield return Rule(
            "each inference once",
            again is null ? null : $"inference {again.SignedReceipt.Receipt.InferenceId} was settled in an earlier epoch");
        if (withReceiptSignatures)
        {
            SettledReceipt? forged = epoch.Receipts.FirstOrDefault(receipt => !receipt.SignedReceipt.IsValid(Identity));
            yield return Rule(
                "receipt signatures",
                forged is null ? null : $"that of inference {forged.SignedReceipt.Receipt.InferenceId} is not by the operator");
        }

        yield return Rule(
            "receipt count",
            header.Count == (ulong)epoch.Receipts.Count ? null : $"it is {header.Count}; there are {epoch.Receipts.Count}");
        yield return Rule("receipts root", Same(header.ReceiptsRoot, epoch.ReceiptsTree.Root));
        yield return Rule("gross", header.Gross == epoch.Gross ? null : $"it is {header.Gross} wei; the receipts sum to {epoch.Gross}");
        yield return Rule(
            "time span",
            header.FromTimestamp == epoch.FromTimestamp && header.ToTimestamp == epoch.ToTimestamp ? null : "it is not that of the receipts");
        UInt128 credits = UInt128.Zero;
        foreach (UInt128 amount in epoch.Credits.Values)
        {
            credits += amount;
        }

        bool conserved = credits == epoch.Gross && epoch.Gross <= UInt128.MaxValue - Funded;
        yield return Rule(
            "conservation",
            conserved ? null : $"the credits of {credits} wei are not the fees of {epoch.Gross} wei, or the sum exceeds 2^128 wei");
        if (!conserved)
        {
            yield break; // the root below adds the credits up
        }

        yield return Rule("payout root", Same(header.PayoutRoot, PayoutRootAfter(epoch)));

        static RuleResult Rule(string name, string? fault) => new(name, fault);
        static string? Same(Bytes32 stated, Bytes32 computed) => stated == computed ? null : $"it is {stated}; the data gives {computed}";
    }

    public Bytes32 PayoutRootAfter(SettledEpoch epoch)
    {
        SortedDictionary<EthereumAddress, UInt128> cumulative = new(Cumulative);
        Credit(cumulative, epoch);
        return Payout.CreateTree([.. cumulative.Select(pair => new Payout(pair.Key, pair.Value))], Identity.Token).Root;
    }

    // Returns what the claim pays: zero where nothing is new.
    public UInt128 CheckClaim(PayoutClaim claim)
    {
        if (!claim.IsProvenBy(PayoutRoot, Identity.Token))
        {
            throw new ChainException(
                ChainError.ClaimRejected,
                $"The claim of {claim.Account} for {claim.Cumulative} wei is not proven by the payout root {PayoutRoot} of epoch {Epoch}; ask for a proof against that root.");
        }

        UInt128 paid = Paid.GetValueOrDefault(claim.Account);
        UInt128 amount = claim.Cumulative > paid ? claim.Cumulative - paid : UInt128.Zero;

        // Holds whenever the root is right; bounds the damage if it ever were not.
        return amount <= Funded - TotalPaid
            ? amount
            : throw new ChainException(
                ChainError.ClaimRejected,
                $"The claim of {claim.Account} would pay {amount} wei, but only {Funded - TotalPaid} wei are left of what was funded.");
    }

    // Applies an entry that was read back. Everything but receipt signatures is checked again.
    public void Replay(LedgerEntry entry, Func<ulong, byte[]?> documentOf)
    {
        ThrowIfUnchained(entry);
        switch (entry.Kind)
        {
            case LedgerEntryKind.Batch:
                SignedBatch batch = LedgerPayloads.ReadBatch(entry);
                ulong number = batch.Header.Epoch;
                byte[] document = documentOf(number) ?? throw new ChainException(ChainError.LedgerCorrupt, $"The document of epoch {number} is missing.");
                SettledEpoch epoch = EpochDocument.Read(document, $"document of epoch {number}");
                foreach (RuleResult result in CheckBatch(epoch, batch, withReceiptSignatures: false))
                {
                    if (result.Fault is not null)
                    {
                        throw new ChainException(ChainError.LedgerCorrupt, $"Epoch {number}, {result.Rule}: {result.Fault}.");
                    }
                }

                ApplyBatch(entry, epoch, batch);
                break;
            case LedgerEntryKind.Claim:
                PaidClaim paid = LedgerPayloads.ReadClaim(entry);
                CheckPaidClaim(entry, paid);
                ApplyClaim(entry, paid);
                break;
            default:
                throw new ChainException(ChainError.LedgerCorrupt, $"Entry {entry.Sequence} opens the ledger a second time.");
        }
    }

    public void CheckPaidClaim(LedgerEntry entry, PaidClaim paid)
    {
        UInt128 amount = CheckClaim(paid.Claim);
        if (amount != paid.Amount || amount == UInt128.Zero)
        {
            throw new ChainException(
                ChainError.LedgerCorrupt,
                $"Entry {entry.Sequence} pays {paid.Amount} wei to {paid.Claim.Account}, to whom {amount} wei were due.");
        }
    }

    public void ApplyBatch(LedgerEntry entry, SettledEpoch epoch, SignedBatch batch)
    {
        Credit(Cumulative, epoch);
        Funded += epoch.Gross;
        Epoch = batch.Header.Epoch;
        LastBatchHash = batch.Header.Digest(Identity);
        PayoutRoot = batch.Header.PayoutRoot;
        foreach (SettledReceipt receipt in epoch.Receipts)
        {
            _settled.Add(receipt.SignedReceipt.Receipt.InferenceId);
        }

        Advance(entry);
    }

    public void ApplyClaim(LedgerEntry entry, PaidClaim paid)
    {
        Paid[paid.Claim.Account] = Paid.GetValueOrDefault(paid.Claim.Account) + paid.Amount;
        TotalPaid += paid.Amount;
        Advance(entry);
    }

    private static void Credit(SortedDictionary<EthereumAddress, UInt128> cumulative, SettledEpoch epoch)
    {
        foreach ((EthereumAddress account, UInt128 amount) in epoch.Credits)
        {
            cumulative[account] = cumulative.GetValueOrDefault(account) + amount;
        }
    }

    private void Advance(LedgerEntry entry)
    {
        EntryCount = entry.Sequence + 1;
        Head = entry.Hash;
    }
}
