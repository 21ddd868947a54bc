using OpenLedger.Datanets.Access;
using OpenLedger.Datanets.Bounties;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Reputation;
using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Docs;

/// <summary>The examples of <c>docs/datanets/{review,bounties,reputation,access}.md</c>, in the order of a datanet's life.</summary>
public sealed class GovernanceExampleTests
{
    [Fact]
    public async Task Examples_FromReviewToTraining_WorkTogether()
    {
        using JournalBench bench = new();
        ContributorId owner = JournalBench.Owner, giver = JournalBench.Person("giver"), reviewer = JournalBench.Person("r1"), trainer = JournalBench.Person("t");
        DatanetRecord record = DatanetRecord.Parse("""{"question":"q","answer":"a","notes":"n"}""");
        Sha256Digest contribution = Sha256Digest.Of("contribution"u8);

        DatanetJournal journal = bench.Journal;
        BountyPool pool = new(journal, new BountyPoolOptions { Reward = 1_000_000, Bond = 5_000_000, DailyCap = 20_000_000 });
        pool.PostBond(giver, 5_000_000, "0xbond");
        pool.Deposit(JournalBench.Person("sponsor"), 100_000_000, "0xdeposit");

        ReviewQueue queue = new(journal, new ReviewQueueOptions { Overlap = 2 });
        queue.Enqueue(owner, [new ReviewRequest { Record = record.Digest, Contributor = giver, Contribution = contribution }]);
        queue.EnqueueGold(owner, new ReviewRequest { Record = JournalBench.Record(1), Contributor = giver }, ReviewAnswer.Reject(ReviewReason.Incorrect));
        foreach (ContributorId person in new[] { reviewer, JournalBench.Person("r2") })
        {
            while (queue.Claim(person) is ReviewAssignment task)
            {
                queue.Answer(person, task.TaskId, task.Record == record.Digest ? ReviewAnswer.Accept : ReviewAnswer.Reject(ReviewReason.OffTopic));
            }
        }

        queue.Approve(owner, queue.List(ReviewTaskState.Resolved).Select(resolved => resolved.Id));
        Outcomes mainBranch = new();
        Assert.Equal(1, queue.DeliverOutcomes(mainBranch, owner));
        Assert.Equal(record.Digest, mainBranch.Taken);

        pool.Settle(owner);
        bench.Clock.Advance(TimeSpan.FromHours(48));
        RecordingPayer payer = new();
        BountyPayRun run = await pool.PayDueAsync(payer, owner);
        Assert.Equal((giver, (UInt128)1_000_000), (run.Paid[0].To, run.Paid[0].Amount));

        ReputationLedger reputation = new(journal, new ReputationOptions { HalfLife = TimeSpan.FromDays(180) });
        Assert.Equal(giver, reputation.GetLeaderboard(10)[0].Reputation.Contributor);
        Assert.Equal(1, reputation.Get(reviewer).GoldTasks);

        AccessLedger access = new(journal, new AccessLedgerOptions { Verifier = KeyedSigner.Verifier });
        access.SetTerms(owner, new AccessTerms
        {
            Fields = [new AccessField { Name = "country", Label = "Where do you train?", Type = AccessFieldType.Country, IsRequired = true }],
            Quota = new AccessQuota(AccessQuotaUnit.Epochs, 12),
            Scope = new AccessScope { Splits = ["train"], Fields = ["/question", "/answer"] },
        });
        long id = access.Request(trainer, new AccessApplication
        {
            Purpose = AccessPurpose.Training,
            Answers = new Dictionary<string, string> { ["country"] = "VN" },
        });
        AccessToken token = access.Approve(JournalBench.OwnerKey, id);
        AccessSession session = new(access, token.Text, new AccessUse { Grantee = trainer, Purpose = AccessPurpose.Training, Run = "run-1" });
        AccessGrant grant = session.CheckStart();
        session.CheckEpoch(0, records: 5000);
        Assert.Equal("""{"answer":"a","question":"q"}""", System.Text.Encoding.UTF8.GetString(grant.Scope.Project(record).Visible.Payload.Span));
        access.Revoke(owner, id);
        Assert.Equal(AccessDenial.Revoked, Assert.Throws<DatanetException>(() => session.CheckEpoch(1, 5000)).Denial);

        using MemoryStream export = new();
        AuditReport written = await new AuditLog(journal).ExportAsync(export);
        export.Position = 0;
        Assert.Equal(written, await AuditLog.VerifyAsync(export));
    }

    private sealed class Outcomes : IReviewOutcome
    {
        public RecordDigest? Taken { get; private set; }

        public void Deliver(IReadOnlyList<ReviewOutcome> outcomes) => Taken = outcomes[0].Taken;
    }
}
