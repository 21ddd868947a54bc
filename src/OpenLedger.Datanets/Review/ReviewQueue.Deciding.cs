using System.Text.Json.Nodes;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;

namespace OpenLedger.Datanets.Review;

/// <content>What the owner and the contributor do.</content>
public sealed partial class ReviewQueue
{
    /// <summary>Confirms what the reviewers decided about a batch of tasks: all of them, or none when one cannot be confirmed.</summary>
    /// <param name="owner">The owner of the datanet.</param>
    /// <param name="taskIds">Tasks that are <see cref="ReviewTaskState.Resolved"/>, none twice.</param>
    /// <exception cref="ArgumentException">A task is named twice.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.NotPermitted"/>, <see cref="DatanetError.ReviewTaskNotFound"/> or <see cref="DatanetError.ReviewStateConflict"/>;
    /// or a fault of the store.
    /// </exception>
    public void Approve(ContributorId owner, IEnumerable<long> taskIds)
    {
        long[] ids = Distinct(taskIds);
        _journal.Decide(_projection, draft =>
        {
            OwnerOnly.Demand(draft, _journal.DatanetId, owner, "confirm reviews");
            foreach (long id in ids)
            {
                ReviewCase task = Require(id);
                if (task.State != ReviewTaskState.Resolved)
                {
                    throw Conflict(task, "confirming", "while it is Resolved; an Escalated task needs Decide");
                }

                AppendDecision(draft, task, owner, task.Proposal!, isDisputable: true);
            }

            return true;
        });
    }

    /// <summary>Decides a batch of tasks as the owner sees it, whatever the reviewers said. A rejection decided like this is final.</summary>
    /// <param name="owner">The owner of the datanet.</param>
    /// <param name="taskIds">Tasks that are <see cref="ReviewTaskState.Resolved"/> or <see cref="ReviewTaskState.Escalated"/>, none twice.</param>
    /// <param name="answer">The decision for all of them.</param>
    /// <exception cref="ArgumentException">A task is named twice, or the answer replaces a record by itself.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.NotPermitted"/>, <see cref="DatanetError.ReviewTaskNotFound"/> or <see cref="DatanetError.ReviewStateConflict"/>;
    /// or a fault of the store.
    /// </exception>
    public void Decide(ContributorId owner, IEnumerable<long> taskIds, ReviewAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        long[] ids = Distinct(taskIds);
        _journal.Decide(_projection, draft =>
        {
            OwnerOnly.Demand(draft, _journal.DatanetId, owner, "decide reviews");
            foreach (long id in ids)
            {
                ReviewCase task = Require(id);
                if (task.State is not (ReviewTaskState.Resolved or ReviewTaskState.Escalated))
                {
                    throw Conflict(task, "the owner's decision", "while it is Resolved or Escalated");
                }

                if (answer.Replacement == task.Record)
                {
                    throw new ArgumentException($"The record {task.Record} cannot be its own correction; accept it, or name another record.", nameof(answer));
                }

                AppendDecision(draft, task, owner, answer, isDisputable: false);
            }

            return true;
        });
    }

    /// <summary>Asks for a second look at a rejection, by reviewers who did not judge the record before. Their decision is final.</summary>
    /// <param name="contributor">Who gave the record.</param>
    /// <param name="taskId">A task that is <see cref="ReviewTaskState.Rejected"/>, within the window.</param>
    /// <param name="note">Why the rejection is wrong; see <see cref="ReviewAnswer.Reject"/> for what is legal.</param>
    /// <exception cref="ArgumentException">The note is not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.NotPermitted"/>, <see cref="DatanetError.ReviewTaskNotFound"/> or <see cref="DatanetError.ReviewStateConflict"/>;
    /// or a fault of the store.
    /// </exception>
    public void Dispute(ContributorId contributor, long taskId, string note = "")
    {
        ReviewAnswer.CheckNote(note);
        _journal.Decide(_projection, draft =>
        {
            ReviewCase task = RequireOwn(taskId, contributor, "dispute");
            if (task.State != ReviewTaskState.Rejected)
            {
                throw Conflict(task, "a dispute", "while it is Rejected");
            }

            if (task.DisputableUntil is not DateTimeOffset until)
            {
                throw new DatanetException(
                    DatanetError.ReviewStateConflict, $"The rejection of task {task.Id} is final: it came from the owner, or from the second level.");
            }

            if (draft.Now >= until)
            {
                throw new DatanetException(
                    DatanetError.ReviewStateConflict, $"The rejection of task {task.Id} could be disputed before {Write(until)}; it is {Write(draft.Now)}.");
            }

            JsonObject body = TaskBody(task);
            body["overlap"] = _options.DisputeOverlap;
            if (note.Length > 0)
            {
                body["note"] = note;
            }

            draft.Append(ReviewEvents.Disputed, contributor, body);
            return true;
        });
    }

    /// <summary>Takes a record back before it is decided.</summary>
    /// <param name="contributor">Who gave the record.</param>
    /// <param name="taskId">A task that is not decided.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.NotPermitted"/>, <see cref="DatanetError.ReviewTaskNotFound"/> or <see cref="DatanetError.ReviewStateConflict"/>:
    /// what was accepted is erased instead; or a fault of the store.
    /// </exception>
    public void Withdraw(ContributorId contributor, long taskId) => _journal.Decide(_projection, draft =>
    {
        ReviewCase task = RequireOwn(taskId, contributor, "withdraw");
        if (task.State is not (ReviewTaskState.Open or ReviewTaskState.Resolved or ReviewTaskState.Escalated or ReviewTaskState.Disputed))
        {
            throw Conflict(task, "taking it back", "while it is Open, Resolved, Escalated or Disputed; an accepted record can be erased");
        }

        if (!Reveal(draft, task, contributor))
        {
            draft.Append(ReviewEvents.Withdrawn, contributor, TaskBody(task));
        }

        return true;
    });

    /// <summary>Hands every decision that was not delivered yet to <paramref name="target"/>, and notes it.</summary>
    /// <param name="target">
    /// Takes acceptances and rejections. A rejection that is disputed later can be followed by another decision about the same task.
    /// </param>
    /// <param name="actor">Who delivers; stands in the journal.</param>
    /// <returns>How many decisions were delivered.</returns>
    /// <remarks>At least once: after a crash, decisions are delivered again. What <paramref name="target"/> throws passes through; nothing is noted then.</remarks>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public int DeliverOutcomes(IReviewOutcome target, ContributorId actor)
    {
        ArgumentNullException.ThrowIfNull(target);
        ReviewOutcome[] outcomes = _journal.Query(_projection, _ => _projection.Undelivered.Select(task => task.ToOutcome()).ToArray());
        if (outcomes.Length == 0)
        {
            return 0;
        }

        target.Deliver(outcomes);
        return _journal.Decide(_projection, draft =>
        {
            foreach (ReviewOutcome outcome in outcomes)
            {
                // A dispute or another process may have been faster; then this delivery is not the last word.
                if (_projection.Find(outcome.TaskId) is { IsDelivered: false, Decision: not null } task && task.EndedAt == outcome.DecidedAt)
                {
                    draft.Append(ReviewEvents.Delivered, actor, TaskBody(task));
                }
            }

            return outcomes.Length;
        });
    }

    private void AppendDecision(JournalDraft draft, ReviewCase task, ContributorId actor, ReviewAnswer answer, bool isDisputable)
    {
        JsonObject body = answer.ToJson();
        body["task"] = task.Id;
        if (answer.Decision == ReviewDecision.Reject && isDisputable && task.Round == 1 && _options.DisputeWindow > TimeSpan.Zero)
        {
            body["disputable"] = (draft.Now + _options.DisputeWindow).ToUnixTimeMilliseconds();
        }

        draft.Append(ReviewEvents.Decided, actor, body);
    }

    private ReviewCase RequireOwn(long taskId, ContributorId contributor, string step)
    {
        ReviewCase task = Require(taskId);
        return contributor == task.Contributor
            ? task
            : throw new DatanetException(DatanetError.NotPermitted, $"{contributor} may not {step} task {taskId}: only who gave the record may.");
    }

    private static long[] Distinct(IEnumerable<long> taskIds)
    {
        ArgumentNullException.ThrowIfNull(taskIds);
        long[] ids = [.. taskIds];
        return ids.Distinct().Count() == ids.Length
            ? ids
            : throw new ArgumentException("A task is named twice; name each once.", nameof(taskIds));
    }
}
