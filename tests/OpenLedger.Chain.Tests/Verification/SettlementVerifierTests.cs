using System.Security.Cryptography;
using System.Text;
using OpenLedger.Chain.Canonical;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Receipts;
using OpenLedger.Chain.Settlement;
using OpenLedger.Chain.Verification;
using OpenLedger.Testing;

namespace OpenLedger.Chain.Tests.Verification;

public sealed class SettlementVerifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Export => _folder.File("export");

    [Fact]
    public async Task Verify_UntouchedExport_PassesEveryCheck()
    {
        string[] files = await ExportTwoDays();
        VerificationReport report = SettlementVerifier.Verify(Export, Samples.Operator.Address);
        Assert.All(report.Checks, check => Assert.Null(check.Reason));
        Assert.True(report.Passed);
        Assert.Equal(Samples.Identity, report.State!.Identity);
        Assert.Equal(2ul, report.State.Epoch);
        Assert.True(report.State.TotalPaid > UInt128.Zero && report.State.TotalPaid < report.State.Funded);
        Assert.Equal(["epoch-00000001.json", "epoch-00000002.json", "ledger.json", "payouts.json", "manifest.json"], files.Select(Path.GetFileName));
        Assert.Contains(report.Checks, check => check.Name == "epoch-00000002.json: receipt signatures");
        Assert.True(SettlementVerifier.Verify(Export).Passed);
        foreach (string file in files)
        {
            using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(file));
            Reference.CanonicalDocuments.AssertCanonical(json.RootElement);
        }
    }

    [Fact]
    public async Task Verify_LedgerWithoutBatches_Passes()
    {
        using SqliteLedger ledger = Samples.OpenLedger(_folder.File("empty.db"));
        await ledger.ReadAsync();
        SettlementExport.Write(ledger, Samples.Operator, Export);
        Assert.True(SettlementVerifier.Verify(Export, Samples.Operator.Address).Passed);
    }

    [Fact]
    public async Task Verify_AnyFlippedByte_IsRejectedWithAReason()
    {
        string[] files = await ExportTwoDays();
        byte[][] contents = [.. files.Select(File.ReadAllBytes)];
        int total = contents.Sum(content => content.Length);
        Random random = new(13);
        int[] perFile = new int[files.Length];
        for (int i = 0; i < 2000; i++)
        {
            // One in five goes to the manifest, which is small but anchors the rest.
            int position = i % 5 == 0 ? total - 1 - random.Next(contents[^1].Length) : random.Next(total);
            int file = 0;
            while (position >= contents[file].Length)
            {
                position -= contents[file++].Length;
            }

            byte[] damaged = [.. contents[file]];
            damaged[position] ^= (byte)random.Next(1, 256);
            File.WriteAllBytes(files[file], damaged);
            VerificationReport report = SettlementVerifier.Verify(Export);
            Assert.False(report.Passed, $"{files[file]} offset {position}");
            Assert.All(report.Checks.Where(check => !check.Passed), check => Assert.False(string.IsNullOrEmpty(check.Reason)));
            Assert.Null(report.State);
            File.WriteAllBytes(files[file], contents[file]);
            perFile[file]++;
        }

        Assert.All(perFile, count => Assert.True(count > 50));
        Assert.True(SettlementVerifier.Verify(Export).Passed);
    }

    [Fact]
    public async Task Verify_EveryBitOfTheManifestSignature_Matters()
    {
        string[] files = await ExportTwoDays();
        string text = File.ReadAllText(files[^1]);
        int start = text.IndexOf("\"signature\":\"0x", StringComparison.Ordinal) + 15;
        for (int i = 0; i < 130; i++)
        {
            char other = text[start + i] == '0' ? '1' : '0';
            File.WriteAllText(files[^1], text[..(start + i)] + other + text[(start + i + 1)..]);
            Assert.False(SettlementVerifier.Verify(Export).Passed);
        }
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("{}")]
    public async Task Verify_AppendedOrPrependedText_IsRejected(string text)
    {
        string[] files = await ExportTwoDays();
        foreach (string file in files)
        {
            string good = File.ReadAllText(file);
            File.WriteAllText(file, good + text);
            Assert.False(SettlementVerifier.Verify(Export).Passed);
            File.WriteAllText(file, text + good);
            Assert.False(SettlementVerifier.Verify(Export).Passed);
            File.WriteAllText(file, good, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            Assert.False(SettlementVerifier.Verify(Export).Passed);
            File.WriteAllText(file, good);
        }
    }

    [Fact]
    public async Task Verify_MissingOrTruncatedFile_IsRejected()
    {
        string[] files = await ExportTwoDays();
        foreach (string file in files)
        {
            byte[] good = File.ReadAllBytes(file);
            File.WriteAllBytes(file, good[..^1]);
            Assert.False(SettlementVerifier.Verify(Export).Passed);
            File.WriteAllBytes(file, []);
            Assert.False(SettlementVerifier.Verify(Export).Passed);
            File.Delete(file);
            VerificationReport report = SettlementVerifier.Verify(Export);
            Assert.Contains(report.Checks, check => !check.Passed && check.Name == $"{Path.GetFileName(file)}: readable");
            File.WriteAllBytes(file, good);
        }

        Assert.False(SettlementVerifier.Verify(_folder.File("nowhere")).Passed);
    }

    // A share is moved from one contributor to another and every hash is made to fit, but the key is not at hand.
    [Fact]
    public async Task Verify_ChangedShareWithNewHashes_IsRejected()
    {
        await ExportTwoDays();
        string epoch = Path.Combine(Export, "epoch-00000001.json");
        string text = File.ReadAllText(epoch);
        string changed = text.Replace(Samples.Account(2).Address.ToContributorId().ToString(), Samples.Account(50).Address.ToContributorId().ToString(), StringComparison.Ordinal);
        Assert.NotEqual(text, changed);
        File.WriteAllText(epoch, changed);
        RewriteManifest(content => content);
        VerificationReport report = SettlementVerifier.Verify(Export);
        Assert.False(report.Passed);
        Assert.Contains(report.Checks, check => !check.Passed && check.Reason!.Contains("attribution root", StringComparison.Ordinal));
        Assert.Contains(report.Checks, check => !check.Passed && check.Name == "epoch-00000001.json: canonical form");
    }

    [Fact]
    public async Task Verify_ChangedTermsWithNewHashes_BreaksTheBatchCommitment()
    {
        await ExportTwoDays();
        string epoch = Path.Combine(Export, "epoch-00000001.json");
        SettledEpoch good = EpochDocument.Read(File.ReadAllBytes(epoch), "epoch");
        ModelTerms[] terms = [.. good.Terms.Select(term => term with { ModelOwner = Samples.Account(66).Address })];
        SettledEpoch changed = SettledEpoch.Create(good.Identity, 1, terms, good.Receipts.Select(receipt => new AttributedReceipt(receipt.SignedReceipt, receipt.Attribution)));
        File.WriteAllBytes(epoch, changed.ToDocument());
        RewriteManifest(content => content);
        VerificationReport report = SettlementVerifier.Verify(Export);
        string[] failed = [.. report.Checks.Where(check => !check.Passed).Select(check => check.Name)];
        Assert.Equal(["manifest: signature", "epoch-00000001.json: data commitment", "epoch-00000001.json: payout root"], failed);
    }

    [Fact]
    public async Task Verify_RenamedPayee_IsRejected()
    {
        await ExportTwoDays();
        string payouts = Path.Combine(Export, "payouts.json");
        string text = File.ReadAllText(payouts);
        File.WriteAllText(payouts, text.Replace("\"paid\":\"0\"", "\"paid\":\"1\"", StringComparison.Ordinal));
        Assert.NotEqual(text, File.ReadAllText(payouts));
        RewriteManifest(content => content);
        Assert.Contains(SettlementVerifier.Verify(Export).Checks, check => !check.Passed && check.Reason!.Contains("states payments of 1 wei", StringComparison.Ordinal));
    }

    // The key holder alone could sign a manifest over something the receipts do not give: that fails too.
    [Fact]
    public async Task Verify_ManifestSignedOverFalsePayouts_IsRejected()
    {
        await ExportTwoDays();
        string payouts = Path.Combine(Export, "payouts.json");
        File.WriteAllText(payouts, File.ReadAllText(payouts).Replace("\"paid\":\"0\"", "\"paid\":\"1\"", StringComparison.Ordinal));
        RewriteManifest(content => content with { Signature = Samples.Operator.SignHash(content.Digest()) });
        VerificationReport report = SettlementVerifier.Verify(Export, Samples.Operator.Address);
        Assert.False(report.Passed);
        Assert.All(report.Checks.Where(check => !check.Passed), check => Assert.StartsWith("payouts: 0x", check.Name, StringComparison.Ordinal));
    }

    // Somebody else's consistent export verifies on its own, as documented, but not against the expected operator.
    [Fact]
    public async Task Verify_SignedByAnotherOperator_FailsAgainstTheExpectedOne()
    {
        EthereumAccount forger = Samples.Account(200);
        LedgerIdentity identity = Samples.Identity with { Operator = forger.Address };
        using (SqliteLedger ledger = SqliteLedger.Open(_folder.File("forged.db"), new SqliteLedgerOptions { Identity = identity }))
        {
            AttributedReceipt[] receipts = [.. Samples.Receipts("day").Select(receipt =>
                receipt with { SignedReceipt = SignedReceipt.Sign(receipt.SignedReceipt.Receipt, identity, forger) })];
            await new SettlementEngine(ledger, forger).SettleAsync(Samples.Terms, receipts);
            Assert.Throws<ArgumentException>("operatorSigner", () => SettlementExport.Write(ledger, Samples.Operator, Export));
            SettlementExport.Write(ledger, forger, Export);
        }

        Assert.True(SettlementVerifier.Verify(Export).Passed);
        VerificationReport report = SettlementVerifier.Verify(Export, Samples.Operator.Address);
        Assert.Equal(["manifest: operator"], report.Checks.Where(check => !check.Passed).Select(check => check.Name));
    }

    // No ledger would take this batch, so the export is made by hand: the operator signs a batch over a receipt that somebody else signed.
    [Fact]
    public async Task Verify_BatchOverAForgedReceipt_IsRejected()
    {
        AttributedReceipt[] receipts = Samples.Receipts("day");
        InferenceReceipt call = receipts[2].SignedReceipt.Receipt;
        receipts[2] = receipts[2] with { SignedReceipt = new SignedReceipt(call, Samples.Account(1).SignHash(call.Digest(Samples.Identity))) };
        SettledEpoch epoch = SettledEpoch.Create(Samples.Identity, 1, Samples.Terms, receipts);
        SignedBatch batch;
        using (SqliteLedger empty = Samples.OpenLedger(_folder.File("empty.db")))
        {
            batch = SettlementEngine.Sign(await empty.ReadAsync(), epoch, Samples.Operator);
        }

        LedgerEntry open = LedgerEntry.Create(0, LedgerEntryKind.Open, LedgerPayloads.Write(Samples.Identity), default);
        LedgerEntry posted = LedgerEntry.Create(1, LedgerEntryKind.Batch, LedgerPayloads.Write(batch), open.Hash);
        LedgerMachine machine = new(open);
        machine.ApplyBatch(posted, epoch, batch);
        Directory.CreateDirectory(Export);
        File.WriteAllBytes(Path.Combine(Export, "epoch-00000001.json"), epoch.ToDocument());
        File.WriteAllBytes(Path.Combine(Export, "ledger.json"), LedgerDocument.Write([open, posted]));
        File.WriteAllBytes(Path.Combine(Export, "payouts.json"), PayoutsDocument.Write(PayoutsDocument.Of(new LedgerState(machine))));
        string[] names = ["epoch-00000001.json", "ledger.json", "payouts.json"];
        ManifestDocument.Content manifest = new(
            Samples.Identity,
            2,
            posted.Hash,
            [.. names.Select(name => new ManifestDocument.ExportedFile(name, new Bytes32(SHA256.HashData(File.ReadAllBytes(Path.Combine(Export, name))))))],
            default);
        manifest = manifest with { Signature = Samples.Operator.SignHash(manifest.Digest()) };
        File.WriteAllBytes(Path.Combine(Export, "manifest.json"), ManifestDocument.Write(manifest));
        VerificationReport report = SettlementVerifier.Verify(Export, Samples.Operator.Address);
        Assert.Equal(["epoch-00000001.json: receipt signatures"], report.Checks.Where(check => !check.Passed).Select(check => check.Name));
    }

    [Fact]
    public async Task Verify_ManifestOfAnOlderExport_IsRejected()
    {
        using SqliteLedger ledger = Samples.OpenLedger(_folder.File("ledger.db"));
        SettlementEngine engine = new(ledger, Samples.Operator);
        await engine.SettleAsync(Samples.Terms, Samples.Receipts("day 1"));
        SettlementExport.Write(ledger, Samples.Operator, Export);
        byte[] old = File.ReadAllBytes(Path.Combine(Export, "manifest.json"));
        await engine.SettleAsync(Samples.Terms, Samples.Receipts("day 2"));
        SettlementExport.Write(ledger, Samples.Operator, Export);
        File.WriteAllBytes(Path.Combine(Export, "manifest.json"), old);
        string[] failed = [.. SettlementVerifier.Verify(Export).Checks.Where(check => !check.Passed).Select(check => check.Name)];
        Assert.Contains("manifest: ledger head", failed);
        Assert.Contains("manifest: list of files", failed);
        Assert.Contains("ledger.json: SHA-256", failed);
    }

    [Fact]
    public async Task Write_SameLedger_GivesTheSameBytes()
    {
        string[] files = await ExportTwoDays();
        string[] first = [.. files.Select(file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))];
        using SqliteLedger ledger = Samples.OpenLedger(_folder.File("ledger.db"));
        IReadOnlyList<string> again = SettlementExport.Write(ledger, Samples.Operator, _folder.File("again"));
        Assert.Equal(first, again.Select(file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))));
    }

    private async Task<string[]> ExportTwoDays()
    {
        using SqliteLedger ledger = Samples.OpenLedger(_folder.File("ledger.db"));
        SettlementEngine engine = new(ledger, Samples.Operator);
        SettlementResult first = await engine.SettleAsync(Samples.Terms, Samples.Receipts("day 1"));
        await ledger.ClaimAsync(first.Claims[0]);
        await ledger.ClaimAsync(first.Claims[3]);
        SettlementResult second = await engine.SettleAsync(Samples.Terms, [Samples.Receipt("day 2/1", 0, 5000, 1, Attribution.Create([Samples.Share(1, Attribution.Whole)]))]);
        await ledger.ClaimAsync(second.Claims[1]);
        return [.. SettlementExport.Write(ledger, Samples.Operator, Export)];
    }

    // What someone without the key can do: make all SHA-256 values fit.
    private void RewriteManifest(Func<ManifestDocument.Content, ManifestDocument.Content> sign)
    {
        string path = Path.Combine(Export, "manifest.json");
        ManifestDocument.Content content = ManifestDocument.Read(File.ReadAllBytes(path), "manifest");
        content = content with
        {
            Files = [.. content.Files.Select(file => file with { Sha256 = new Bytes32(SHA256.HashData(File.ReadAllBytes(Path.Combine(Export, file.Name)))) })],
        };
        File.WriteAllBytes(path, ManifestDocument.Write(sign(content)));
    }
}
