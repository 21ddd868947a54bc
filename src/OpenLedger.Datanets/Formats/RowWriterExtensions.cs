using System.Text.Json;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Formats;

/// <summary>Conveniences over <see cref="IRowWriter"/>.</summary>
public static class RowWriterExtensions
{
    /// <summary>Writes a record's payload.</summary>
    /// <param name="writer">The file.</param>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static ValueTask WriteAsync(this IRowWriter writer, DatanetRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(record);
        return writer.WriteAsync(record.Element, cancellationToken);
    }

    /// <summary>Writes every row, then completes the file.</summary>
    /// <param name="writer">The file.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Ends the writing; the file is then unfinished.</param>
    /// <returns>The number of rows.</returns>
    public static async ValueTask<long> WriteAllAsync(
        this IRowWriter writer, IEnumerable<JsonElement> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(rows);
        long count = 0;
        foreach (JsonElement row in rows)
        {
            await writer.WriteAsync(row, cancellationToken).ConfigureAwait(false);
            count++;
        }

        await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <summary>Writes every row of another file, then completes the file.</summary>
    /// <param name="writer">The file.</param>
    /// <param name="rows">The rows, for example of <see cref="IRowSource.ReadAsync"/>.</param>
    /// <param name="cancellationToken">Ends the writing; the file is then unfinished.</param>
    /// <returns>The number of rows.</returns>
    public static async ValueTask<long> WriteAllAsync(
        this IRowWriter writer, IAsyncEnumerable<SourceRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(rows);
        long count = 0;
        await foreach (SourceRow row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            await writer.WriteAsync(row.Value, cancellationToken).ConfigureAwait(false);
            count++;
        }

        await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return count;
    }
}
