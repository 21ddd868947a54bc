using OpenLedger.Datanets.Access;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Deduplication.Near;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Reading;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Tests.Versions;

/// <summary>The parts of a datanet's life where submitting, reviewing, granting and reading meet.</summary>
public sealed class LifecycleGateTests : IDisposable
{
    private static readonly KeyedSigner Owner = new("owner");
    private static readonly KeyedSigner Anna = new("anna");
    private static readonly KeyedSigner Binh = new("binh");
    private static readonly DatanetSchema Schema = new SchemaBuilder("qa").Variant("qa", v => v
        .Required("instruction", new TextField(1, 500))
        .Required("output", new TextField(0, 5000))).Build();

    private readonly SqliteDatanetStore _store = SqliteDatanetStore.OpenInMemory();
    private readonly SteppingClock _clock = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void ValidationGate_RejectedRecord_IsRefusedWithItsCode_AcceptedKeepsItsReportUntilErased()
    {
        Datanet datanet = Create("facts", new ValidationGate(new RecordValidator(BuiltInProfiles.Instruction())));
        ContributionResult result = datanet.Submit(Sign(Anna, "facts",
            ("How deep is the harbour?", "The harbour is twelve metres deep at low tide, and about fourteen metres deep when the tide is high."),
            ("How deep is the harbour?", "")));
        Assert.True(result.Outcomes[0].IsAccepted);
        Assert.Equal(RefusalReason.RefusedByGate, result.Outcomes[1].Reason);
        Assert.NotNull(result.Outcomes[1].GateCode);
        RecordReport report = ValidationGate.FindReport(_store, "facts", 0)!;
        Assert.Equal(result.Outcomes[0].Record.Digest, report.Record);
        Assert.Null(ValidationGate.FindReport(_store, "facts", 1));
        datanet.Erase(report.Record, Anna.Contributor, ErasureReason.PersonRequest);
        Assert.Null(ValidationGate.FindReport(_store, "facts", 0));
    }

    [Fact]
    public void ContributionLimitGate_BytesOfADay_AreCountedOverRecordsAndResetAtMidnight()
    {
        int size = Sign(Anna, "facts", ("question 1", "answer")).Records[0].Payload.Length;
        ContributionLimits limits = ContributionLimits.None with { MaxBytesPerContributorAndDay = 3 * size, MaxContributionsPerContributorAndDay = 2 };
        Datanet datanet = Create("facts", new ContributionLimitGate(limits));
        Assert.Equal([true, true], Accepted(datanet, Anna, ("question 1", "answer"), ("question 2", "answer"))); // one contribution
        Assert.Equal([true, false], Accepted(datanet, Anna, ("question 3", "answer"), ("question 4", "answer"))); // the bytes are used up
        Assert.Equal("daily_limit", datanet.Submit(Sign(Anna, "facts", ("question 5", "answer"))).Outcomes[0].GateCode);
        Assert.Equal([true], Accepted(datanet, Binh, ("question 6", "answer"))); // somebody else's day
        _clock.Advance(TimeSpan.FromHours(12));
        Assert.Equal([true], Accepted(datanet, Anna, ("question 7", "answer")));
    }

    [Fact]
    public void ContributionLimitGate_NumberOfContributions_CountsContributionsNotRecords()
    {
        Datanet datanet = Create("facts", new ContributionLimitGate(ContributionLimits.None with { MaxContributionsPerContributorAndDay = 2 }));
        Assert.Equal([true, true, true], Accepted(datanet, Anna, ("a", "1"), ("b", "2"), ("c", "3")));
        Assert.Equal([true], Accepted(datanet, Anna, ("d", "4")));
        Assert.Equal([false], Accepted(datanet, Anna, ("e", "5")));
    }

    [Fact]
    public void ContributionLimitGate_SharedCounters_HoldOverDatanets()
    {
        ContributionLimitGate gate = new(ContributionLimits.None with { MaxContributionsPerContributorAndDay = 1 }, countersDatanet: "first");
        Datanet first = Create("first", gate);
        Datanet second = Create("second", gate);
        Assert.Equal([true], Accepted(first, Anna, ("a", "1")));
        Assert.Equal([false], Accepted(second, Anna, ("b", "2")));
    }

    [Fact]
    public void InboxDelivery_ReviewedRecords_ReachMainOnce()
    {
        Datanet datanet = Create("facts");
        datanet.CreateBranch("inbox");
        ContributionResult result = datanet.Submit(Sign(Anna, "facts", ("good", "1"), ("bad", "2")), "inbox");
        ReviewQueue queue = new(new DatanetJournal("facts", _store, _clock), new ReviewQueueOptions { OwnerApproval = false });
        queue.Enqueue(Owner.Contributor, result.Outcomes.Select(outcome => new ReviewRequest { Record = outcome.Record.Digest, Contributor = Anna.Contributor }));
        while (queue.Claim(Binh.Contributor) is ReviewAssignment task)
        {
            queue.Answer(Binh.Contributor, task.TaskId, task.Record == result.Outcomes[0].Record.Digest ? ReviewAnswer.Accept : ReviewAnswer.Reject(ReviewReason.Incorrect));
        }

        InboxDelivery delivery = new(datanet, "inbox");
        Assert.Equal(2, queue.DeliverOutcomes(delivery, Owner.Contributor));
        delivery.Deliver([.. queue.List().Select(task => new ReviewOutcome
        {
            TaskId = task.Id, Record = task.Record, Contributor = task.Contributor, Answer = task.Decision!, DecidedAt = _clock.GetUtcNow(),
        })]); // again, as after a crash
        DatanetVersion version = datanet.Commit("reviewed");
        Assert.Equal([result.Outcomes[0].Record.Digest], datanet.Records(version).Select(record => record.Record.Digest));
        Assert.Throws<ArgumentException>(() => new InboxDelivery(datanet, "main"));
        Assert.Throws<ArgumentException>(() => new InboxDelivery(datanet, "In Box"));
    }

    [Fact]
    public void InboxDelivery_RecordErasedBeforeDelivery_DoesNotHoldUpTheOthers()
    {
        Datanet datanet = Create("facts");
        datanet.CreateBranch("inbox");
        ContributionResult result = datanet.Submit(Sign(Anna, "facts", ("gone", "1"), ("stays", "2")), "inbox");
        ReviewQueue queue = new(new DatanetJournal("facts", _store, _clock), new ReviewQueueOptions { OwnerApproval = false });
        queue.Enqueue(Owner.Contributor, result.Outcomes.Select(outcome => new ReviewRequest { Record = outcome.Record.Digest, Contributor = Anna.Contributor }));
        while (queue.Claim(Binh.Contributor) is ReviewAssignment task)
        {
            queue.Answer(Binh.Contributor, task.TaskId, ReviewAnswer.Accept);
        }

        datanet.Erase(result.Outcomes[0].Record.Digest, Anna.Contributor, ErasureReason.PersonRequest);
        InboxDelivery delivery = new(datanet, "inbox");
        Assert.Equal(2, queue.DeliverOutcomes(delivery, Owner.Contributor));
        Assert.Equal([result.Outcomes[0].Record.Digest], delivery.Missing);
        Assert.Equal([result.Outcomes[1].Record.Digest], datanet.PresentRecords("main").Select(record => record.Record.Digest));
        Assert.Equal(0, queue.DeliverOutcomes(delivery, Owner.Contributor));
    }

    [Fact]
    public void Replace_SmallCorrections_PassTheNearDuplicateGateAndReachMainAsAFix()
    {
        Datanet datanet = Create("facts", new NearDuplicateGate());
        datanet.CreateBranch("inbox");
        const string Long = "the harbour is twelve metres deep at low tide and fourteen metres deep when the tide is high in spring";
        DatanetRecord old = datanet.Submit(Sign(Anna, "facts", ("how deep is the harbour", Long)), "inbox").Outcomes[0].Record;
        Assert.Equal("near_duplicate", datanet.Submit(Sign(Binh, "facts", ("how deep is the harbour", Long + " too")), "inbox").Outcomes[0].GateCode);

        RecordOutcome once = datanet.Replace(old.Digest, Sign(Binh, "facts", ("how deep is the harbour", Long + " time")), "inbox").Outcomes[0];
        Assert.True(once.IsAccepted, once.Message);
        RecordOutcome twice = datanet.Replace(once.Record.Digest, Sign(Binh, "facts", ("how deep is the harbour", Long + " days")), "inbox").Outcomes[0];
        Assert.True(twice.IsAccepted, twice.Message); // resembles the first one too, which is not on the branch any more

        ReviewQueue queue = new(new DatanetJournal("facts", _store, _clock), new ReviewQueueOptions { OwnerApproval = false });
        queue.Enqueue(Owner.Contributor, [new ReviewRequest { Record = old.Digest, Contributor = Anna.Contributor }]);
        ReviewAssignment task = queue.Claim(Binh.Contributor)!;
        queue.Answer(Binh.Contributor, task.TaskId, ReviewAnswer.Fix(twice.Record.Digest));
        queue.DeliverOutcomes(new InboxDelivery(datanet, "inbox"), Owner.Contributor);
        Assert.Equal([twice.Record.Digest], datanet.PresentRecords("main").Select(record => record.Record.Digest));
    }

    [Fact]
    public void GrantPermit_GrantByTags_IsRefusedInsteadOfReadingNothing()
    {
        Datanet datanet = Create("facts");
        datanet.Submit(Sign(Anna, "facts", ("question", "answer")));
        DatanetVersion version = datanet.Commit("first");
        AccessLedger ledger = new(new DatanetJournal("facts", _store, _clock), new AccessLedgerOptions { Verifier = KeyedSigner.Verifier });
        ledger.SetTerms(Owner.Contributor, new AccessTerms { Scope = new AccessScope { Tags = ["gold"] } });
        AccessToken token = ledger.Approve(Owner, ledger.Request(Binh.Contributor, new AccessApplication { Purpose = AccessPurpose.Training }));
        AccessUse use = new() { Grantee = Binh.Contributor, Purpose = AccessPurpose.Training, Run = "run-1", Version = version.Id };
        TrainingReaderOptions options = new() { Permit = new GrantPermit(new AccessSession(ledger, token.Text, use)) };
        Assert.Contains("tags", Assert.Throws<DatanetException>(() => TrainingReader.Open(datanet, version, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GrantPermit_ScopeAndRevocation_RuleTheReader()
    {
        Datanet datanet = Create("facts");
        datanet.Submit(Sign(Anna, "facts", [.. Enumerable.Range(0, 40).Select(i => ($"question {i}", $"answer {i}"))]));
        DatanetVersion version = datanet.Commit("first");
        AccessLedger ledger = new(new DatanetJournal("facts", _store, _clock), new AccessLedgerOptions { Verifier = KeyedSigner.Verifier });
        ledger.SetTerms(Owner.Contributor, new AccessTerms
        {
            Quota = new AccessQuota(AccessQuotaUnit.Epochs, 2),
            Scope = new AccessScope { Splits = ["train"], Fields = ["/instruction"] },
        });
        long id = ledger.Request(Binh.Contributor, new AccessApplication { Purpose = AccessPurpose.Training });
        AccessToken token = ledger.Approve(Owner, id);
        AccessUse use = new() { Grantee = Binh.Contributor, Purpose = AccessPurpose.Training, Run = "run-1", Version = version.Id, Splits = ["train"] };
        TrainingReaderOptions options = new()
        {
            Plan = SplitPlan.EightOneOne(seed: 1),
            Split = "train",
            Permit = new GrantPermit(new AccessSession(ledger, token.Text, use)),
        };
        TrainingReader reader = TrainingReader.Open(datanet, version, options);
        Assert.InRange(reader.Count, 20, 39);
        Assert.All(reader.Read(0), record => Assert.False(record.Record.TryGetText("output", out _)));
        Assert.NotEmpty(reader.Read(1));
        Assert.Equal(DatanetError.AccessDenied, Assert.Throws<DatanetException>(() => reader.Read(2)).Error); // the quota is two epochs
        ledger.Revoke(Owner.Contributor, id);
        Assert.Equal(AccessDenial.Revoked, Assert.Throws<DatanetException>(() => reader.Read(0)).Denial);
    }

    private Datanet Create(string id, params SubmissionGate[] gates) => Datanet.Create(
        id,
        Owner.Contributor,
        Schema,
        new DatanetOptions { Store = _store, Verifier = KeyedSigner.Verifier, TimeProvider = _clock, Gates = gates });

    private static bool[] Accepted(Datanet datanet, KeyedSigner signer, params (string Instruction, string Output)[] records) =>
        [.. datanet.Submit(Sign(signer, datanet.Id, records)).Outcomes.Select(outcome => outcome.IsAccepted)];

    private static Contribution Sign(KeyedSigner signer, string datanetId, params (string Instruction, string Output)[] records) => Contribution.Sign(
        new ContributionDraft
        {
            DatanetId = datanetId,
            Records = [.. records.Select(record => DatanetRecord.Parse($$"""{"instruction":"{{record.Instruction}}","output":"{{record.Output}}"}"""))],
            Licence = "CC0-1.0",
            Consent = ConsentTerms.Training,
            Provenance = "",
        },
        signer);
}
