using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Review;

/// <summary>Who reviews what, and what follows: tasks, claims, answers, the owner's word, disputes. All of it is in the datanet's journal.</summary>
/// <remarks>
/// <para>
/// Safe for concurrent use, also by several processes on one store: each step is decided inside one write transaction. The queue knows
/// records by digest only and believes the account it is told; the application authenticates.
/// </para>
/// <para>The states and steps are tabled in <c>docs/datanets/review.md</c>.</para>
/// </remarks>
[SuppressMessage("Naming", "CA1711", Justification = "A queue of work is what the field calls it; it is no collection.")]
public sealed partial class ReviewQueue
{
    /// <summary>Most requests of one call.</summary>
    public const int MaxRequests = 10_000;

    private const string GoldCollection = "review/gold";

    private readonly DatanetJournal _journal;
    private readonly ReviewProjection _projection = new();
    private readonly ReviewQueueOptions _options;
    private readonly HashSet<ContributorId>? _secondLevel;

    /// <summary>Opens the queue of a datanet.</summary>
    /// <param name="journal">The datanet's journal.</param>
    /// <param name="options">The rules.</param>
    /// <exception cref="ArgumentException">An option is not legal.</exception>
    public ReviewQueue(DatanetJournal journal, ReviewQueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _journal = journal;
        _options = options;
        _secondLevel = options.SecondLevelReviewers is null ? null : [.. options.SecondLevelReviewers];
    }

    /// <summary>Adds records to the queue.</summary>
    /// <param name="actor">Who asks, usually the owner.</param>
    /// <param name="requests">At most <see cref="MaxRequests"/>, no record twice.</param>
    /// <returns>The task ids, in order.</returns>
    /// <exception cref="ArgumentException">A request is not legal.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.ReviewStateConflict"/>: a record is being reviewed or was decided; or a fault of the store.</exception>
    public IReadOnlyList<long> Enqueue(ContributorId actor, IEnumerable<ReviewRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ReviewRequest[] copy = [.. requests];
        if (copy.Length > MaxRequests)
        {
            throw new ArgumentException($"{copy.Length} requests are too many for one call; at most {MaxRequests} are allowed.", nameof(requests));
        }

        HashSet<RecordDigest> seen = [];
        foreach (ReviewRequest request in copy)
        {
            ArgumentNullException.ThrowIfNull(request, nameof(requests));
            request.Validate(nameof(requests));
            if (!seen.Add(request.Record))
            {
                throw new ArgumentException($"The record {request.Record} is requested twice; ask once.", nameof(requests));
            }
        }

        return _journal.Decide(
            _projection,
            draft => copy.Select(request => Append(draft, actor, request, Secret())).ToArray());
    }

    /// <summary>Mixes in a task whose right answer is known, to measure reviewers. Nobody can tell it from another task until it is closed.</summary>
    /// <param name="owner">The owner of the datanet.</param>
    /// <param name="request">The record; its contributor is never asked to review it.</param>
    /// <param name="answer">The right answer.</param>
    /// <returns>The task id.</returns>
    /// <remarks>
    /// The journal gets only a digest over the answer and 32 secret bytes; both are kept aside in the store and become public when the task
    /// is closed, so that measured accuracies can be recomputed from the journal.
    /// </remarks>
    /// <exception cref="ArgumentException">The request is not legal.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.NotPermitted"/>, <see cref="DatanetError.ReviewStateConflict"/>, or a fault of the store.</exception>
    public long EnqueueGold(ContributorId owner, ReviewRequest request, ReviewAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        request.Validate(nameof(request));
        byte[] opening = CanonicalJson.Serialize(new JsonObject { ["answer"] = answer.ToJson(), ["salt"] = Secret().ToString() });
        return _journal.Decide(_projection, draft =>
        {
            OwnerOnly.Demand(draft, _journal.DatanetId, owner, "add gold tasks");
            long taskId = Append(draft, owner, request, Sha256Digest.Of(opening));
            draft.Writer.PutItem(_journal.DatanetId, GoldCollection, GoldKey(taskId), opening);
            return taskId;
        });
    }

    /// <summary>Declares that two accounts belong together, so that neither reviews what the other gave. Cannot be taken back.</summary>
    /// <param name="actor">One of the two, or the owner.</param>
    /// <param name="left">An account.</param>
    /// <param name="right">Another account.</param>
    /// <exception cref="ArgumentException">The accounts are the same or the default id.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.NotPermitted"/>, or a fault of the store.</exception>
    public void DeclareRelated(ContributorId actor, ContributorId left, ContributorId right)
    {
        if (left == right || left == default || right == default)
        {
            throw new ArgumentException("Two different accounts can be related, neither of them the default id.", nameof(right));
        }

        _journal.Decide(_projection, draft =>
        {
            if (actor != left && actor != right)
            {
                OwnerOnly.Demand(draft, _journal.DatanetId, actor, "relate the accounts of others");
            }

            if (!_projection.AreRelated(left, right))
            {
                draft.Append(ReviewEvents.Related, actor, new JsonObject { ["left"] = left.ToString(), ["right"] = right.ToString() });
            }

            return true;
        });
    }

    /// <summary>Finds a task.</summary>
    /// <param name="taskId">Its id.</param>
    /// <returns>The task now, or <see langword="null"/>. Show it to the owner, not to reviewers.</returns>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public ReviewTask? Find(long taskId) => _journal.Query(_projection, now => _projection.Find(taskId)?.ToTask(now));

    /// <summary>Lists tasks, oldest first.</summary>
    /// <param name="state">Only tasks in this state, or <see langword="null"/> for all.</param>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public IReadOnlyList<ReviewTask> List(ReviewTaskState? state = null) => _journal.Query(
        _projection,
        now => _projection.Cases.Where(task => state is null || task.State == state).Select(task => task.ToTask(now)).ToArray());

    private long Append(JournalDraft draft, ContributorId actor, ReviewRequest request, Sha256Digest seal)
    {
        if (_projection.FindLatest(request.Record) is { State: not (ReviewTaskState.Withdrawn or ReviewTaskState.Closed) } earlier)
        {
            throw new DatanetException(
                DatanetError.ReviewStateConflict,
                $"The record {request.Record} has task {earlier.Id}, which is {earlier.State}; only withdrawn records and closed gold tasks can be reviewed again.");
        }

        JsonObject body = new()
        {
            ["record"] = request.Record.ToString(),
            ["contributor"] = request.Contributor.ToString(),
            ["priority"] = request.Priority,
            ["overlap"] = request.Overlap ?? _options.Overlap,
            ["seal"] = seal.ToString(),
        };
        if (request.Contribution is Sha256Digest contribution)
        {
            body["contribution"] = contribution.ToString();
        }

        return draft.Append(ReviewEvents.Enqueued, actor, body).Sequence;
    }

    private ReviewCase Require(long taskId) => _projection.Find(taskId)
        ?? throw new DatanetException(DatanetError.ReviewTaskNotFound, $"The queue of '{_journal.DatanetId}' has no task {taskId}; Claim and List give ids that exist.");

    private static DatanetException Conflict(ReviewCase task, string step, string legal) => new(
        DatanetError.ReviewStateConflict, $"Task {task.Id} is {task.State}; {step} is possible only {legal}.");

    /// <summary>32 bytes nobody can guess; an ordinary task is sealed with them alone, so that it looks like a gold task.</summary>
    private static Sha256Digest Secret()
    {
        Span<byte> secret = stackalloc byte[Sha256Digest.Length];
        RandomNumberGenerator.Fill(secret);
        return new Sha256Digest(secret);
    }

    private static byte[] GoldKey(long taskId)
    {
        byte[] key = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, taskId);
        return key;
    }
}
