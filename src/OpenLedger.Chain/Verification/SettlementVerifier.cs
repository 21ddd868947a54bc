using System.Security.Cryptography;
using OpenLedger.Chain.Canonical;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Receipts;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Chain.Verification;

/// <summary>Checks an exported folder from its files alone: no database, no key, no network.</summary>
/// <remarks>
/// <para>
/// Everything is recomputed: signatures, fees from prices and token counts, parts, shares, roots, the hash chain, every claim's proof and the
/// sums. Every file must be in canonical form, so a single changed byte anywhere, even one of whitespace, is rejected. Files of the
/// folder that the manifest does not list are ignored.
/// </para>
/// <para>Static and safe for concurrent use.</para>
/// </remarks>
public static class SettlementVerifier
{
    /// <summary>Verifies a folder against the operator that its own files name.</summary>
    /// <param name="folder">A folder written by <see cref="SettlementExport"/>.</param>
    /// <remarks>
    /// This proves that the files belong together and are unchanged since that operator signed them. It cannot prove who the operator is: a
    /// forger may sign a consistent set of files with another key. Pass the operator that you expect to rule that out.
    /// </remarks>
    /// <exception cref="ArgumentException">The folder's name is empty.</exception>
    public static VerificationReport Verify(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new Run(folder, null).Execute();
    }

    /// <summary>Verifies a folder against the operator that is expected to have signed it.</summary>
    /// <param name="folder">A folder written by <see cref="SettlementExport"/>.</param>
    /// <param name="expectedOperator">The operator.</param>
    /// <exception cref="ArgumentException">The folder's name is empty.</exception>
    public static VerificationReport Verify(string folder, EthereumAddress expectedOperator)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new Run(folder, expectedOperator).Execute();
    }

    // One verification. Checks that do not depend on each other are all made, so that the report shows everything that is wrong.
    private sealed class Run(string folder, EthereumAddress? expectedOperator)
    {
        private readonly List<VerificationCheck> _checks = [];
        private readonly Dictionary<string, Bytes32> _sha256 = new(StringComparer.Ordinal);

        public VerificationReport Execute()
        {
            ManifestDocument.Content? manifest = Load(SettlementExport.ManifestFile, ManifestDocument.Read);
            IReadOnlyList<LedgerEntry>? entries = Load(SettlementExport.LedgerFile, LedgerDocument.Read);
            PayoutsDocument.Content? payouts = Load(SettlementExport.PayoutsFile, PayoutsDocument.Read);
            if (manifest is not null)
            {
                LedgerIdentity identity = manifest.Identity;
                Check(
                    "manifest: signature",
                    manifest.Signature.IsBy(manifest.Digest(), identity.Operator) ? null : $"it is not by the operator {identity.Operator}");
                if (expectedOperator is { } expected)
                {
                    Check("manifest: operator", identity.Operator == expected ? null : $"it is {identity.Operator}; expected {expected}");
                }
            }

            LedgerMachine? machine = entries is null ? null : Replay(entries);
            if (manifest is not null && machine is not null)
            {
                Check("manifest: identity", manifest.Identity == machine.Identity ? null : "it is not that of the ledger");
                Check(
                    "manifest: ledger head",
                    manifest.LedgerHead == machine.Head && manifest.Entries == machine.EntryCount ? null : "it is not that of the ledger's last entry");
                CheckFiles(manifest, machine.Epoch);
            }

            LedgerState? state = machine is null ? null : new LedgerState(machine);
            if (state is not null && payouts is not null)
            {
                CheckPayouts(payouts, state);
            }

            return new VerificationReport(_checks, state);
        }

        private LedgerMachine? Replay(IReadOnlyList<LedgerEntry> entries)
        {
            LedgerMachine? machine = null;
            UInt128 claimed = UInt128.Zero;
            foreach (LedgerEntry entry in entries)
            {
                string name = $"ledger: entry {entry.Sequence} ({LedgerEntry.NameOf(entry.Kind)})";
                try
                {
                    if (machine is null)
                    {
                        machine = new LedgerMachine(entry);
                    }
                    else
                    {
                        machine.ThrowIfUnchained(entry);
                        switch (entry.Kind)
                        {
                            case LedgerEntryKind.Batch:
                                if (!ReplayBatch(machine, entry))
                                {
                                    return null;
                                }

                                break;
                            case LedgerEntryKind.Claim:
                                PaidClaim paid = LedgerPayloads.ReadClaim(entry);
                                machine.CheckPaidClaim(entry, paid);
                                machine.ApplyClaim(entry, paid);
                                claimed += paid.Amount;
                                break;
                            default:
                                throw new ChainException(ChainError.LedgerCorrupt, "The ledger is opened a second time.");
                        }
                    }

                    Check(name, null);
                }
                catch (ChainException fault)
                {
                    Check(name, fault.Message.TrimEnd('.'));
                    return null; // later entries build on this one
                }
            }

            Check("ledger: entries", machine is null ? "there are none" : null);
            Check(
                "ledger: paid within funds",
                machine is null || claimed <= machine.Funded ? null : $"{claimed} wei were paid, {machine.Funded} wei funded");
            return machine;
        }

        private bool ReplayBatch(LedgerMachine machine, LedgerEntry entry)
        {
            SignedBatch batch = LedgerPayloads.ReadBatch(entry);
            string file = SettlementExport.EpochFile(batch.Header.Epoch);
            SettledEpoch? epoch = Load(file, EpochDocument.Read);
            if (epoch is null)
            {
                return false;
            }

            bool passed = true;
            foreach (RuleResult result in machine.CheckBatch(epoch, batch, withReceiptSignatures: true))
            {
                Check($"{file}: {result.Rule}", result.Fault);
                passed &= result.Fault is null;
            }

            if (passed)
            {
                machine.ApplyBatch(entry, epoch, batch);
            }

            return passed;
        }

        private void CheckFiles(ManifestDocument.Content manifest, ulong epochs)
        {
            List<string> expected = [];
            for (ulong epoch = 1; epoch <= epochs; epoch++)
            {
                expected.Add(SettlementExport.EpochFile(epoch));
            }

            expected.Add(SettlementExport.LedgerFile);
            expected.Add(SettlementExport.PayoutsFile);
            Check(
                "manifest: list of files",
                manifest.Files.Select(file => file.Name).SequenceEqual(expected, StringComparer.Ordinal) ? null : "it is not the list of the ledger's files");
            foreach (ManifestDocument.ExportedFile file in manifest.Files)
            {
                if (_sha256.TryGetValue(file.Name, out Bytes32 actual))
                {
                    Check($"{file.Name}: SHA-256", actual == file.Sha256 ? null : $"it is {actual}; the manifest says {file.Sha256}");
                }
            }
        }

        private void CheckPayouts(PayoutsDocument.Content payouts, LedgerState state)
        {
            PayoutsDocument.Content proven = PayoutsDocument.Of(state);
            Check(
                "payouts: root",
                payouts.PayoutRoot == state.PayoutRoot ? null : $"it is {payouts.PayoutRoot}; the last batch has {state.PayoutRoot}");
            Check("payouts: token", payouts.Token == state.Identity.Token ? null : "it is not that of the ledger");
            Check(
                "payouts: accounts",
                payouts.Lines.Select(line => line.Claim.Account).SequenceEqual(proven.Lines.Select(line => line.Claim.Account)) ? null : "they are not those that earned something");
            UInt128 earned = UInt128.Zero;
            foreach ((PayoutsDocument.Line stated, PayoutsDocument.Line actual) in payouts.Lines.Zip(proven.Lines))
            {
                earned += actual.Claim.Cumulative;
                string? fault = stated.Claim.Cumulative != actual.Claim.Cumulative ? $"it states earnings of {stated.Claim.Cumulative} wei; the receipts give {actual.Claim.Cumulative}"
                    : stated.Paid != actual.Paid ? $"it states payments of {stated.Paid} wei; the ledger has {actual.Paid}"
                    : !stated.Claim.IsProvenBy(state.PayoutRoot, state.Identity.Token) ? "its proof does not lead to the payout root"
                    : !stated.Claim.Proof.SequenceEqual(actual.Claim.Proof) ? "its proof is not the tree's"
                    : null;
                Check($"payouts: {stated.Claim.Account}", fault);
            }

            Check("payouts: sum", earned == state.Funded ? null : $"the earnings sum to {earned} wei, the fees to {state.Funded}");
        }

        private T? Load<T>(string file, Func<ReadOnlyMemory<byte>, string, T> read)
            where T : class
        {
            string name = $"{file}: canonical form";
            try
            {
                string path = Path.Combine(folder, file);
                long length = new FileInfo(path).Length;
                if (length > CanonicalObject.MaxDocumentLength)
                {
                    Check(name, $"it has {length} bytes; at most {CanonicalObject.MaxDocumentLength} are read");
                    return null;
                }

                byte[] bytes = File.ReadAllBytes(path);
                _sha256[file] = new Bytes32(SHA256.HashData(bytes));
                T document = read(bytes, file);
                Check(name, null);
                return document;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                Check($"{file}: readable", fault.Message);
            }
            catch (ChainException fault)
            {
                Check(name, fault.Message.TrimEnd('.'));
            }

            return null;
        }

        private void Check(string name, string? fault) => _checks.Add(new VerificationCheck(name, fault is null, fault));
    }
}
