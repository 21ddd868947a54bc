using Microsoft.Data.Sqlite;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Receipts;
using OpenLedger.Chain.Settlement;
using OpenLedger.Testing;

namespace OpenLedger.Chain.Tests.Ledger;

public sealed class SqliteLedgerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Path => _folder.File("ledger.db");

    [Fact]
    public async Task SettleAndClaim_TwoDays_PaysEverythingOnceAndConservesIt()
    {
        using SqliteLedger ledger = Samples.OpenLedger(Path);
        SettlementEngine engine = new(ledger, Samples.Operator);
        SettlementResult first = await engine.SettleAsync(Samples.Terms, Samples.Receipts("day 1"));
        Assert.Equal(first.Epoch!.Gross, await ClaimAll(ledger, first.Claims));
        Assert.Equal(UInt128.Zero, await ClaimAll(ledger, first.Claims));

        SettlementResult second = await engine.SettleAsync(Samples.Terms, Samples.Receipts("day 2"));
        Assert.Equal(2ul, second.Batch!.Header.Epoch);
        Assert.Equal(first.Batch!.Header.Digest(Samples.Identity), second.Batch.Header.PrevBatchHash);
        Assert.Equal(second.Epoch!.Gross, await ClaimAll(ledger, second.Claims));

        LedgerState state = await ledger.ReadAsync();
        Assert.Equal(first.Epoch.Gross + second.Epoch.Gross, state.Funded);
        Assert.Equal(state.Funded, state.TotalPaid);
        Assert.All(state.Payouts, payout => Assert.Equal(payout.Cumulative, state.Paid(payout.Account)));
        Assert.Equal(first.Epoch.Credits.Keys.Order(), state.Payouts.Select(payout => payout.Account));
    }

    [Fact]
    public async Task Open_Again_ReplaysTheSameStateAndPaysNothingTwice()
    {
        LedgerState before;
        SettlementResult result;
        using (SqliteLedger ledger = Samples.OpenLedger(Path))
        {
            result = await new SettlementEngine(ledger, Samples.Operator).SettleAsync(Samples.Terms, Samples.Receipts("day"));
            await ledger.ClaimAsync(result.Claims[0]);
            before = await ledger.ReadAsync();
        }

        using SqliteLedger again = Samples.OpenLedger(Path);
        LedgerState after = await again.ReadAsync();
        Assert.Equal(before.Head, after.Head);
        Assert.Equal(before.EntryCount, after.EntryCount);
        Assert.Equal(before.Payouts, after.Payouts);
        Assert.Equal(before.PayoutRoot, after.PayoutRoot);
        Assert.Equal(UInt128.Zero, await again.ClaimAsync(result.Claims[0]));
        Assert.Equal(result.Claims[1].Cumulative, await again.ClaimAsync(result.Claims[1]));
        Assert.Equal(before.Paid(result.Claims[0].Account), result.Claims[0].Cumulative);
    }

    [Fact]
    public async Task Settle_SameReceiptsAgain_PostsNothingAndReturnsTheClaims()
    {
        using SqliteLedger ledger = Samples.OpenLedger(Path);
        SettlementEngine engine = new(ledger, Samples.Operator);
        AttributedReceipt[] receipts = Samples.Receipts("day");
        SettlementResult first = await engine.SettleAsync(Samples.Terms, receipts);
        SettlementResult again = await engine.SettleAsync(Samples.Terms, receipts);
        Assert.Null(again.Epoch);
        Assert.Null(again.Batch);
        Assert.Equal(receipts.Length, again.AlreadySettled.Count);
        Assert.Equal(first.Claims.Select(claim => (claim.Account, claim.Cumulative)), again.Claims.Select(claim => (claim.Account, claim.Cumulative)));

        AttributedReceipt extra = Samples.Receipt("extra", 0, 1, 1, Attribution.None);
        SettlementResult mixed = await engine.SettleAsync(Samples.Terms, [.. receipts, extra]);
        Assert.Single(mixed.Epoch!.Receipts);
    }

    [Fact]
    public async Task Claim_WrongProofAmountOrStaleRoot_IsRejected()
    {
        using SqliteLedger ledger = Samples.OpenLedger(Path);
        SettlementEngine engine = new(ledger, Samples.Operator);
        SettlementResult first = await engine.SettleAsync(Samples.Terms, Samples.Receipts("day 1"));
        PayoutClaim claim = first.Claims[0];
        await Rejected(claim with { Cumulative = claim.Cumulative + 1 });
        await Rejected(claim with { Account = Samples.Account(77).Address });
        await Rejected(claim with { Proof = [] });
        await Rejected(claim with { Proof = first.Claims[1].Proof });
        await engine.SettleAsync(Samples.Terms, Samples.Receipts("day 2"));
        await Rejected(claim);
        Assert.Equal(UInt128.Zero, (await ledger.ReadAsync()).TotalPaid);

        async Task Rejected(PayoutClaim bad) =>
            Assert.Equal(ChainError.ClaimRejected, (await Assert.ThrowsAsync<ChainException>(() => ledger.ClaimAsync(bad))).Error);
    }

    [Fact]
    public async Task PostBatch_AnyHeaderFieldWrong_IsRejectedAndChangesNothing()
    {
        using SqliteLedger ledger = Samples.OpenLedger(Path);
        LedgerState state = await ledger.ReadAsync();
        SettledEpoch epoch = SettledEpoch.Create(Samples.Identity, 1, Samples.Terms, Samples.Receipts("day"));
        SignedBatch good = SettlementEngine.Sign(state, epoch, Samples.Operator);
        BatchHeader header = good.Header;
        (string Rule, BatchHeader Header)[] wrong =
        [
            ("epoch number", header with { Epoch = 2 }),
            ("epoch number", header with { Epoch = 0 }),
            ("previous batch", header with { PrevBatchHash = Bytes32.HashOf("x") }),
            ("receipts root", header with { ReceiptsRoot = Bytes32.HashOf("x") }),
            ("payout root", header with { PayoutRoot = Bytes32.HashOf("x") }),
            ("gross", header with { Gross = header.Gross + 1 }),
            ("receipt count", header with { Count = header.Count + 1 }),
            ("data commitment", header with { DaCommitmentHash = Bytes32.HashOf("x") }),
            ("time span", header with { FromTimestamp = header.FromTimestamp - 1 }),
            ("time span", header with { ToTimestamp = header.ToTimestamp + 1 }),
            ("batch signature", header with { Operator = Samples.Treasury }),
        ];
        foreach ((string rule, BatchHeader changed) in wrong)
        {
            await Rejected(rule, epoch, new SignedBatch(changed, Samples.Operator.SignHash(changed.Digest(Samples.Identity))));
        }

        await Rejected("batch signature", epoch, good with { Signature = Samples.Account(1).SignHash(header.Digest(Samples.Identity)) });
        Assert.Equal(1ul, (await ledger.ReadAsync()).EntryCount);
        await ledger.PostBatchAsync(epoch, good);
        Assert.Equal(2ul, (await ledger.ReadAsync()).EntryCount);

        async Task Rejected(string rule, SettledEpoch data, SignedBatch batch)
        {
            ChainException fault = await Assert.ThrowsAsync<ChainException>(() => ledger.PostBatchAsync(data, batch));
            Assert.Equal(ChainError.BatchRejected, fault.Error);
            Assert.Contains(rule, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task PostBatch_ForgedReceiptOrRepeatedInference_IsRejected()
    {
        using SqliteLedger ledger = Samples.OpenLedger(Path);
        AttributedReceipt[] receipts = Samples.Receipts("day");
        InferenceReceipt call = receipts[1].SignedReceipt.Receipt;
        receipts[1] = receipts[1] with { SignedReceipt = new SignedReceipt(call, Samples.Account(1).SignHash(call.Digest(Samples.Identity))) };
        ChainException forged = await Assert.ThrowsAsync<ChainException>(() => new SettlementEngine(ledger, Samples.Operator).SettleAsync(Samples.Terms, receipts));
        Assert.Contains("receipt signatures", forged.Message, StringComparison.Ordinal);

        await new SettlementEngine(ledger, Samples.Operator).SettleAsync(Samples.Terms, Samples.Receipts("day"));
        SettledEpoch repeated = SettledEpoch.Create(Samples.Identity, 2, Samples.Terms, Samples.Receipts("day"));
        SignedBatch batch = SettlementEngine.Sign(await ledger.ReadAsync(), repeated, Samples.Operator);
        ChainException again = await Assert.ThrowsAsync<ChainException>(() => ledger.PostBatchAsync(repeated, batch));
        Assert.Contains("each inference once", again.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_TwoHandlesOnOneFile_SeeEachOther()
    {
        using SqliteLedger left = Samples.OpenLedger(Path);
        using SqliteLedger right = Samples.OpenLedger(Path);
        SettlementResult result = await new SettlementEngine(left, Samples.Operator).SettleAsync(Samples.Terms, Samples.Receipts("day"));
        Assert.Equal(result.Claims[0].Cumulative, await right.ClaimAsync(result.Claims[0]));
        Assert.Equal(UInt128.Zero, await left.ClaimAsync(result.Claims[0]));
        Assert.Equal((await left.ReadAsync()).Head, (await right.ReadAsync()).Head);
    }

    [Fact]
    public async Task Claim_FromManyThreads_PaysOnce()
    {
        using SqliteLedger ledger = Samples.OpenLedger(Path);
        SettlementResult result = await new SettlementEngine(ledger, Samples.Operator).SettleAsync(Samples.Terms, Samples.Receipts("day"));
        UInt128[] paid = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => ledger.ClaimAsync(result.Claims[0]))));
        Assert.Equal(result.Claims[0].Cumulative, Assert.Single(paid, amount => amount > UInt128.Zero));
    }

    [Fact]
    public void Open_LockedFile_IsBusyAndSaysSo()
    {
        Samples.OpenLedger(Path).Dispose();
        using SqliteConnection other = Connect();
        using SqliteTransaction transaction = other.BeginTransaction(deferred: false);
        ChainException fault = Assert.Throws<ChainException>(() => Samples.OpenLedger(Path));
        Assert.Equal(ChainError.LedgerBusy, fault.Error);
        AssertOneLineNaming(fault);
    }

    [Fact]
    public void Open_NoDatabase_IsNotALedger()
    {
        File.WriteAllText(Path, new string('x', 5000));
        ChainException fault = Assert.Throws<ChainException>(() => Samples.OpenLedger(Path));
        Assert.Equal(ChainError.NotALedger, fault.Error);
        AssertOneLineNaming(fault);
        Assert.Equal(new string('x', 5000), File.ReadAllText(Path));
    }

    [Fact]
    public void Open_DatabaseOfAnotherApplication_IsNotALedger()
    {
        using (SqliteConnection other = Connect())
        {
            Execute(other, "CREATE TABLE recipes (name TEXT)");
        }

        ChainException fault = Assert.Throws<ChainException>(() => Samples.OpenLedger(Path));
        Assert.Equal(ChainError.NotALedger, fault.Error);
        AssertOneLineNaming(fault);
    }

    [Fact]
    public void Open_NewerSchema_SaysUpdate()
    {
        Samples.OpenLedger(Path).Dispose();
        using (SqliteConnection other = Connect())
        {
            Execute(other, "PRAGMA user_version = 2");
        }

        ChainException fault = Assert.Throws<ChainException>(() => Samples.OpenLedger(Path));
        Assert.Equal(ChainError.LedgerNewerSchema, fault.Error);
        AssertOneLineNaming(fault);
    }

    [Fact]
    public void Open_MissingFolder_IsUnavailable()
    {
        ChainException fault = Assert.Throws<ChainException>(() => Samples.OpenLedger(_folder.File("missing", "ledger.db")));
        Assert.Equal(ChainError.LedgerUnavailable, fault.Error);
    }

    [Fact]
    public void Open_OtherOperator_IsAMismatch()
    {
        Samples.OpenLedger(Path).Dispose();
        LedgerIdentity other = Samples.Identity with { Operator = Samples.Treasury };
        ChainException fault = Assert.Throws<ChainException>(() => SqliteLedger.Open(Path, new SqliteLedgerOptions { Identity = other }));
        Assert.Equal(ChainError.LedgerMismatch, fault.Error);
        AssertOneLineNaming(fault);
    }

    [Theory]
    [InlineData("UPDATE entries SET payload = CAST(replace(CAST(payload AS TEXT), '\"amount\":\"', '\"amount\":\"1') AS BLOB) WHERE kind = 'claim'")]
    [InlineData("UPDATE entries SET prev_hash = zeroblob(32) WHERE sequence = 1")]
    [InlineData("UPDATE entries SET hash = zeroblob(32) WHERE sequence = (SELECT max(sequence) FROM entries)")]
    [InlineData("UPDATE entries SET hash = zeroblob(31) WHERE sequence = 2")]
    [InlineData("UPDATE entries SET payload = zeroblob(2000000) WHERE sequence = 2")]
    [InlineData("UPDATE entries SET kind = 'open' WHERE sequence = 1")]
    [InlineData("UPDATE entries SET kind = 'gift' WHERE sequence = 2")]
    [InlineData("DELETE FROM entries WHERE sequence = 1")]
    [InlineData("DELETE FROM entries")]
    [InlineData("DELETE FROM epochs")]
    [InlineData("UPDATE epochs SET document = zeroblob(10)")]
    [InlineData("DROP TABLE epochs")]
    public async Task Open_ChangedHistory_IsCorrupt(string sql)
    {
        using (SqliteLedger ledger = Samples.OpenLedger(Path))
        {
            SettlementResult result = await new SettlementEngine(ledger, Samples.Operator).SettleAsync(Samples.Terms, Samples.Receipts("day"));
            await ClaimAll(ledger, result.Claims);
        }

        using (SqliteConnection other = Connect())
        {
            Assert.Contains("append-only", sql.StartsWith("DROP", StringComparison.Ordinal) ? "append-only" : Assert.Throws<SqliteException>(() => Execute(other, sql)).Message, StringComparison.Ordinal);
            Execute(other, "DROP TRIGGER entries_no_update; DROP TRIGGER entries_no_delete; DROP TRIGGER epochs_no_update; DROP TRIGGER epochs_no_delete;");
            Execute(other, sql);
        }

        ChainException fault = Assert.Throws<ChainException>(() => Samples.OpenLedger(Path));
        Assert.Equal(ChainError.LedgerCorrupt, fault.Error);
        AssertOneLineNaming(fault);
    }

    [Fact]
    public async Task Open_RandomDamage_GivesAChainExceptionOrTheSameState()
    {
        Bytes32 head;
        using (SqliteLedger ledger = Samples.OpenLedger(Path))
        {
            await new SettlementEngine(ledger, Samples.Operator).SettleAsync(Samples.Terms, Samples.Receipts("day"));
            head = (await ledger.ReadAsync()).Head;
        }

        byte[] good = File.ReadAllBytes(Path);
        Random random = new(12);
        int refused = 0;
        for (int i = 0; i < 150; i++)
        {
            byte[] damaged = i % 5 == 0 ? good[..random.Next(1, good.Length)] : [.. good];
            if (i % 5 != 0)
            {
                for (int flips = 0; flips < 3; flips++)
                {
                    damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
                }
            }

            File.WriteAllBytes(Path, damaged);
            try
            {
                using SqliteLedger ledger = Samples.OpenLedger(Path);
                Assert.Equal(head, (await ledger.ReadAsync()).Head);
            }
            catch (ChainException fault)
            {
                AssertOneLineNaming(fault);
                refused++;
            }
        }

        Assert.True(refused > 50);
    }

    // What a process leaves behind that is killed in the middle of a write: pages already in the file, and the journal that takes them back.
    [Fact]
    public async Task Open_AfterAKillDuringAWrite_RollsBack()
    {
        Bytes32 head;
        using (SqliteLedger ledger = Samples.OpenLedger(Path))
        {
            await new SettlementEngine(ledger, Samples.Operator).SettleAsync(Samples.Terms, Samples.Receipts("day"));
            head = (await ledger.ReadAsync()).Head;
        }

        byte[] before = File.ReadAllBytes(Path);
        string killed = _folder.File("killed.db");
        using (SqliteConnection writer = Connect())
        {
            Execute(writer, "PRAGMA cache_size = 2");
            using SqliteTransaction transaction = writer.BeginTransaction(deferred: false);
            Execute(writer, "INSERT INTO entries VALUES (2, 'claim', zeroblob(5000), zeroblob(32), zeroblob(32))");
            Execute(writer, "INSERT INTO epochs VALUES (2, zeroblob(1000000))");
            File.Copy(Path, killed);
            File.Copy(Path + "-journal", killed + "-journal");
        }

        Assert.NotEqual(before, File.ReadAllBytes(killed));
        using SqliteLedger again = Samples.OpenLedger(killed);
        Assert.Equal(head, (await again.ReadAsync()).Head);
    }

    [Fact]
    public async Task Open_ZeroLengthFile_IsNew()
    {
        File.WriteAllBytes(Path, []);
        using SqliteLedger ledger = Samples.OpenLedger(Path);
        Assert.Equal(1ul, (await ledger.ReadAsync()).EntryCount);
    }

    [Fact]
    public async Task Dispose_ThenUse_Throws()
    {
        SqliteLedger ledger = Samples.OpenLedger(Path);
        ledger.Dispose();
        ledger.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ledger.ReadAsync());
    }

    [Fact]
    public async Task Read_Cancelled_IsCancelled()
    {
        using SqliteLedger ledger = Samples.OpenLedger(Path);
        await Assert.ThrowsAsync<TaskCanceledException>(() => ledger.ReadAsync(new CancellationToken(canceled: true)));
    }

    private static async Task<UInt128> ClaimAll(SqliteLedger ledger, IEnumerable<PayoutClaim> claims)
    {
        UInt128 sum = UInt128.Zero;
        foreach (PayoutClaim claim in claims)
        {
            sum += await ledger.ClaimAsync(claim);
        }

        return sum;
    }

    private SqliteConnection Connect()
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void AssertOneLineNaming(ChainException fault)
    {
        Assert.Contains(Path, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }
}
