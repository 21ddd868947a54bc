using OpenLedger.Datanets.Bounties;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Reputation;
using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Versions;

namespace DatanetSample.Steps;

/// <summary>Step 3: two people look at each record, the owner approves, and bounties are held for two days before they are paid.</summary>
internal static class Reviewing
{
    public static async Task Run(Stage stage)
    {
        Stage.Title("Review: two reviewers per record, the owner approves, bounties wait for 48 hours");
        ContributorId owner = stage.Datanet.Owner;
        BountyPool pool = new(stage.Journal, new BountyPoolOptions { Reward = 1_000 });
        pool.Deposit(owner, 30_000, "sample deposit");

        CommittedRecord[] waiting = [.. stage.Datanet.PresentRecords(Stage.Inbox)];
        ReviewQueue queue = new(stage.Journal, stage.Template.Review);
        queue.Enqueue(owner, waiting.Select(record => new ReviewRequest
        {
            Record = record.Record.Digest,
            Contributor = record.Contributor,
            Contribution = record.Leaf.Contribution,
        }));

        // Mallory's remaining record is nonsense for this ferry; both reviewers see it. Anna may not judge her own records.
        Dictionary<RecordDigest, CommittedRecord> byDigest = waiting.ToDictionary(record => record.Record.Digest);
        int answers = 0;
        foreach (string reviewer in new[] { "Dung", "Emma" })
        {
            while (queue.Claim(stage.Account(reviewer)) is ReviewAssignment task)
            {
                bool isMallorys = byDigest[task.Record].Contributor == stage.Account("Mallory");
                queue.Answer(
                    stage.Account(reviewer), task.TaskId, isMallorys ? ReviewAnswer.Reject(ReviewReason.Incorrect, "There is no bar on the first ferry.") : ReviewAnswer.Accept);
                answers++;
            }
        }

        Stage.Say($"{waiting.Length} tasks, {answers} answers, agreement (Krippendorff's alpha) {queue.MeasureAgreement().Value:0.00}");
        queue.Approve(owner, queue.List(ReviewTaskState.Resolved).Select(task => task.Id));
        queue.DeliverOutcomes(new InboxDelivery(stage.Datanet, Stage.Inbox), owner);
        int accepted = stage.Datanet.PresentRecords(BranchName.Main).Count();
        stage.Check("every accepted record, and no rejected one, is on main", accepted == waiting.Count(record => record.Contributor != stage.Account("Mallory")));

        pool.Settle(owner);
        Stage.Say($"bounties held: {pool.GetBalances().Held} of {pool.GetBalances().Deposited}");
        SamplePayer payer = new();
        await pool.PayDueAsync(payer, owner);
        stage.Check("nothing is paid before the hold is over", payer.Paid.Count == 0);
        stage.Clock.Advance(TimeSpan.FromHours(48));
        await pool.PayDueAsync(payer, owner);
        BountyBalances balances = pool.GetBalances();
        stage.Check(
            "paid, held and available are together what was deposited",
            balances.Paid + balances.Held + balances.InTransit + balances.Available + balances.Refunded == balances.Deposited);
        await pool.PayDueAsync(payer, owner);
        stage.Check("a second payment run pays nobody twice", payer.Paid.Select(payment => payment.Id).Distinct().Count() == payer.Calls);

        ReputationLedger reputation = new(stage.Journal, new ReputationOptions());
        foreach (LeaderboardEntry entry in reputation.GetLeaderboard(10))
        {
            UInt128 paid = payer.Paid.Where(payment => payment.To == entry.Reputation.Contributor).Aggregate(UInt128.Zero, (sum, payment) => sum + payment.Amount);
            Stage.Say($"{entry.Rank}. {stage.NameOf(entry.Reputation.Contributor),-8} {paid,6} paid");
        }
    }

    /// <summary>Stands for the chain: it remembers what it paid.</summary>
    private sealed class SamplePayer : IBountyPayer
    {
        public List<BountyPayment> Paid { get; } = [];

        public int Calls { get; private set; }

        public ValueTask<BountyReceipt> PayAsync(BountyPayment payment, CancellationToken cancellationToken = default)
        {
            Calls++;
            Paid.Add(payment);
            return ValueTask.FromResult(BountyReceipt.Paid($"receipt {Calls}"));
        }
    }
}
