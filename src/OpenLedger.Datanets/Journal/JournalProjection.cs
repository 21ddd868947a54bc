using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Journal;

/// <summary>A state that follows from the events of a journal alone, such as a review queue or the open access requests.</summary>
/// <remarks>
/// A derived class keeps its state in memory and changes it in <see cref="Apply"/> only, so that every process that reads the same journal
/// arrives at the same state. <see cref="DatanetJournal"/> feeds it, each event once and in order. Not safe for concurrent use by itself;
/// the journal that feeds it serialises.
/// </remarks>
public abstract class JournalProjection
{
    /// <summary>How many events were applied.</summary>
    public long Position { get; private set; }

    /// <summary>The digest of the last event applied; 32 zero bytes before the first.</summary>
    public Sha256Digest Head { get; private set; }

    /// <summary>Changes the state by one event. Events of kinds that do not concern this state are ignored.</summary>
    /// <remarks>The event was decided already: this must not refuse it because of a rule, only when its body is malformed.</remarks>
    /// <exception cref="DatanetException"><see cref="DatanetError.StoreCorrupt"/>: the body is malformed.</exception>
    protected abstract void Apply(JournalEvent journalEvent);

    internal void Take(JournalEvent journalEvent)
    {
        if (journalEvent.Sequence != Position || journalEvent.Previous != Head)
        {
            throw new DatanetException(
                DatanetError.StoreCorrupt,
                $"The journal of '{journalEvent.DatanetId}' is broken: event {journalEvent.Sequence} does not follow event {Position - 1}; restore the store from a copy.");
        }

        Apply(journalEvent);
        Position++;
        Head = journalEvent.Digest;
    }
}
