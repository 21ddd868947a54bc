using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Review;

/// <summary>The tasks of a review queue, as the journal tells them.</summary>
internal sealed class ReviewProjection : JournalProjection
{
    // What may be claimed, in the order in which it is handed out; depends on events only, not on the time.
    private readonly SortedSet<(int LessUrgent, int Answers, long Id)> _claimable = [];
    private readonly Dictionary<long, ReviewCase> _cases = [];
    private readonly Dictionary<RecordDigest, ReviewCase> _latest = [];
    private readonly Dictionary<ContributorId, HashSet<long>> _claimedBy = [];
    private readonly HashSet<(ContributorId, ContributorId)> _related = [];
    private readonly SortedSet<long> _undelivered = [];

    public IEnumerable<ReviewCase> Cases => _cases.Values.OrderBy(item => item.Id);

    public IEnumerable<ReviewCase> Claimable => _claimable.Select(key => _cases[key.Id]);

    public IEnumerable<ReviewCase> Undelivered => _undelivered.Select(id => _cases[id]);

    public ReviewCase? Find(long taskId) => _cases.GetValueOrDefault(taskId);

    public ReviewCase? FindLatest(RecordDigest record) => _latest.GetValueOrDefault(record);

    public bool AreRelated(ContributorId left, ContributorId right) => _related.Contains((left, right));

    public int CountClaims(ContributorId reviewer, DateTimeOffset now) =>
        _claimedBy.TryGetValue(reviewer, out HashSet<long>? tasks)
            ? tasks.Count(id => _cases[id].Claims.TryGetValue(reviewer, out DateTimeOffset until) && until > now)
            : 0;

    protected override void Apply(JournalEvent journalEvent)
    {
        if (!journalEvent.Kind.StartsWith("review.", StringComparison.Ordinal))
        {
            return;
        }

        EventBody body = new(journalEvent);
        switch (journalEvent.Kind)
        {
            case ReviewEvents.Enqueued:
                Enqueue(journalEvent, body);
                return;
            case ReviewEvents.Related:
                ContributorId left = body.Contributor("left");
                ContributorId right = body.Contributor("right");
                _related.Add((left, right));
                _related.Add((right, left));
                return;
            case ReviewEvents.Claimed or ReviewEvents.GivenBack or ReviewEvents.Answered or ReviewEvents.Resolved or ReviewEvents.Decided
                or ReviewEvents.Disputed or ReviewEvents.Withdrawn or ReviewEvents.Revealed or ReviewEvents.Delivered:
                ReviewCase task = Find(body.Int64("task")) ?? throw body.Fault("task", "names no task");
                _claimable.Remove(KeyOf(task));
                Change(task, journalEvent, body);
                if (task.IsClaimable)
                {
                    _claimable.Add(KeyOf(task));
                }

                return;
        }
    }

    private void Enqueue(JournalEvent journalEvent, EventBody body)
    {
        ReviewCase added = new()
        {
            Id = journalEvent.Sequence,
            Record = body.Record("record"),
            Contributor = body.Contributor("contributor"),
            Contribution = body.Has("contribution") ? body.Digest("contribution") : null,
            Priority = body.Int32("priority"),
            Needed = body.Int32("overlap"),
            Seal = body.Digest("seal"),
        };
        _cases.Add(added.Id, added);
        _latest[added.Record] = added;
        _claimable.Add(KeyOf(added));
    }

    private void Change(ReviewCase task, JournalEvent journalEvent, EventBody body)
    {
        ContributorId actor = journalEvent.Actor;
        switch (journalEvent.Kind)
        {
            case ReviewEvents.Claimed:
                DropExpired(task, journalEvent.Time);
                task.Claims[actor] = body.Time("until");
                Claims(actor).Add(task.Id);
                break;
            case ReviewEvents.GivenBack:
                DropClaim(task, actor);
                task.GaveBack.Add(actor);
                break;
            case ReviewEvents.Answered:
                DropClaim(task, actor);
                task.Votes.Add(new ReviewVote(actor, task.Round, ReviewAnswer.Read(body), journalEvent.Time));
                break;
            case ReviewEvents.Resolved:
                task.Proposal = body.Has("proposal") ? ReviewAnswer.Read(body.Object("proposal")) : null;
                task.State = task.Proposal is null ? ReviewTaskState.Escalated : ReviewTaskState.Resolved;
                DropClaims(task);
                break;
            case ReviewEvents.Decided:
                task.Decision = ReviewAnswer.Read(body);
                task.State = task.Decision.Decision == ReviewDecision.Reject ? ReviewTaskState.Rejected : ReviewTaskState.Accepted;
                task.EndedAt = journalEvent.Time;
                task.DisputableUntil = body.Has("disputable") ? body.Time("disputable") : null;
                DropClaims(task);
                task.IsDelivered = false;
                _undelivered.Add(task.Id);
                break;
            case ReviewEvents.Disputed:
                task.State = ReviewTaskState.Disputed;
                task.Round = 2;
                task.Needed = body.Int32("overlap");
                task.Proposal = null;
                task.Decision = null;
                task.EndedAt = null;
                task.DisputableUntil = null;
                task.GaveBack.Clear();
                _undelivered.Remove(task.Id);
                break;
            case ReviewEvents.Withdrawn:
                End(task, ReviewTaskState.Withdrawn, journalEvent.Time);
                break;
            case ReviewEvents.Revealed:
                task.GoldAnswer = ReviewAnswer.Read(body.Object("answer"));
                End(task, ReviewTaskState.Closed, journalEvent.Time);
                break;
            default: // delivered
                task.IsDelivered = true;
                _undelivered.Remove(task.Id);
                break;
        }
    }

    private void End(ReviewCase task, ReviewTaskState state, DateTimeOffset at)
    {
        task.State = state;
        task.EndedAt = at;
        task.DisputableUntil = null;
        DropClaims(task);
    }

    private void DropExpired(ReviewCase task, DateTimeOffset now)
    {
        foreach ((ContributorId reviewer, DateTimeOffset until) in task.Claims.ToArray())
        {
            if (until <= now)
            {
                DropClaim(task, reviewer);
            }
        }
    }

    private void DropClaims(ReviewCase task)
    {
        foreach (ContributorId reviewer in task.Claims.Keys.ToArray())
        {
            DropClaim(task, reviewer);
        }
    }

    private void DropClaim(ReviewCase task, ContributorId reviewer)
    {
        task.Claims.Remove(reviewer);
        if (_claimedBy.TryGetValue(reviewer, out HashSet<long>? tasks) && tasks.Remove(task.Id) && tasks.Count == 0)
        {
            _claimedBy.Remove(reviewer);
        }
    }

    private HashSet<long> Claims(ContributorId reviewer)
    {
        if (!_claimedBy.TryGetValue(reviewer, out HashSet<long>? tasks))
        {
            _claimedBy.Add(reviewer, tasks = []);
        }

        return tasks;
    }

    private static (int LessUrgent, int Answers, long Id) KeyOf(ReviewCase task) => (-task.Priority, task.VotesInRound, task.Id);
}
