using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Journal;

/// <summary>The events that a decision is about to add, and the transaction they are added in. Valid only inside the decision.</summary>
public sealed class JournalDraft
{
    private readonly List<JournalEvent> _events = [];
    private readonly string _datanetId;
    private long _next;
    private Sha256Digest _head;

    internal JournalDraft(string datanetId, IDatanetWriter writer, DateTimeOffset now, long next, Sha256Digest head)
    {
        _datanetId = datanetId;
        Writer = writer;
        Now = now;
        _next = next;
        _head = head;
    }

    /// <summary>The transaction; what is written here is kept together with the events, or not at all.</summary>
    public IDatanetWriter Writer { get; }

    /// <summary>The time of the events, to the millisecond. Decide with this time and no other.</summary>
    public DateTimeOffset Now { get; }

    internal IReadOnlyList<JournalEvent> Events => _events;

    /// <summary>Adds an event. The projection sees it after the decision was kept.</summary>
    /// <param name="kind">Area, dot, verb in the past, for example <c>review.claimed</c>: lower-case letters, digits, hyphens, dots.</param>
    /// <param name="actor">Who did it; not the default value.</param>
    /// <param name="body">The particulars; copied. No payload of a record, for a journal cannot forget.</param>
    /// <returns>The event.</returns>
    /// <exception cref="ArgumentException">The kind or the actor is not legal.</exception>
    /// <exception cref="DatanetException">The body cannot be written as canonical JSON, or is too long.</exception>
    public JournalEvent Append(string kind, ContributorId actor, JsonObject body)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(body);
        if (!JournalEvent.IsKind(kind))
        {
            throw new ArgumentException($"'{kind}' is not a kind of event: 1 to 64 lower-case letters, digits, hyphens and inner dots.", nameof(kind));
        }

        if (actor == default)
        {
            throw new ArgumentException("The default contributor id stands for nobody; name who acts.", nameof(actor));
        }

        JournalEvent added = new(_datanetId, _next, _head, Now, actor, kind, body);
        Writer.AppendEntry(_datanetId, new StoredEntry(added.Sequence, added.Document));
        _events.Add(added);
        _next++;
        _head = added.Digest;
        return added;
    }
}
