using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Review;

public sealed partial class ReviewQueueTests : IDisposable
{
    private static readonly ContributorId Owner = JournalBench.Owner;
    private static readonly ContributorId Giver = JournalBench.Person("giver");
    private static readonly ContributorId Ann = JournalBench.Person("ann");
    private static readonly ContributorId Ben = JournalBench.Person("ben");
    private static readonly ContributorId Cid = JournalBench.Person("cid");
    private static readonly ContributorId Dee = JournalBench.Person("dee");
    private static readonly ReviewAnswer Spam = ReviewAnswer.Reject(ReviewReason.Spam, "seen ten times");
    private readonly JournalBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Claim_SeveralTasks_AreHandedOutByUrgencyThenAnswersThenAge()
    {
        ReviewQueue queue = Open(new() { Overlap = 2 });
        long[] ids = [.. queue.Enqueue(Owner, [Request(0), Request(1), Request(2) with { Priority = 5 }])];
        Assert.Equal([ids[2], ids[0], ids[1]], Enumerable.Range(0, 3).Select(_ => queue.Claim(Ann)!.TaskId));
        Assert.Null(queue.Claim(Ann));
        queue.Answer(Ann, ids[0], ReviewAnswer.Accept);
        queue.Answer(Ann, ids[2], ReviewAnswer.Accept);
        Assert.Equal([ids[2], ids[1], ids[0]], Enumerable.Range(0, 3).Select(_ => queue.Claim(Ben)!.TaskId));
    }

    [Fact]
    public void Claim_OverlapOne_KeepsOthersOutUntilTheClaimEnds()
    {
        ReviewQueue queue = Open(new() { ClaimTimeout = TimeSpan.FromMinutes(10) });
        long id = Add(queue, 0);
        ReviewAssignment assignment = queue.Claim(Ann)!;
        Assert.Equal(new ReviewAssignment(id, JournalBench.Record(0), _bench.Clock.GetUtcNow().AddMinutes(10)), assignment);
        Assert.Null(queue.Claim(Ben));
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Claim(Ben, id));

        _bench.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Null(queue.Claim(Ben));
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(id, queue.Claim(Ben)!.TaskId);
        DatanetException late = JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Answer(Ann, id, ReviewAnswer.Accept));
        Assert.Contains("holds no claim", late.Message, StringComparison.Ordinal);
        queue.Answer(Ben, id, ReviewAnswer.Accept);
        Assert.Equal(ReviewTaskState.Resolved, queue.Find(id)!.State);
    }

    [Fact]
    public void Answer_AfterTheClaimEnded_SaysWhenItEnded()
    {
        ReviewQueue queue = Open(new() { ClaimTimeout = TimeSpan.FromMinutes(10) });
        long id = Add(queue, 0);
        queue.Claim(Ann);
        _bench.Clock.Advance(TimeSpan.FromMinutes(10));
        DatanetException late = JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Answer(Ann, id, ReviewAnswer.Accept));
        Assert.Contains("ended at 2030-01-31T12:10:00.000Z", late.Message, StringComparison.Ordinal);
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.GiveBack(Ann, id));
        Assert.Equal(id, queue.Claim(Ann)!.TaskId); // the task returned to the queue, also for the one who was late
        queue.Answer(Ann, id, ReviewAnswer.Accept);
    }

    [Fact]
    public void Claim_TaskHeldAlready_LastsLonger()
    {
        ReviewQueue queue = Open(new() { ClaimTimeout = TimeSpan.FromMinutes(10), MaxClaimsPerReviewer = 1 });
        long id = Add(queue, 0);
        queue.Claim(Ann);
        _bench.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(_bench.Clock.GetUtcNow().AddMinutes(10), queue.Claim(Ann, id).ClaimedUntil);
        _bench.Clock.Advance(TimeSpan.FromMinutes(9));
        queue.Answer(Ann, id, ReviewAnswer.Accept);
    }

    [Fact]
    public void Claim_TooManyAtATime_IsRefusedUntilOneIsAnsweredOrEnds()
    {
        ReviewQueue queue = Open(new() { MaxClaimsPerReviewer = 2 });
        queue.Enqueue(Owner, [Request(0), Request(1), Request(2), Request(3)]);
        long first = queue.Claim(Ann)!.TaskId;
        queue.Claim(Ann);
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Claim(Ann));
        queue.Answer(Ann, first, ReviewAnswer.Accept);
        Assert.NotNull(queue.Claim(Ann));
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Claim(Ann));
        _bench.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.NotNull(queue.Claim(Ann));
    }

    [Fact]
    public void GiveBack_Task_GoesToOthersAndIsNotOfferedAgain()
    {
        ReviewQueue queue = Open(new());
        long id = Add(queue, 0);
        queue.Claim(Ann);
        queue.GiveBack(Ann, id);
        Assert.Null(queue.Claim(Ann));
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.GiveBack(Ann, id));
        Assert.Equal(id, queue.Claim(Ann, id).TaskId); // on purpose it can be had
        queue.GiveBack(Ann, id);
        Assert.Equal(id, queue.Claim(Ben)!.TaskId);
    }

    [Fact]
    public void Claim_OwnOrRelatedOrCheckedRecord_IsAConflictOfInterest()
    {
        ReviewQueue queue = Open(new() { Overlap = 3, ConflictCheck = new Colleagues(Cid) });
        long id = Add(queue, 0);
        queue.DeclareRelated(Ben, Giver, Ben);
        foreach (ContributorId reviewer in new[] { Giver, Ben, Cid })
        {
            Assert.Null(queue.Claim(reviewer));
            JournalBench.Throws(DatanetError.ConflictOfInterest, () => queue.Claim(reviewer, id));
        }

        Assert.Equal(id, queue.Claim(Ann)!.TaskId);
        queue.DeclareRelated(Owner, Ann, Giver); // comes up between claim and answer
        JournalBench.Throws(DatanetError.ConflictOfInterest, () => queue.Answer(Ann, id, ReviewAnswer.Accept));
        JournalBench.Throws(DatanetError.NotPermitted, () => queue.DeclareRelated(Dee, Ann, Ben));
        Assert.Throws<ArgumentException>(() => queue.DeclareRelated(Dee, Dee, Dee));
    }

    [Fact]
    public void Answer_SameReviewerTwice_IsRefused()
    {
        ReviewQueue queue = Open(new() { Overlap = 2 });
        long id = Add(queue, 0);
        Review(queue, Ann, id, ReviewAnswer.Accept);
        Assert.Null(queue.Claim(Ann));
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Claim(Ann, id));
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Answer(Ann, id, ReviewAnswer.Accept));
    }

    [Fact]
    public void Answer_Tie_EscalatesAndTheOwnerDecides()
    {
        ReviewQueue queue = Open(new() { Overlap = 2 });
        long id = Add(queue, 0);
        Assert.False(Review(queue, Ann, id, ReviewAnswer.Accept));
        Assert.True(Review(queue, Ben, id, Spam));
        Assert.Equal(ReviewTaskState.Escalated, queue.Find(id)!.State);
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Approve(Owner, [id]));
        queue.Decide(Owner, [id], Spam);
        ReviewTask task = queue.Find(id)!;
        Assert.Equal((ReviewTaskState.Rejected, Spam, (DateTimeOffset?)null), (task.State, task.Decision, task.DisputableUntil));
        DatanetException final = JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Dispute(Giver, id));
        Assert.Contains("final", final.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Approve_ResolvedBatch_TakesAllOrNone()
    {
        ReviewQueue queue = Open(new());
        long[] ids = [.. queue.Enqueue(Owner, [Request(0), Request(1), Request(2)])];
        Review(queue, Ann, ids[0], ReviewAnswer.Accept);
        Review(queue, Ann, ids[1], ReviewAnswer.Fix(JournalBench.Record(9), "spelling"));
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Approve(Owner, ids));
        JournalBench.Throws(DatanetError.NotPermitted, () => queue.Approve(Ann, ids[..2]));
        JournalBench.Throws(DatanetError.ReviewTaskNotFound, () => queue.Approve(Owner, [ids[0], 99]));
        Assert.Throws<ArgumentException>("taskIds", () => queue.Approve(Owner, [ids[0], ids[0]]));
        Assert.Equal(2, queue.List(ReviewTaskState.Resolved).Count);
        queue.Approve(Owner, ids[..2]);
        Assert.Equal(ids[..2], queue.List(ReviewTaskState.Accepted).Select(task => task.Id));

        Collector collector = new();
        Assert.Equal(2, queue.DeliverOutcomes(collector, Owner));
        Assert.Equal([JournalBench.Record(0), JournalBench.Record(9)], collector.Outcomes.Select(outcome => outcome.Taken!.Value));
        Assert.Equal(0, queue.DeliverOutcomes(collector, Owner));
    }

    [Fact]
    public void DeliverOutcomes_TargetFails_DeliversAgain()
    {
        ReviewQueue queue = Open(new() { OwnerApproval = false });
        long id = Add(queue, 0);
        Review(queue, Ann, id, ReviewAnswer.Accept);
        Collector collector = new() { Fault = new InvalidOperationException("the disk is full") };
        Assert.Throws<InvalidOperationException>(() => queue.DeliverOutcomes(collector, Owner));
        ReviewQueue reopened = new(_bench.Open(), new() { OwnerApproval = false });
        collector.Fault = null;
        Assert.Equal(1, reopened.DeliverOutcomes(collector, Owner));
        Assert.Equal(0, queue.DeliverOutcomes(collector, Owner));
        Assert.Equal(2, collector.Outcomes.Count);
    }

    [Fact]
    public void Dispute_WithinTheWindow_GoesToOthersWhoDecideFinally()
    {
        ReviewQueue queue = Open(new() { OwnerApproval = false, DisputeOverlap = 2, Rule = ResolutionRule.Unanimous });
        long id = Add(queue, 0);
        Review(queue, Ann, id, Spam);
        Collector collector = new();
        queue.DeliverOutcomes(collector, Owner);
        JournalBench.Throws(DatanetError.NotPermitted, () => queue.Dispute(Ann, id));
        _bench.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMilliseconds(1));
        queue.Dispute(Giver, id, "it is the only one of its kind");
        Assert.Equal((ReviewTaskState.Disputed, 2), (queue.Find(id)!.State, queue.Find(id)!.Overlap));
        Assert.Null(queue.Claim(Ann));
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Claim(Ann, id));
        Review(queue, Ben, id, ReviewAnswer.Accept);
        Review(queue, Cid, id, ReviewAnswer.Accept);
        Assert.Equal((ReviewTaskState.Accepted, 2), (queue.Find(id)!.State, queue.Find(id)!.Round));
        queue.DeliverOutcomes(collector, Owner);
        Assert.Equal([ReviewDecision.Reject, ReviewDecision.Accept], collector.Outcomes.Select(outcome => outcome.Answer.Decision));
    }

    [Fact]
    public void Dispute_LostOrTiedOrLate_StaysRejectedOrEscalates()
    {
        ReviewQueue queue = Open(new() { OwnerApproval = false, DisputeOverlap = 1, SecondLevelReviewers = [Ben] });
        long[] ids = [.. queue.Enqueue(Owner, [Request(0), Request(1)])];
        Review(queue, Ann, ids[0], Spam);
        Review(queue, Ann, ids[1], Spam);
        queue.Dispute(Giver, ids[0]);
        JournalBench.Throws(DatanetError.NotPermitted, () => queue.Claim(Cid, ids[0]));
        Review(queue, Ben, ids[0], Spam);
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Dispute(Giver, ids[0]));
        _bench.Clock.Advance(TimeSpan.FromDays(7));
        DatanetException late = JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Dispute(Giver, ids[1]));
        Assert.Contains("could be disputed before 2030-02-07T12:00:00.000Z", late.Message, StringComparison.Ordinal);

        ReviewQueue tied = new(_bench.Open(), new() { OwnerApproval = false, DisputeOverlap = 2 });
        long id = Add(tied, 2);
        Review(tied, Ann, id, Spam);
        tied.Dispute(Giver, id);
        Review(tied, Ben, id, Spam);
        Review(tied, Cid, id, ReviewAnswer.Accept);
        Assert.Equal(ReviewTaskState.Escalated, tied.Find(id)!.State);
        tied.Decide(Owner, [id], ReviewAnswer.Accept);
        Assert.Equal(ReviewTaskState.Accepted, tied.Find(id)!.State);
    }

    [Fact]
    public void Enqueue_RecordUnderReviewOrDecided_IsRefusedAndWithdrawnIsNot()
    {
        ReviewQueue queue = Open(new());
        long id = Add(queue, 0);
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => Add(queue, 0));
        JournalBench.Throws(DatanetError.NotPermitted, () => queue.Withdraw(Ann, id));
        queue.Withdraw(Giver, id);
        Assert.Null(queue.Claim(Ann));
        long again = Add(queue, 0);
        Review(queue, Ann, again, Spam);
        queue.Approve(Owner, [again]);
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => Add(queue, 0));
        Assert.Throws<ArgumentException>("requests", () => queue.Enqueue(Owner, [Request(5), Request(5)]));
        Assert.Equal(2, queue.List().Count); // nothing of a refused call is kept
        Assert.Throws<ArgumentException>("requests", () => queue.Enqueue(Owner, [Request(6) with { Overlap = 0 }]));
        Assert.Throws<ArgumentException>("requests", () => queue.Enqueue(Owner, [Request(6) with { Priority = 1001 }]));
        Assert.Throws<ArgumentException>("requests", () => queue.Enqueue(Owner, [Request(6) with { Contributor = default }]));
    }

    [Fact]
    public void EnqueueGold_Task_CannotBeToldApartUntilItIsClosed()
    {
        ReviewQueue queue = Open(new() { Overlap = 2 });
        queue.Enqueue(Owner, [Request(0)]);
        long gold = queue.EnqueueGold(Owner, Request(1), Spam);
        JournalBench.Throws(DatanetError.NotPermitted, () => queue.EnqueueGold(Ann, Request(2), Spam));

        // The events differ only where any two ordinary tasks differ; the secret is not in the journal.
        JournalEvent[] events = [.. _bench.Journal.Events()];
        Assert.Equal(Shape(events[0]), Shape(events[1]));
        Review(queue, Ann, gold, ReviewAnswer.Accept);
        Assert.Null(queue.Find(gold)!.GoldAnswer);
        Review(queue, Ben, gold, Spam);
        ReviewTask closed = queue.Find(gold)!;
        Assert.Equal((ReviewTaskState.Closed, Spam), (closed.State, closed.GoldAnswer));

        // The revealed answer is the one that was sealed.
        JournalEvent revealed = _bench.Journal.Events().Last();
        byte[] opening = CanonicalJson.Canonicalize(System.Text.Encoding.UTF8.GetBytes(
            $$"""{"answer":{{revealed.Body.GetProperty("answer").GetRawText()}},"salt":"{{revealed.Body.GetProperty("salt").GetString()}}"}"""));
        Assert.Equal(events[1].Body.GetProperty("seal").GetString(), Sha256Digest.Of(opening).ToString());
        Assert.Equal(0, queue.DeliverOutcomes(new Collector(), Owner));

        long withdrawn = queue.EnqueueGold(Owner, Request(3), Spam);
        queue.Withdraw(Giver, withdrawn);
        Assert.Equal(ReviewTaskState.Closed, queue.Find(withdrawn)!.State);

        static string Shape(JournalEvent journalEvent) => string.Join(
            ",", journalEvent.Body.EnumerateObject().Select(member => $"{member.Name}:{member.Value.ValueKind}:{member.Value.GetRawText().Length}"));
    }

    [Fact]
    public void Answer_FirstToQuorum_DecidesEarlyAndRefusesTheRest()
    {
        ReviewQueue queue = Open(new() { Overlap = 3, Rule = ResolutionRule.FirstToQuorum, Quorum = 2 });
        long id = Add(queue, 0);
        queue.Claim(Cid);
        Review(queue, Ann, id, ReviewAnswer.Accept);
        Assert.True(Review(queue, Ben, id, ReviewAnswer.Accept));
        JournalBench.Throws(DatanetError.ReviewStateConflict, () => queue.Answer(Cid, id, Spam));
        Assert.Equal(ReviewAnswer.Accept, queue.Find(id)!.Proposal);
    }

    [Fact]
    public void Claim_TwoQueuesOnOneStore_NeverGiveOnePlaceTwice()
    {
        ReviewQueue left = Open(new() { MaxClaimsPerReviewer = 1000 });
        ReviewQueue right = new(_bench.Open(), new() { MaxClaimsPerReviewer = 1000 });
        left.Enqueue(Owner, Enumerable.Range(0, 60).Select(Request));
        long[][] claimed = new long[4][];
        Parallel.For(0, 4, worker => claimed[worker] =
            [.. Enumerable.Range(0, 15).Select(_ => (worker % 2 == 0 ? left : right).Claim(JournalBench.Person(worker))!.TaskId)]);
        Assert.Equal(60, claimed.SelectMany(ids => ids).Distinct().Count());
        Assert.Null(left.Claim(Ann));
    }

    [Fact]
    public void MeasureAgreement_TwoReviewers_IsTheirKappaAndAlpha()
    {
        ReviewQueue queue = Open(new() { Overlap = 2 });
        Assert.False(queue.MeasureAgreement().HasVariation);
        long[] ids = [.. queue.Enqueue(Owner, Enumerable.Range(0, 4).Select(Request))];
        ReviewAnswer[] right = [ReviewAnswer.Accept, Spam, Spam, Spam];
        for (int i = 0; i < 4; i++)
        {
            Review(queue, Ann, ids[i], i < 2 ? ReviewAnswer.Accept : Spam);
            Review(queue, Ben, ids[i], right[i]);
        }

        // p_o = 3/4, p_e = 1/2 * 1/4 + 1/2 * 3/4 = 1/2; alpha = 1 - 7 * (2 / 30) * ... over 8 values with margins 3 and 5: 1 - 7 * 2 / (2 * 15).
        Assert.Equal(0.5, queue.MeasureAgreement(Ann, Ben)!.Value.Value, 1e-12);
        Assert.Equal(1 - (7.0 * 2 / 30), queue.MeasureAgreement().Value, 1e-12);
        Assert.Null(queue.MeasureAgreement(Ann, Cid));
    }

    [Fact]
    public void Options_IllegalValues_AreAllNamedAtOnce()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new ReviewQueueOptions
        {
            Overlap = 0,
            Quorum = 101,
            DisputeOverlap = -1,
            MaxClaimsPerReviewer = 0,
            Rule = 0,
            ClaimTimeout = TimeSpan.Zero,
            DisputeWindow = TimeSpan.FromDays(366),
            SecondLevelReviewers = [],
        }.Validate());
        Assert.Equal(
            "Overlap is 0; it must be from 1 to 100. Quorum is 101; it must be from 1 to 100. DisputeOverlap is -1; it must be from 1 to 100. "
            + "MaxClaimsPerReviewer is 0; it must be from 1 to 1000. Rule is 0; use a member of ResolutionRule. "
            + "ClaimTimeout is 00:00:00; it must be from 1 second to 30 days. DisputeWindow is 366.00:00:00; it must be from zero to 365 days. "
            + "SecondLevelReviewers is empty or names nobody; use null to let anyone else review disputes.",
            exception.Message);
    }

    [Fact]
    public void ReviewAnswer_IllegalNotes_Throw()
    {
        Assert.Throws<ArgumentException>("note", () => ReviewAnswer.Reject(ReviewReason.Other, new string('x', ReviewAnswer.MaxNoteLength + 1)));
        Assert.Throws<ArgumentException>("note", () => ReviewAnswer.Fix(JournalBench.Record(1), "two\nlines"));
        Assert.Throws<ArgumentOutOfRangeException>("reason", () => ReviewAnswer.Reject(0));
        Assert.Equal(500, ReviewAnswer.Reject(ReviewReason.Other, new string('x', 500)).Note.Length);
    }

    private ReviewQueue Open(ReviewQueueOptions options) => new(_bench.Journal, options);

    private static ReviewRequest Request(int index) => new() { Record = JournalBench.Record(index), Contributor = Giver };

    private static long Add(ReviewQueue queue, int index) => queue.Enqueue(Owner, [Request(index)])[0];

    private static bool Review(ReviewQueue queue, ContributorId reviewer, long id, ReviewAnswer answer)
    {
        queue.Claim(reviewer, id);
        return queue.Answer(reviewer, id, answer);
    }

    private sealed class Colleagues(ContributorId reviewer) : IConflictCheck
    {
        public bool HasConflict(ContributorId asked, ContributorId contributor, RecordDigest record) => asked == reviewer && contributor == Giver;
    }

    private sealed class Collector : IReviewOutcome
    {
        public List<ReviewOutcome> Outcomes { get; } = [];

        public Exception? Fault { get; set; }

        public void Deliver(IReadOnlyList<ReviewOutcome> outcomes)
        {
            Outcomes.AddRange(outcomes);
            if (Fault is not null)
            {
                throw Fault;
            }
        }
    }
}
