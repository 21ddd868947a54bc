using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace OpenLedger.Datanets.Formats;

/// <summary>Reads Arrow IPC files and streams, such as those that Hugging Face datasets keeps on disk, as rows.</summary>
/// <remarks>
/// Which of the two it is, the first bytes tell. Values become JSON as <see cref="ParquetRowReader"/> makes it; dictionary-encoded columns are
/// decoded. Compressed batches and view types are refused with a clear error. One batch is in memory at a time. Safe for concurrent use.
/// </remarks>
public static class ArrowRowReader
{
    /// <summary>Reads a stream from where it stands.</summary>
    /// <param name="stream">A readable stream; read while the result is walked, not disposed.</param>
    /// <param name="sourceName">The name for messages, usually the file's.</param>
    /// <param name="options">The limits, or <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>The rows with <see cref="RowUnit.Row"/>, read while the sequence is walked; it can be walked once.</returns>
    /// <exception cref="ArgumentException">The stream is not readable, or an option is outside its range.</exception>
    /// <exception cref="DatanetException">
    /// While walking: <see cref="DatanetError.InvalidColumnarFile"/> or <see cref="DatanetError.LimitExceeded"/>.
    /// </exception>
    public static IAsyncEnumerable<SourceRow> ReadAsync(
        Stream stream, string sourceName, ColumnarOptions? options = null, CancellationToken cancellationToken = default)
    {
        RowFault.ThrowIfNotReadable(stream, sourceName);
        options ??= new ColumnarOptions();
        options.Validate();
        return WalkAsync(stream, sourceName, options, cancellationToken);
    }

    private static async IAsyncEnumerable<SourceRow> WalkAsync(
        Stream stream, string sourceName, ColumnarOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (stream.CanSeek && stream.Length > options.MaxFileBytes)
        {
            throw RowFault.FileTooLong(sourceName, options.MaxFileBytes);
        }

        byte[] head = new byte[8];
        int length = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        bool isFile = length == head.Length && head.AsSpan(0, 6).SequenceEqual("ARROW1"u8);
        if (length < head.Length)
        {
            throw ColumnarFault.Invalid(sourceName, "the file is too short for Arrow");
        }

        Stream messages = isFile ? stream : new PrefixedStream(head, stream);
        if (!isFile && stream.CanSeek)
        {
            stream.Position -= head.Length;
            messages = stream; // its length bounds what a message may claim
        }

        ManagedAllocator allocator = new();
        using ArrowFrameStream frames = new(messages, options, isFile);
        using ArrowStreamReader reader = new(frames, allocator, leaveOpen: true);
        byte[][]? names = null;
        JsonRowBuilder json = new();
        ArrowCells cells = new(json, options);
        long number = 0;
        while (await NextBatchAsync(reader, sourceName, cancellationToken).ConfigureAwait(false) is { } batch)
        {
            using (batch)
            {
                names ??= Names(batch.Schema, sourceName);
                for (int row = 0; row < batch.Length; row++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return Make(batch, row, names, json, cells, sourceName, ++number, options);
                }
            }
        }
    }

    private static async ValueTask<RecordBatch?> NextBatchAsync(ArrowStreamReader reader, string sourceName, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadNextRecordBatchAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (ColumnarFault.IsOfLibrary(exception))
        {
            throw ColumnarFault.Invalid(sourceName, $"the Arrow file is damaged: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}", exception);
        }
    }

    private static byte[][] Names(Schema schema, string sourceName) =>
        schema.FieldsList.Count > 0 && schema.FieldsList.Select(field => field.Name).Distinct(StringComparer.Ordinal).Count() == schema.FieldsList.Count
            ? [.. schema.FieldsList.Select(field => JsonRowBuilder.EncodeName(field.Name ?? ""))]
            : throw ColumnarFault.Invalid(sourceName, "the schema has no column, or two of one name");

    private static SourceRow Make(
        RecordBatch batch, int row, byte[][] names, JsonRowBuilder json, ArrowCells cells, string sourceName, long number, ColumnarOptions options)
    {
        json.Clear();
        try
        {
            json.BeginObject();
            for (int i = 0; i < names.Length; i++)
            {
                json.Name(names[i]);
                cells.Write(batch.Column(i), row);
            }

            json.EndObject();
        }
        catch (Exception exception) when (ColumnarFault.IsOfLibrary(exception))
        {
            throw ColumnarFault.Invalid(
                SourceRow.FormatPosition(sourceName, RowUnit.Row, number), exception.Message.ReplaceLineEndings(" ").TrimEnd('.'), exception);
        }

        return json.Length <= options.MaxRowBytes
            ? new SourceRow(sourceName, RowUnit.Row, number, json.ToArray())
            : throw RowFault.RowTooLong(sourceName, RowUnit.Row, number, options.MaxRowBytes);
    }
}
