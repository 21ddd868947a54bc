using System.Runtime.CompilerServices;
using OpenLedger.Datanets.Formats;

namespace OpenLedger.Datanets.Ingest;

/// <summary>Reads records from JSON Lines on all processors: parsed, canonical, hashed, validated, in the order of the file.</summary>
/// <remarks>
/// <para>
/// One caller reads and cuts lines, several threads do the work of each record, and the caller receives the records in order, the same
/// ones as from <see cref="JsonLinesReader"/> and <see cref="Records.DatanetRecord.FromElement"/> one after the other. The first line
/// that is no record ends the walk with an exception that names it, after all records before it.
/// </para>
/// <para>
/// Memory is bounded: at most two batches per thread wait (<see cref="RecordIngestOptions.BatchBytes"/> each, or the longest legal
/// line), whatever the length of the file. Leaving the walk early stops the threads. Safe for concurrent use.
/// </para>
/// </remarks>
public static class RecordIngest
{
    /// <summary>Reads a stream from where it stands.</summary>
    /// <param name="stream">A readable stream; read while the result is walked, not disposed.</param>
    /// <param name="sourceName">The name for messages, usually the file's.</param>
    /// <param name="options">Schema and limits, or <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the walk with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The records; the sequence can be walked once.</returns>
    /// <exception cref="ArgumentException">The stream is not readable, the name empty, or an option outside its range.</exception>
    /// <exception cref="DatanetException">
    /// While walking: <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/> or
    /// <see cref="DatanetError.LimitExceeded"/>, with <see cref="DatanetException.LineNumber"/> and
    /// <see cref="DatanetException.BytePosition"/>.
    /// </exception>
    public static IAsyncEnumerable<IngestedRecord> ReadAsync(
        Stream stream, string sourceName, RecordIngestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(sourceName);
        if (!stream.CanRead)
        {
            throw new ArgumentException("The stream is not readable.", nameof(stream));
        }

        options ??= new RecordIngestOptions();
        options.Validate();
        return Walk(stream, sourceName, options, cancellationToken);
    }

    /// <summary>Reads a file; it is open only while the sequence is walked.</summary>
    /// <param name="path">The file; its name without folders appears in messages.</param>
    /// <param name="options">Schema and limits, or <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the walk with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The path is empty, or an option outside its range.</exception>
    /// <exception cref="IOException">While walking: the file cannot be opened or read.</exception>
    /// <exception cref="DatanetException">While walking; see <see cref="ReadAsync"/>.</exception>
    public static IAsyncEnumerable<IngestedRecord> ReadFileAsync(
        string path, RecordIngestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new RecordIngestOptions();
        options.Validate();
        return WalkFile(path, options, cancellationToken);
    }

    private static async IAsyncEnumerable<IngestedRecord> WalkFile(
        string path, RecordIngestOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true); // buffered below
        await using (stream.ConfigureAwait(false))
        {
            await foreach (IngestedRecord record in Walk(stream, Path.GetFileName(path), options, cancellationToken).ConfigureAwait(false))
            {
                yield return record;
            }
        }
    }

    private static async IAsyncEnumerable<IngestedRecord> Walk(
        Stream stream, string sourceName, RecordIngestOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LineScanner scanner = new(sourceName, options.Lines);
        Queue<Task<IngestBatch>> working = new();
        using CancellationTokenSource leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            bool isReading = true;
            while (true)
            {
                while (isReading && working.Count < 2 * options.MaxThreads)
                {
                    IngestBatch batch = new(sourceName, options);
                    isReading = await FillAsync(batch, stream, scanner, cancellationToken).ConfigureAwait(false);
                    if (!batch.IsEmpty || batch.Fault is not null)
                    {
                        working.Enqueue(Task.Run(() => batch.Process(leaving.Token), leaving.Token));
                    }
                }

                if (!working.TryDequeue(out Task<IngestBatch>? oldest))
                {
                    yield break;
                }

                IngestBatch done = await oldest.ConfigureAwait(false);
                foreach (IngestedRecord record in done.Records)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return record;
                }

                if (done.Fault is not null)
                {
                    throw done.Fault;
                }
            }
        }
        finally
        {
            // Nothing outlives the walk; what the remaining batches might have found comes after what ended it.
            await leaving.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(working)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Adds lines to a batch; <see langword="false"/> when there are no more.</summary>
    private static async ValueTask<bool> FillAsync(IngestBatch batch, Stream stream, LineScanner scanner, CancellationToken cancellationToken)
    {
        try
        {
            while (!batch.IsFull)
            {
                if (scanner.TryRead(out LinePlace place))
                {
                    batch.Add(place, scanner.Bytes(place).Span);
                }
                else if (scanner.IsAtEnd)
                {
                    return false;
                }
                else
                {
                    scanner.Filled(await stream.ReadAsync(scanner.Room(), cancellationToken).ConfigureAwait(false));
                }
            }

            return true;
        }
        catch (DatanetException exception)
        {
            batch.Fault = exception; // told after the records before it
            return false;
        }
    }
}
