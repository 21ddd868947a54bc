using System.Buffers;
using System.IO.Pipelines;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Journal;

namespace OpenLedger.Datanets.Access;

/// <summary>Who did what, when: the journal, filtered for people, or exported whole as JSON Lines that anyone can verify.</summary>
/// <remarks>An export is always whole, since events that were left out would break the chain. Safe for concurrent use.</remarks>
public sealed class AuditLog
{
    private readonly DatanetJournal _journal;

    /// <summary>Opens the audit log of a datanet.</summary>
    /// <param name="journal">The datanet's journal.</param>
    public AuditLog(DatanetJournal journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        _journal = journal;
    }

    /// <summary>Reads events in order.</summary>
    /// <param name="filter">Which.</param>
    /// <returns>A sequence that reads the store in pages while it is walked.</returns>
    /// <exception cref="DatanetException">A fault of the store, while walking.</exception>
    public IEnumerable<JournalEvent> Read(AuditFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _journal.Events().Where(journalEvent =>
            journalEvent.Kind.StartsWith(filter.KindPrefix, StringComparison.Ordinal)
            && (filter.Actor is null || journalEvent.Actor == filter.Actor)
            && (filter.From is null || journalEvent.Time >= filter.From)
            && (filter.Before is null || journalEvent.Time < filter.Before));
    }

    /// <summary>Writes the whole journal, one canonical event per line.</summary>
    /// <param name="destination">Where to; stays open.</param>
    /// <param name="cancellationToken">Stops between two events.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    /// <exception cref="IOException">A fault of the destination.</exception>
    public async Task<AuditReport> ExportAsync(Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        AuditReport report = new(_journal.DatanetId, 0, default);
        foreach (JournalEvent journalEvent in _journal.Events())
        {
            await destination.WriteAsync(journalEvent.Document, cancellationToken).ConfigureAwait(false);
            await destination.WriteAsync(NewLine, cancellationToken).ConfigureAwait(false);
            report = report with { Count = report.Count + 1, Head = journalEvent.Digest };
        }

        return report;
    }

    /// <summary>Checks an exported log: every line is a canonical event of one datanet, and follows the one before.</summary>
    /// <param name="source">The lines; stays open.</param>
    /// <param name="cancellationToken">Stops between two lines.</param>
    /// <returns>What the log is.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.StoreCorrupt"/>: a line does not follow; <see cref="DatanetError.InvalidJson"/>,
    /// <see cref="DatanetError.InvalidUtf8"/> or <see cref="DatanetError.LimitExceeded"/>: a line is no event. The line number is set.
    /// </exception>
    /// <exception cref="IOException">A fault of the source.</exception>
    public static async Task<AuditReport> VerifyAsync(Stream source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        PipeReader reader = PipeReader.Create(source, new StreamPipeReaderOptions(leaveOpen: true));
        AuditReport report = new(null, 0, default);
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                ReadOnlySequence<byte> buffer = result.Buffer;
                while (buffer.PositionOf((byte)'\n') is SequencePosition end)
                {
                    report = Follow(report, buffer.Slice(0, end));
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                if (buffer.Length > JournalEvent.MaxDocumentLength)
                {
                    throw At(report.Count + 1, new DatanetException(
                        DatanetError.LimitExceeded, $"The line has more than {JournalEvent.MaxDocumentLength} bytes."));
                }

                if (result.IsCompleted)
                {
                    return buffer.IsEmpty
                        ? report
                        : throw At(report.Count + 1, new DatanetException(DatanetError.StoreCorrupt, "The last line is cut off: it has no line feed."));
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    private static AuditReport Follow(AuditReport report, ReadOnlySequence<byte> line)
    {
        JournalEvent journalEvent;
        try
        {
            journalEvent = line.Length <= JournalEvent.MaxDocumentLength
                ? JournalEvent.Parse(line.ToArray())
                : throw new DatanetException(DatanetError.LimitExceeded, $"The line has {line.Length} bytes; at most {JournalEvent.MaxDocumentLength} are allowed.");
        }
        catch (DatanetException exception)
        {
            throw At(report.Count + 1, exception);
        }

        return journalEvent.Sequence == report.Count && journalEvent.Previous == report.Head && (report.DatanetId ?? journalEvent.DatanetId) == journalEvent.DatanetId
            ? new AuditReport(journalEvent.DatanetId, report.Count + 1, journalEvent.Digest)
            : throw At(report.Count + 1, new DatanetException(
                DatanetError.StoreCorrupt, $"Event {journalEvent.Sequence} of '{journalEvent.DatanetId}' does not follow the line before; a line was changed, added or left out."));
    }

    private static DatanetException At(long line, DatanetException fault) =>
        new(fault.Error, $"Line {line}: {fault.Message}", fault) { LineNumber = line };
}
