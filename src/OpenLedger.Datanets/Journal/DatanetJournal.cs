using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Journal;

/// <summary>
/// The history of everything in a datanet that is not a record or a version: reviews, access, bounties, erasures. Append-only and hash-chained.
/// </summary>
/// <remarks>
/// Who changes a state decides inside one write transaction: first the projection is brought up to date, then rules are checked against it,
/// then events are appended, and only when they are durable does the projection see them. Two processes can therefore never both win.
/// Safe for concurrent use, also by several processes on one store; a projection must be fed by one journal object only.
/// </remarks>
public sealed class DatanetJournal
{
    private const int PageSize = 256;

    private readonly IDatanetStore _store;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();

    /// <summary>Opens the journal of a datanet.</summary>
    /// <param name="datanetId">A datanet that the store holds.</param>
    /// <param name="store">Where it is kept.</param>
    /// <param name="timeProvider">Says when events happen.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.DatanetNotFound"/>, or a fault of the store.</exception>
    public DatanetJournal(string datanetId, IDatanetStore store, TimeProvider timeProvider)
    {
        ArgumentException.ThrowIfNullOrEmpty(datanetId);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(timeProvider);
        if (store.Read(reader => reader.FindDatanet(datanetId)) is null)
        {
            throw new DatanetException(DatanetError.DatanetNotFound, $"The store holds no datanet '{datanetId}'; create it first.");
        }

        DatanetId = datanetId;
        _store = store;
        _timeProvider = timeProvider;
    }

    /// <summary>The datanet.</summary>
    public string DatanetId { get; }

    /// <summary>Takes a decision: nothing is kept when <paramref name="decide"/> throws.</summary>
    /// <param name="projection">The state the decision depends on; brought up to date before, and changed by the new events after.</param>
    /// <param name="decide">Checks the rules and appends events. It must not change the projection, call the store, or keep the draft.</param>
    /// <returns>What <paramref name="decide"/> returned.</returns>
    /// <exception cref="DatanetException">What <paramref name="decide"/> threw, or a fault of the store.</exception>
    public TResult Decide<TResult>(JournalProjection projection, Func<JournalDraft, TResult> decide)
    {
        ArgumentNullException.ThrowIfNull(projection);
        ArgumentNullException.ThrowIfNull(decide);
        lock (_gate)
        {
            (TResult result, IReadOnlyList<JournalEvent> added) = _store.Write(writer =>
            {
                CatchUp(projection, writer);
                DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(_timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
                JournalDraft draft = new(DatanetId, writer, now, projection.Position, projection.Head);
                TResult decided = decide(draft);
                return (decided, draft.Events);
            });
            foreach (JournalEvent journalEvent in added)
            {
                projection.Take(journalEvent);
            }

            return result;
        }
    }

    /// <summary>Brings a projection up to date and reads from it.</summary>
    /// <param name="projection">The state.</param>
    /// <param name="read">Reads the state; what it returns must be a copy.</param>
    /// <returns>What <paramref name="read"/> returned.</returns>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public TResult Query<TResult>(JournalProjection projection, Func<DateTimeOffset, TResult> read)
    {
        ArgumentNullException.ThrowIfNull(projection);
        ArgumentNullException.ThrowIfNull(read);
        lock (_gate)
        {
            _store.Read(reader =>
            {
                CatchUp(projection, reader);
                return true;
            });
            return read(_timeProvider.GetUtcNow());
        }
    }

    /// <summary>Reads the events in order, each checked to follow the one before.</summary>
    /// <returns>A sequence that reads the store in pages while it is walked.</returns>
    /// <exception cref="DatanetException">A fault of the store, while walking.</exception>
    public IEnumerable<JournalEvent> Events()
    {
        Sha256Digest head = default;
        for (long next = 0; ;)
        {
            long from = next;
            IReadOnlyList<StoredEntry> page = _store.Read(reader => reader.ReadEntries(DatanetId, from, PageSize));
            if (page.Count == 0)
            {
                yield break;
            }

            foreach (StoredEntry entry in page)
            {
                JournalEvent journalEvent = ReadEvent(entry);
                if (journalEvent.Previous != head)
                {
                    throw Broken(entry.Sequence, null);
                }

                head = journalEvent.Digest;
                next++;
                yield return journalEvent;
            }
        }
    }

    /// <summary>Clears what the store's logs keep of items that a decision removed; see <see cref="IDatanetStore.Purge"/>.</summary>
    internal bool Purge() => _store.Purge();

    private void CatchUp(JournalProjection projection, IDatanetReader reader)
    {
        while (true)
        {
            IReadOnlyList<StoredEntry> page = reader.ReadEntries(DatanetId, projection.Position, PageSize);
            foreach (StoredEntry entry in page)
            {
                projection.Take(ReadEvent(entry));
            }

            if (page.Count < PageSize)
            {
                return;
            }
        }
    }

    private JournalEvent ReadEvent(StoredEntry entry)
    {
        JournalEvent journalEvent;
        try
        {
            journalEvent = JournalEvent.Parse(entry.Document.Span);
        }
        catch (DatanetException exception)
        {
            throw Broken(entry.Sequence, exception);
        }

        return journalEvent.DatanetId == DatanetId && journalEvent.Sequence == entry.Sequence ? journalEvent : throw Broken(entry.Sequence, null);
    }

    private DatanetException Broken(long sequence, Exception? cause) => new(
        DatanetError.StoreCorrupt, $"The journal of '{DatanetId}' is broken at event {sequence}; restore the store from a copy.", cause);
}
