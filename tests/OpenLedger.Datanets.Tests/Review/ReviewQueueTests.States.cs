using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Review;

/// <content>Every step in every state: the ones in the table are possible, all others are refused.</content>
public sealed partial class ReviewQueueTests
{
    /// <summary>The table of <c>docs/datanets/review.md</c>: in which states a step is possible.</summary>
    private static readonly Dictionary<string, ReviewTaskState[]> Legal = new()
    {
        ["claim"] = [ReviewTaskState.Open, ReviewTaskState.Disputed],
        ["answer"] = [ReviewTaskState.Open, ReviewTaskState.Disputed],
        ["give back"] = [ReviewTaskState.Open, ReviewTaskState.Disputed],
        ["approve"] = [ReviewTaskState.Resolved],
        ["decide"] = [ReviewTaskState.Resolved, ReviewTaskState.Escalated],
        ["dispute"] = [ReviewTaskState.Rejected],
        ["withdraw"] = [ReviewTaskState.Open, ReviewTaskState.Resolved, ReviewTaskState.Escalated, ReviewTaskState.Disputed],
    };

    public static TheoryData<ReviewTaskState, string> StatesAndSteps()
    {
        TheoryData<ReviewTaskState, string> cases = [];
        foreach (ReviewTaskState state in Enum.GetValues<ReviewTaskState>())
        {
            foreach (string step in Legal.Keys)
            {
                cases.Add(state, step);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(StatesAndSteps))]
    public void Steps_InEveryState_AreLegalAsTheTableSays(ReviewTaskState state, string step)
    {
        ReviewQueue queue = Open(new() { Overlap = 2 });
        long id = Bring(queue, state);
        Assert.Equal(state, queue.Find(id)!.State);
        if (step is "answer" or "give back" && Legal[step].Contains(state))
        {
            queue.Claim(Dee, id);
        }

        Action take = step switch
        {
            "claim" => () => queue.Claim(Dee, id),
            "answer" => () => queue.Answer(Dee, id, ReviewAnswer.Accept),
            "give back" => () => queue.GiveBack(Dee, id),
            "approve" => () => queue.Approve(Owner, [id]),
            "decide" => () => queue.Decide(Owner, [id], Spam),
            "dispute" => () => queue.Dispute(Giver, id),
            _ => () => queue.Withdraw(Giver, id),
        };
        long before = _bench.Journal.Events().LongCount();
        if (Legal[step].Contains(state))
        {
            take();
            Assert.True(_bench.Journal.Events().LongCount() > before);
        }
        else
        {
            DatanetException refused = JournalBench.Throws(DatanetError.ReviewStateConflict, take);
            Assert.Contains(state.ToString(), refused.Message, StringComparison.Ordinal);
            Assert.Equal(before, _bench.Journal.Events().LongCount());
        }
    }

    [Fact]
    public void Steps_UnknownTask_AreRefused()
    {
        ReviewQueue queue = Open(new());
        Action[] steps =
        [
            () => queue.Claim(Ann, 7), () => queue.Answer(Ann, 7, ReviewAnswer.Accept), () => queue.GiveBack(Ann, 7),
            () => queue.Approve(Owner, [7]), () => queue.Decide(Owner, [7], Spam), () => queue.Dispute(Giver, 7), () => queue.Withdraw(Giver, 7),
        ];
        Assert.All(steps, step => JournalBench.Throws(DatanetError.ReviewTaskNotFound, step));
        Assert.Null(queue.Find(7));
    }

    private static long Bring(ReviewQueue queue, ReviewTaskState state)
    {
        if (state == ReviewTaskState.Closed)
        {
            long gold = queue.EnqueueGold(Owner, Request(0), Spam);
            Review(queue, Ann, gold, Spam);
            Review(queue, Ben, gold, Spam);
            return gold;
        }

        long id = Add(queue, 0);
        if (state is ReviewTaskState.Open)
        {
            return id;
        }

        if (state is ReviewTaskState.Withdrawn)
        {
            queue.Withdraw(Giver, id);
            return id;
        }

        ReviewAnswer first = state == ReviewTaskState.Accepted ? ReviewAnswer.Accept : Spam;
        Review(queue, Ann, id, first);
        Review(queue, Ben, id, state == ReviewTaskState.Escalated ? ReviewAnswer.Accept : first);
        if (state is ReviewTaskState.Accepted or ReviewTaskState.Rejected or ReviewTaskState.Disputed)
        {
            queue.Approve(Owner, [id]);
        }

        if (state is ReviewTaskState.Disputed)
        {
            queue.Dispute(Giver, id);
        }

        return id;
    }
}
