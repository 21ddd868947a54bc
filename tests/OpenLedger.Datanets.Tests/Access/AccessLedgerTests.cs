using System.Text;
using OpenLedger.Datanets.Access;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Tests.Schemas;
using OpenLedger.Datanets.Tests.Versions;
using OpenLedger.Datanets.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Access;

public sealed partial class AccessLedgerTests : IDisposable
{
    private static readonly ContributorId Owner = JournalBench.Owner;
    private static readonly ContributorId Ann = JournalBench.Person("ann");
    private static readonly ContributorId Ben = JournalBench.Person("ben");
    private static readonly AccessUse Training = new() { Grantee = Ann, Purpose = AccessPurpose.Training };
    private readonly JournalBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Request_ManualTerms_WaitsForTheOwnerAndGivesAToken()
    {
        AccessLedger ledger = Open(new());
        long id = ledger.Request(Ann, Apply());
        Assert.Equal(AccessRequestState.Pending, ledger.Find(id)!.State);
        Assert.Null(ledger.FindToken(id));
        JournalBench.Throws(DatanetError.NotPermitted, () => ledger.Approve(new KeyedSigner("ann"), id));
        AccessToken token = ledger.Approve(JournalBench.OwnerKey, id);
        Assert.Equal(token.Text, ledger.FindToken(id)!.Text);
        Assert.Equal((AccessRequestState.Approved, token.Grant.NotAfter), (ledger.Find(id)!.State, ledger.Find(id)!.ExpiresAt));
        Assert.Equal(id, ledger.CheckOnline(token.Text, Training).Id);
        Assert.DoesNotContain(token.Text, string.Join("", _bench.Journal.Events().Select(e => e.Body.GetRawText())), StringComparison.Ordinal);
    }

    [Fact]
    public void Request_AutomaticTerms_IsApprovedAtOnce()
    {
        AccessLedger ledger = Open(new() { Mode = AccessMode.Automatic });
        long id = ledger.Request(Ann, Apply());
        Assert.Equal(AccessRequestState.Approved, ledger.Find(id)!.State);
        ledger.CheckOnline(ledger.FindToken(id)!.Text, Training);

        AccessLedger keyless = new(_bench.Open(), new() { Verifier = KeyedSigner.Verifier });
        Assert.Throws<InvalidOperationException>(() => keyless.Request(Ben, Apply()));
        Assert.Single(ledger.List()); // nothing was kept of the request that could not be approved
    }

    [Fact]
    public void Request_WithoutTerms_IsRefused()
    {
        AccessLedger ledger = new(_bench.Journal, new() { Verifier = KeyedSigner.Verifier });
        JournalBench.Throws(DatanetError.AccessStateConflict, () => ledger.Request(Ann, Apply()));
        JournalBench.Throws(DatanetError.NotPermitted, () => ledger.SetTerms(Ann, new()));
        Assert.Null(ledger.GetTerms());
    }

    [Fact]
    public void Request_Again_FollowsTheRulesOfGatedDatasets()
    {
        AccessLedger ledger = Open(new() { RequestLifetime = TimeSpan.FromDays(2), Validity = TimeSpan.FromDays(3) });
        long id = ledger.Request(Ann, Apply());
        JournalBench.Throws(DatanetError.AccessStateConflict, () => ledger.Request(Ann, Apply())); // pending
        ledger.Cancel(Ann, id);
        id = ledger.Request(Ann, Apply()); // taken back: may ask again
        _bench.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(AccessRequestState.Expired, ledger.Find(id)!.State);
        id = ledger.Request(Ann, Apply()); // nobody answered: may ask again
        ledger.Approve(JournalBench.OwnerKey, id);
        JournalBench.Throws(DatanetError.AccessStateConflict, () => ledger.Request(Ann, Apply())); // granted
        ledger.Revoke(Owner, id, "pause", mayAskAgain: true);
        id = ledger.Request(Ann, Apply());
        ledger.Approve(JournalBench.OwnerKey, id);
        _bench.Clock.Advance(TimeSpan.FromDays(3));
        id = ledger.Request(Ann, Apply()); // ran out: may ask again
        ledger.Approve(JournalBench.OwnerKey, id);
        ledger.Revoke(Owner, id);
        JournalBench.Throws(DatanetError.AccessStateConflict, () => ledger.Request(Ann, Apply())); // revoked for good
        long denied = ledger.Request(Ben, Apply());
        ledger.Deny(Owner, denied, "no purpose given");
        Assert.Equal("no purpose given", ledger.Find(denied)!.Note);
        JournalBench.Throws(DatanetError.AccessStateConflict, () => ledger.Request(Ben, Apply())); // denied for good
    }

    [Fact]
    public void Request_AnswersThatDoNotFit_AreAllNamed()
    {
        AccessLedger ledger = Open(new()
        {
            Purposes = [AccessPurpose.Research],
            Fields =
            [
                new() { Name = "name", Label = "Your name", Type = AccessFieldType.Text, IsRequired = true },
                new() { Name = "agree", Label = "I agree", Type = AccessFieldType.Checkbox, IsRequired = true },
                new() { Name = "born", Label = "Born", Type = AccessFieldType.Date },
                new() { Name = "land", Label = "Country", Type = AccessFieldType.Country },
                new() { Name = "size", Label = "Size", Type = AccessFieldType.Select, Choices = ["small", "large"] },
            ],
        });
        Assert.Contains("The purpose Training is not allowed", Assert.Throws<ArgumentException>("application", () => ledger.Request(Ann, Apply())).Message, StringComparison.Ordinal);
        AccessApplication application = new()
        {
            Purpose = AccessPurpose.Research,
            Answers = new Dictionary<string, string> { ["agree"] = "false", ["born"] = "2030-02-30", ["land"] = "XX", ["size"] = "medium", ["shoe"] = "44" },
        };
        ArgumentException faults = Assert.Throws<ArgumentException>("application", () => ledger.Request(Ann, application));
        Assert.StartsWith(
            "The form has no field 'shoe'. The answer to 'name' needs an answer. The answer to 'agree' must be ticked. The answer to 'born' is not a day like "
            + "2030-01-31. The answer to 'land' is not an ISO 3166-1 country code like VN. The answer to 'size' is none of the choices.",
            faults.Message,
            StringComparison.Ordinal);
        AccessApplication legal = application with
        {
            Text = "a paper about harbours",
            Answers = new Dictionary<string, string> { ["name"] = "Ann", ["agree"] = "true", ["born"] = "2004-02-29", ["land"] = "VN", ["size"] = "large" },
        };
        long id = ledger.Request(Ann, legal);
        Assert.Equal(legal.Answers, ledger.FindApplication(id)!.Answers);
        Assert.Equal(legal.Text, ledger.FindApplication(id)!.Text);
        Assert.DoesNotContain("harbours", string.Join("", _bench.Journal.Events().Select(e => e.Body.GetRawText())), StringComparison.Ordinal);

        JournalBench.Throws(DatanetError.NotPermitted, () => ledger.EraseApplication(Ben, id));
        Assert.True(ledger.EraseApplication(Ann, id));
        Assert.False(ledger.EraseApplication(Owner, id));
        Assert.Null(ledger.FindApplication(id));
        Assert.Equal(249, CountryCodes.Count);
    }

    [Fact]
    public void EraseApplication_StoreFiles_HoldNothingOfTheAnswers()
    {
        const string Answer = "Lantern Street 7, door code 4711";
        using TemporaryFolder folder = new();
        using (SqliteDatanetStore store = SqliteDatanetStore.OpenFile(folder.File("facts.db")))
        {
            Datanet.Create(JournalBench.Id, Owner, DatanetSchemaTests.Facts, DatanetTests.Options(store, _bench.Clock));
            AccessLedger ledger = new(new DatanetJournal(JournalBench.Id, store, _bench.Clock), new() { Verifier = KeyedSigner.Verifier });
            ledger.SetTerms(Owner, new());
            long id = ledger.Request(Ann, Apply() with { Text = Answer });
            Assert.True(IsInFiles());
            Assert.True(ledger.EraseApplication(Ann, id));
            Assert.False(IsInFiles());
        }

        Assert.False(IsInFiles());

        bool IsInFiles() => Directory.GetFiles(folder.Path).Any(path =>
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Answer)) >= 0;
        });
    }

    [Fact]
    public async Task ConfirmPayment_PricedGrant_IsNeededOnceAndNotTransferable()
    {
        Payments payments = new() { Arrived = { "tx1", "tx2" } };
        AccessLedger ledger = Open(new() { Mode = AccessMode.Automatic, Price = 500 }, payments);
        long ann = ledger.Request(Ann, Apply());
        long ben = ledger.Request(Ben, Apply());
        Assert.Equal((AccessRequestState.Pending, (UInt128)500), (ledger.Find(ann)!.State, ledger.Find(ann)!.Price));
        JournalBench.Throws(DatanetError.AccessStateConflict, () => ledger.Approve(JournalBench.OwnerKey, ann));
        Assert.False(await ledger.ConfirmPaymentAsync(ann, "tx9"));
        Assert.True(await ledger.ConfirmPaymentAsync(ann, "tx1"));
        Assert.Equal((AccessRequestState.Approved, "tx1"), (ledger.Find(ann)!.State, ledger.Find(ann)!.PaymentReference));
        await ThrowsConflict(() => ledger.ConfirmPaymentAsync(ben, "tx1"));
        await ThrowsConflict(() => ledger.ConfirmPaymentAsync(ann, "tx2"));
        Assert.Equal([(Ann, (UInt128)500), (Ann, (UInt128)500)], payments.Asked);
        await Assert.ThrowsAsync<InvalidOperationException>(() => new AccessLedger(_bench.Open(), new() { Verifier = KeyedSigner.Verifier }).ConfirmPaymentAsync(ben, "tx2"));

        static async Task ThrowsConflict(Func<Task> action) =>
            Assert.Equal(DatanetError.AccessStateConflict, (await Assert.ThrowsAsync<DatanetException>(action)).Error);
    }

    [Fact]
    public void SetTerms_LaterTerms_DoNotChangeRequestsThatWereMade()
    {
        AccessLedger ledger = Open(new() { Quota = new(AccessQuotaUnit.Runs, 2), Validity = TimeSpan.FromDays(1) });
        long id = ledger.Request(Ann, Apply());
        ledger.SetTerms(Owner, new() { Price = 7 });
        AccessToken token = ledger.Approve(JournalBench.OwnerKey, id);
        Assert.Equal((new AccessQuota(AccessQuotaUnit.Runs, 2), TimeSpan.FromDays(1)), (token.Grant.Quota, token.Grant.NotAfter - token.Grant.NotBefore));
        AccessTerms terms = new AccessLedger(_bench.Open(), new() { Verifier = KeyedSigner.Verifier }).GetTerms()!;
        Assert.Equal(((UInt128)7, AccessMode.Manual, 4), (terms.Price, terms.Mode, terms.Purposes.Count));
    }

    [Fact]
    public void CheckOnline_RevokedWhileTraining_IsDeniedAtTheNextEpoch()
    {
        AccessLedger ledger = Open(new());
        (long id, string token) = Grant(ledger);
        AccessSession session = new(ledger, token, Training with { Run = "run 1" });
        Assert.Equal(id, session.CheckStart().Id);
        session.CheckEpoch(0, 100);
        ledger.Revoke(Owner, id, "the contributors changed their minds");
        Assert.Equal(AccessDenial.Revoked, JournalBench.Throws(DatanetError.AccessDenied, () => session.CheckEpoch(1, 100)).Denial);
        Assert.Equal(AccessDenial.Revoked, JournalBench.Throws(DatanetError.AccessDenied, () => session.CheckStart()).Denial);

        // Without the ledger the token still looks valid: that is the price of being offline.
        GrantVerifier verifier = new(KeyedSigner.Verifier, JournalBench.Id, Owner);
        OfflineAccessSession offline = new(verifier, token, Training, _bench.Clock);
        offline.CheckStart();
        _bench.Clock.Advance(TimeSpan.FromDays(365));
        Assert.Equal(AccessDenial.Expired, JournalBench.Throws(DatanetError.AccessDenied, () => offline.CheckEpoch(0, 1)).Denial);
    }

    [Fact]
    public void CheckOnline_QuotaOfRuns_CountsEachRunOnce()
    {
        AccessLedger ledger = Open(new() { Quota = new(AccessQuotaUnit.Runs, 2) });
        (long id, string token) = Grant(ledger);
        for (int i = 0; i < 3; i++)
        {
            ledger.CheckOnline(token, Training with { Run = "a" });
            ledger.CheckOnline(token, Training with { Run = "a", Epoch = i, Records = 9 });
        }

        ledger.CheckOnline(token, Training); // only looks
        ledger.CheckOnline(token, Training with { Run = "b" });
        Assert.Equal(2, ledger.Find(id)!.Used);
        DatanetException denied = JournalBench.Throws(DatanetError.AccessDenied, () => ledger.CheckOnline(token, Training with { Run = "c" }));
        Assert.Equal(AccessDenial.QuotaExhausted, denied.Denial);
        Assert.Contains("2 of 2 were used", denied.Message, StringComparison.Ordinal);
        ledger.CheckOnline(token, Training with { Run = "a" });
    }

    [Fact]
    public void CheckOnline_QuotaOfEpochs_CountsEachEpochOnce()
    {
        AccessLedger ledger = Open(new() { Quota = new(AccessQuotaUnit.Epochs, 3) });
        (long id, string token) = Grant(ledger);
        AccessSession session = new(ledger, token, Training with { Run = "a" });
        session.CheckStart();
        session.CheckEpoch(0, 5);
        session.CheckEpoch(1, 5);
        session.CheckEpoch(1, 5); // resumed after a crash
        session.CheckEpoch(2, 5);
        Assert.Equal(3, ledger.Find(id)!.Used);
        Assert.Equal(AccessDenial.QuotaExhausted, JournalBench.Throws(DatanetError.AccessDenied, () => session.CheckEpoch(3, 5)).Denial);
        Assert.Equal(3, new AccessLedger(_bench.Open(), new() { Verifier = KeyedSigner.Verifier }).Find(id)!.Used);
    }

    [Fact]
    public void CheckOnline_QuotaOfRecords_CountsRecordsBeyondThoseCounted()
    {
        AccessLedger ledger = Open(new() { Quota = new(AccessQuotaUnit.Records, 100) });
        (long id, string token) = Grant(ledger);
        AccessUse use = Training with { Run = "a" };
        ledger.CheckOnline(token, use);
        ledger.CheckOnline(token, use with { Epoch = 0, Records = 60 });
        ledger.CheckOnline(token, use with { Epoch = 0, Records = 40 });
        ledger.CheckOnline(token, use with { Epoch = 0, Records = 70 });
        Assert.Equal(70, ledger.Find(id)!.Used);
        JournalBench.Throws(DatanetError.AccessDenied, () => ledger.CheckOnline(token, use with { Epoch = 1, Records = 31 }));
        ledger.CheckOnline(token, use with { Epoch = 1, Records = 30 });
        Assert.Equal(100, ledger.Find(id)!.Used);
        JournalBench.Throws(DatanetError.AccessDenied, () => ledger.CheckOnline(token, use with { Epoch = 2, Records = long.MaxValue >> 11 }));
    }

    [Fact]
    public void CheckOnline_GrantSignedOutsideOfTheLedger_IsUnknown()
    {
        AccessLedger ledger = Open(new());
        AccessGrant forged = new(0, JournalBench.Id, Owner, Ann, AccessPurpose.Training, new(), _bench.Clock.GetUtcNow());
        string token = AccessToken.Sign(forged, JournalBench.OwnerKey).Text;
        Assert.Equal(AccessDenial.Unknown, ledger.EvaluateOnline(token, Training).Denial);
    }

    [Fact]
    public void EvaluateOnline_EveryCheck_IsAuditedUnlessTheTokenIsForged()
    {
        AccessLedger ledger = Open(new());
        (long _, string token) = Grant(ledger);
        ledger.CheckOnline(token, Training with { Run = "a", Epoch = 2 });
        Assert.False(ledger.EvaluateOnline(token, Training with { Purpose = AccessPurpose.Retrieval }).IsAllowed);
        ledger.EvaluateOnline("olg1.nonsense.x", Training);
        string[] checks = [.. new AuditLog(_bench.Journal).Read(new() { KindPrefix = "access.checked" }).Select(e => e.Body.GetRawText())];
        Assert.Equal(
            ["""{"epoch":2,"purpose":"training","request":1,"run":"a"}""", """{"denial":"wrong_purpose","purpose":"retrieval","request":1}"""], checks);

        AccessLedger silent = new(_bench.Open(), new() { Verifier = KeyedSigner.Verifier, RecordChecks = false });
        silent.CheckOnline(token, Training);
        Assert.Equal(2, new AuditLog(_bench.Journal).Read(new() { KindPrefix = "access.checked" }).Count());
    }

    [Fact]
    public void AccessUseAndSession_IllegalArguments_Throw()
    {
        AccessLedger ledger = Open(new());
        Assert.Throws<ArgumentException>("use", () => ledger.CheckOnline("x", Training with { Run = "" }));
        Assert.Throws<ArgumentException>("use", () => ledger.CheckOnline("x", Training with { Epoch = 1 }));
        Assert.Throws<ArgumentException>("use", () => ledger.CheckOnline("x", Training with { Run = "a", Epoch = -1 }));
        Assert.Throws<ArgumentException>("use", () => ledger.CheckOnline("x", Training with { Purpose = 0 }));
        Assert.Throws<ArgumentException>("use", () => new AccessSession(ledger, "x", Training));
        Assert.Throws<ArgumentException>("use", () => new AccessSession(ledger, "x", Training with { Run = "a", Epoch = 1 }));
    }

    [Fact]
    public void Terms_IllegalValues_AreAllNamedAtOnce()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new AccessTerms
        {
            Mode = 0,
            Purposes = [],
            Fields = [new() { Name = "A", Label = "", Type = AccessFieldType.Select }],
            Quota = new(AccessQuotaUnit.Runs, 0),
            Scope = new() { Fields = ["text", "/a~2"], Splits = ["", "x"], Contributors = [default] },
            Validity = TimeSpan.Zero,
            RequestLifetime = TimeSpan.FromDays(366),
        }.Validate());
        foreach (string part in new[]
        {
            "Mode is 0", "Purposes is empty", "'A' is not 1 to 64", "The label of 'A'", "The choices of 'A'", "The quota is 0", "'text' is not a field",
            "'/a~2' is not a field", "Splits is null", "Contributors is null", "Validity is 00:00:00", "RequestLifetime is 366.00:00:00",
        })
        {
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }
    }

    private AccessLedger Open(AccessTerms terms, IAccessPayments? payments = null)
    {
        AccessLedger ledger = new(
            _bench.Journal, new() { Verifier = KeyedSigner.Verifier, AutomaticSigner = JournalBench.OwnerKey, Payments = payments });
        ledger.SetTerms(Owner, terms);
        return ledger;
    }

    private static AccessApplication Apply() => new() { Purpose = AccessPurpose.Training };

    private static (long Id, string Token) Grant(AccessLedger ledger)
    {
        long id = ledger.Request(Ann, Apply());
        return (id, ledger.Approve(JournalBench.OwnerKey, id).Text);
    }

    private sealed class Payments : IAccessPayments
    {
        public HashSet<string> Arrived { get; } = [];

        public List<(ContributorId, UInt128)> Asked { get; } = [];

        public ValueTask<bool> IsPaidAsync(ContributorId requester, UInt128 amount, string reference, CancellationToken cancellationToken = default)
        {
            Asked.Add((requester, amount));
            return ValueTask.FromResult(Arrived.Contains(reference));
        }
    }
}
