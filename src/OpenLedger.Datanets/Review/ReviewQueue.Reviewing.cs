using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;

namespace OpenLedger.Datanets.Review;

/// <content>What reviewers do.</content>
public sealed partial class ReviewQueue
{
    /// <summary>Claims the next task: the most urgent, then the one with the fewest answers, then the oldest.</summary>
    /// <param name="reviewer">Who wants to review. Tasks the reviewer gave back are not offered again.</param>
    /// <returns>The task, or <see langword="null"/> when there is none for this reviewer now.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.ReviewStateConflict"/>: the reviewer holds <see cref="ReviewQueueOptions.MaxClaimsPerReviewer"/> claims; or a
    /// fault of the store.
    /// </exception>
    public ReviewAssignment? Claim(ContributorId reviewer) => _journal.Decide(_projection, draft =>
    {
        ThrowIfTooManyClaims(reviewer, draft.Now);
        foreach (ReviewCase task in _projection.Claimable)
        {
            if (!task.GaveBack.Contains(reviewer) && !HoldsClaim(task, reviewer, draft.Now) && HasFreePlace(task, draft.Now) && Objection(task, reviewer) is null)
            {
                return AppendClaim(draft, task, reviewer);
            }
        }

        return null;
    });

    /// <summary>Claims a certain task, or makes the reviewer's claim to it last longer.</summary>
    /// <param name="reviewer">Who wants to review.</param>
    /// <param name="taskId">The task.</param>
    /// <returns>The task.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.ReviewTaskNotFound"/>, <see cref="DatanetError.ConflictOfInterest"/>, <see cref="DatanetError.NotPermitted"/> or
    /// <see cref="DatanetError.ReviewStateConflict"/>; or a fault of the store.
    /// </exception>
    public ReviewAssignment Claim(ContributorId reviewer, long taskId) => _journal.Decide(_projection, draft =>
    {
        ReviewCase task = Require(taskId);
        if (!task.IsClaimable)
        {
            throw Conflict(task, "claiming", "while it is Open or Disputed");
        }

        if (Objection(task, reviewer) is DatanetException objection)
        {
            throw objection;
        }

        if (!HoldsClaim(task, reviewer, draft.Now))
        {
            ThrowIfTooManyClaims(reviewer, draft.Now);
            if (!HasFreePlace(task, draft.Now))
            {
                DateTimeOffset free = task.Claims.Values.Where(until => until > draft.Now).Min();
                throw new DatanetException(
                    DatanetError.ReviewStateConflict,
                    $"Task {task.Id} is claimed by others, the first of them until {Write(free)}; claim another one, or this one then.");
            }
        }

        return AppendClaim(draft, task, reviewer);
    });

    /// <summary>Gives a claimed task back without an answer.</summary>
    /// <param name="reviewer">Who holds the claim.</param>
    /// <param name="taskId">The task.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.ReviewTaskNotFound"/>, or <see cref="DatanetError.ReviewStateConflict"/>: the reviewer holds no claim; or a fault
    /// of the store.
    /// </exception>
    public void GiveBack(ContributorId reviewer, long taskId) => _journal.Decide(_projection, draft =>
    {
        ReviewCase task = Require(taskId);
        ThrowIfUnclaimed(task, reviewer, draft.Now);
        draft.Append(ReviewEvents.GivenBack, reviewer, TaskBody(task));
        return true;
    });

    /// <summary>Answers a claimed task. The last answer that is needed decides it, or hands it to the owner.</summary>
    /// <param name="reviewer">Who holds the claim.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="answer">The judgement.</param>
    /// <returns>Whether the reviewer's answer was the last one needed.</returns>
    /// <exception cref="ArgumentException">The answer replaces the record by itself.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.ReviewTaskNotFound"/>; <see cref="DatanetError.ReviewStateConflict"/>: the claim ran out or never was;
    /// <see cref="DatanetError.ConflictOfInterest"/>: one came up after the claim; or a fault of the store.
    /// </exception>
    public bool Answer(ContributorId reviewer, long taskId, ReviewAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return _journal.Decide(_projection, draft =>
        {
            ReviewCase task = Require(taskId);
            ThrowIfUnclaimed(task, reviewer, draft.Now);
            if (Objection(task, reviewer) is DatanetException objection)
            {
                throw objection;
            }

            if (answer.Replacement == task.Record)
            {
                throw new ArgumentException($"The record {task.Record} cannot be its own correction; accept it, or name another record.", nameof(answer));
            }

            JsonObject body = answer.ToJson();
            body["task"] = task.Id;
            draft.Append(ReviewEvents.Answered, reviewer, body);
            ReviewAnswer[] answers = [.. task.Votes.Where(vote => vote.Round == task.Round).Select(vote => vote.Answer), answer];
            bool isOver = Resolution.IsOver(_options.Rule, _options.Quorum, task.Needed, answers, out ReviewAnswer? proposal);
            if (isOver && !Reveal(draft, task, reviewer))
            {
                Resolve(draft, task, reviewer, proposal);
            }

            return isOver;
        });
    }

    private void Resolve(JournalDraft draft, ReviewCase task, ContributorId actor, ReviewAnswer? proposal)
    {
        JsonObject body = TaskBody(task);
        if (proposal is not null)
        {
            body["proposal"] = proposal.ToJson();
        }

        draft.Append(ReviewEvents.Resolved, actor, body);
        if (proposal is not null && (task.Round == 2 || !_options.OwnerApproval))
        {
            AppendDecision(draft, task, actor, proposal, isDisputable: task.Round == 1);
        }
    }

    /// <summary>Closes a gold task by publishing its answer; returns whether the task was one.</summary>
    private bool Reveal(JournalDraft draft, ReviewCase task, ContributorId actor)
    {
        byte[]? opening = draft.Writer.FindItem(_journal.DatanetId, GoldCollection, GoldKey(task.Id));
        if (opening is null)
        {
            return false;
        }

        if (Sha256Digest.Of(opening) != task.Seal)
        {
            throw new DatanetException(
                DatanetError.StoreCorrupt, $"The secret of task {task.Id} is not the one it was sealed with; restore the store from a copy.");
        }

        EventBody secret = new(CanonicalJson.Parse(opening), $"the secret of task {task.Id}", DatanetError.StoreCorrupt);
        JsonObject body = TaskBody(task);
        body["answer"] = ReviewAnswer.Read(secret.Object("answer")).ToJson();
        body["salt"] = secret.Text("salt");
        draft.Append(ReviewEvents.Revealed, actor, body);
        draft.Writer.RemoveItem(_journal.DatanetId, GoldCollection, GoldKey(task.Id));
        return true;
    }

    private ReviewAssignment AppendClaim(JournalDraft draft, ReviewCase task, ContributorId reviewer)
    {
        DateTimeOffset until = draft.Now + _options.ClaimTimeout;
        JsonObject body = TaskBody(task);
        body["until"] = until.ToUnixTimeMilliseconds();
        draft.Append(ReviewEvents.Claimed, reviewer, body);
        return new ReviewAssignment(task.Id, task.Record, DateTimeOffset.FromUnixTimeMilliseconds(until.ToUnixTimeMilliseconds()));
    }

    /// <summary>Why the reviewer may not judge the task at all, or <see langword="null"/>.</summary>
    private DatanetException? Objection(ReviewCase task, ContributorId reviewer)
    {
        if (reviewer == task.Contributor)
        {
            return Interest("gave the record");
        }

        if (_projection.AreRelated(reviewer, task.Contributor))
        {
            return Interest("is related to the account that gave the record");
        }

        if (_options.ConflictCheck?.HasConflict(reviewer, task.Contributor, task.Record) == true)
        {
            return Interest("has a conflict of interest by the application's rules");
        }

        if (task.HasVote(reviewer))
        {
            return new DatanetException(
                DatanetError.ReviewStateConflict, $"{reviewer} judged task {task.Id} already; nobody judges a record twice, also not after a dispute.");
        }

        return task.Round == 2 && _secondLevel?.Contains(reviewer) == false
            ? new DatanetException(DatanetError.NotPermitted, $"{reviewer} is not a second-level reviewer and may not judge the disputed task {task.Id}.")
            : null;

        DatanetException Interest(string why) =>
            new(DatanetError.ConflictOfInterest, $"{reviewer} {why} and may not judge task {task.Id}; leave it to others.");
    }

    private void ThrowIfTooManyClaims(ContributorId reviewer, DateTimeOffset now)
    {
        int claims = _projection.CountClaims(reviewer, now);
        if (claims >= _options.MaxClaimsPerReviewer)
        {
            throw new DatanetException(
                DatanetError.ReviewStateConflict, $"{reviewer} holds {claims} tasks, the most at a time; answer one, or give it back.");
        }
    }

    private static void ThrowIfUnclaimed(ReviewCase task, ContributorId reviewer, DateTimeOffset now)
    {
        if (!task.Claims.TryGetValue(reviewer, out DateTimeOffset until))
        {
            throw task.IsClaimable
                ? new DatanetException(DatanetError.ReviewStateConflict, $"{reviewer} holds no claim to task {task.Id}; claim it first.")
                : Conflict(task, "answering", "while it is Open or Disputed, and under a claim");
        }

        if (until <= now)
        {
            throw new DatanetException(
                DatanetError.ReviewStateConflict,
                $"The claim of {reviewer} to task {task.Id} ended at {Write(until)}, and it is {Write(now)}; claim the task again if it is free.");
        }
    }

    private static bool HoldsClaim(ReviewCase task, ContributorId reviewer, DateTimeOffset now) =>
        task.Claims.TryGetValue(reviewer, out DateTimeOffset until) && until > now;

    private static bool HasFreePlace(ReviewCase task, DateTimeOffset now) => task.VotesInRound + task.ActiveClaims(now) < task.Needed;

    private static JsonObject TaskBody(ReviewCase task) => new() { ["task"] = task.Id };

    private static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
