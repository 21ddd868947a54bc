using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;

namespace OpenLedger.Datanets.Formats;

/// <summary>Reads Parquet files, such as the shards of Hugging Face datasets, as rows.</summary>
/// <remarks>
/// Text, integers, floating point, booleans, lists, structures and maps with text keys become their JSON; dates and times ISO 8601 text; decimals
/// text with all their digits; bytes Base64 text. Plain and dictionary pages in snappy, gzip, brotli, zstd or no compression are read, which is
/// what pyarrow, pandas and datasets write by default. One row group is in memory at a time. Safe for concurrent use.
/// </remarks>
public static class ParquetRowReader
{
    private const int TailLength = 8; // length of the footer and the magic

    /// <summary>Reads a stream.</summary>
    /// <param name="stream">A readable stream that can seek; read while the result is walked, not disposed.</param>
    /// <param name="sourceName">The name for messages, usually the file's.</param>
    /// <param name="options">The limits, or <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>The rows with <see cref="RowUnit.Row"/>, read while the sequence is walked.</returns>
    /// <exception cref="ArgumentException">The stream is not readable or cannot seek, or an option is outside its range.</exception>
    /// <exception cref="DatanetException">
    /// While walking: <see cref="DatanetError.InvalidColumnarFile"/> or <see cref="DatanetError.LimitExceeded"/>.
    /// </exception>
    public static IAsyncEnumerable<SourceRow> ReadAsync(
        Stream stream, string sourceName, ColumnarOptions? options = null, CancellationToken cancellationToken = default)
    {
        RowFault.ThrowIfNotReadable(stream, sourceName);
        if (!stream.CanSeek)
        {
            throw new ArgumentException("The stream cannot seek; a Parquet file is read from its end.", nameof(stream));
        }

        options ??= new ColumnarOptions();
        options.Validate();
        return WalkAsync(stream, sourceName, options, cancellationToken);
    }

    private static async IAsyncEnumerable<SourceRow> WalkAsync(
        Stream stream, string sourceName, ColumnarOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (ParquetFooter footer, long footerStart) = await ReadFooterAsync(stream, sourceName, options, cancellationToken).ConfigureAwait(false);
        RowLayout? layout = FindLayout(footer, sourceName);
        ParquetShape[] shapes = ParquetShape.Build(footer, layout, out List<ParquetShape> leaves);
        long number = 0;
        for (int i = 0; i < footer.Groups.Count; i++)
        {
            ParquetColumn[] columns = await GuardAsync(
                () => ReadGroupAsync(stream, sourceName, footer, footer.Groups[i], footerStart, leaves, options, cancellationToken), sourceName)
                .ConfigureAwait(false);
            ParquetRowAssembler assembler = new(shapes, columns, options);
            for (long row = 0; row < footer.Groups[i].RowCount; row++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return Next(assembler, sourceName, ++number, options);
            }

            if (!assembler.IsAtEnd)
            {
                throw ColumnarFault.Invalid(sourceName, FormattableString.Invariant($"row group {i + 1} has more values than rows"));
            }
        }
    }

    private static SourceRow Next(ParquetRowAssembler assembler, string sourceName, long number, ColumnarOptions options)
    {
        try
        {
            byte[] utf8 = assembler.Next();
            return assembler.IsTooLong
                ? throw RowFault.RowTooLong(sourceName, RowUnit.Row, number, options.MaxRowBytes)
                : new SourceRow(sourceName, RowUnit.Row, number, utf8);
        }
        catch (FormatException exception)
        {
            // A row that was cut short because it is too long leaves its columns in the middle.
            throw assembler.IsTooLong
                ? RowFault.RowTooLong(sourceName, RowUnit.Row, number, options.MaxRowBytes)
                : ColumnarFault.Invalid(SourceRow.FormatPosition(sourceName, RowUnit.Row, number), exception.Message, exception);
        }
    }

    private static async ValueTask<(ParquetFooter Footer, long Start)> ReadFooterAsync(
        Stream stream, string sourceName, ColumnarOptions options, CancellationToken cancellationToken)
    {
        long length = stream.Length;
        if (length > options.MaxFileBytes)
        {
            throw RowFault.FileTooLong(sourceName, options.MaxFileBytes);
        }

        byte[] tail = new byte[TailLength];
        byte[] head = new byte[4];
        if (length >= TailLength + 4)
        {
            stream.Position = 0;
            await stream.ReadExactlyAsync(head, cancellationToken).ConfigureAwait(false);
            stream.Position = length - TailLength;
            await stream.ReadExactlyAsync(tail, cancellationToken).ConfigureAwait(false);
        }

        if (!head.AsSpan().SequenceEqual("PAR1"u8) || !tail.AsSpan(4).SequenceEqual("PAR1"u8))
        {
            bool isEncrypted = tail.AsSpan(4).SequenceEqual("PARE"u8);
            throw ColumnarFault.Invalid(sourceName, isEncrypted ? "the Parquet file is encrypted" : "the file is not a whole Parquet file");
        }

        uint footerLength = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (footerLength > options.MaxMetadataBytes)
        {
            throw ColumnarFault.TooLarge(sourceName, "the footer's length", footerLength, nameof(options.MaxMetadataBytes), options.MaxMetadataBytes);
        }

        long start = length - TailLength - footerLength;
        if (start < 4)
        {
            throw ColumnarFault.Invalid(sourceName, "the footer claims to be longer than the file");
        }

        byte[] bytes = new byte[footerLength];
        stream.Position = start;
        await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        try
        {
            return (ParquetFooter.Parse(bytes), start);
        }
        catch (FormatException exception)
        {
            throw ColumnarFault.Invalid(sourceName, $"the footer is damaged: {exception.Message}", exception);
        }
    }

    private static RowLayout? FindLayout(ParquetFooter footer, string sourceName)
    {
        if (!footer.Metadata.TryGetValue(ParquetRowWriter.LayoutKey, out string? text))
        {
            return null;
        }

        try
        {
            return RowLayout.Parse(System.Text.Encoding.UTF8.GetBytes(text));
        }
        catch (DatanetException exception)
        {
            throw ColumnarFault.Invalid(sourceName, $"the metadata '{ParquetRowWriter.LayoutKey}' is damaged", exception);
        }
    }

    private static async ValueTask<ParquetColumn[]> ReadGroupAsync(
        Stream stream, string sourceName, ParquetFooter footer, ParquetFooter.Group group, long footerStart, List<ParquetShape> leaves,
        ColumnarOptions options, CancellationToken cancellationToken)
    {
        if (group.RowCount > options.MaxGroupRows)
        {
            throw ColumnarFault.TooLarge(sourceName, "the number of rows of a row group", group.RowCount, nameof(options.MaxGroupRows), options.MaxGroupRows);
        }

        long memory = 0;
        foreach (ParquetFooter.Chunk chunk in group.Chunks)
        {
            memory += chunk.ValueCount * sizeof(long);
            if (memory <= options.MaxGroupBytes)
            {
                memory += await ParquetPages.CheckAsync(stream, chunk, options, footerStart, cancellationToken).ConfigureAwait(false);
            }

            if (memory > options.MaxGroupBytes)
            {
                throw ColumnarFault.TooLarge(sourceName, "the memory for a row group", memory, nameof(options.MaxGroupBytes), options.MaxGroupBytes);
            }
        }

        // A reader per group: the footer that the library gets holds the lengths that were just checked.
        ParquetWindowStream window = new(stream, footerStart, footer.ToThrift());
        ParquetReader reader = await ParquetReader.CreateAsync(window, new ParquetOptions(), leaveStreamOpen: true, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            DataField[] fields = reader.Schema.GetDataFields();
            ParquetRowGroupReader library = reader.OpenRowGroupReader(footer.Groups.IndexOf(group));
            ParquetColumn[] columns = new ParquetColumn[leaves.Count];
            for (int i = 0; i < columns.Length; i++)
            {
                if (fields.Length != leaves.Count || fields[i].MaxDefinitionLevel != leaves[i].DefinitionLevel || fields[i].MaxRepetitionLevel != leaves[i].RepetitionLevel)
                {
                    throw ColumnarFault.Invalid(sourceName, $"the column '{string.Join('.', group.Chunks[i].Path)}' nests in a way that is not read");
                }

                window.Open(group.Chunks[i].Start, group.Chunks[i].Length);
                columns[i] = await ReadColumnAsync(library, fields[i], leaves[i], (int)group.Chunks[i].ValueCount, cancellationToken).ConfigureAwait(false);
            }

            return columns;
        }
    }

    private static async ValueTask<ParquetColumn> ReadColumnAsync(
        ParquetRowGroupReader library, DataField field, ParquetShape leaf, int count, CancellationToken cancellationToken)
    {
        int[]? definitions = leaf.DefinitionLevel > 0 ? new int[count] : null;
        int[]? repetitions = leaf.RepetitionLevel > 0 ? new int[count] : null;
        Array values = leaf.Node.Type switch
        {
            ParquetType.Boolean => await Fill(new bool[count]).ConfigureAwait(false),
            ParquetType.Int32 => await Fill(new int[count]).ConfigureAwait(false),
            ParquetType.Int64 => await Fill(new long[count]).ConfigureAwait(false),
            ParquetType.Float => await Fill(new float[count]).ConfigureAwait(false),
            ParquetType.Double => await Fill(new double[count]).ConfigureAwait(false),
            _ => await Fill(new ReadOnlyMemory<byte>[count]).ConfigureAwait(false),
        };
        return new ParquetColumn(leaf, values, definitions, repetitions, count);

        async ValueTask<Array> Fill<T>(T[] destination)
            where T : struct
        {
            if (count > 0)
            {
                Memory<int>? definition = definitions is null ? default(Memory<int>?) : definitions.AsMemory();
                Memory<int>? repetition = repetitions is null ? default(Memory<int>?) : repetitions.AsMemory();
                await library.ReadRawAsync<T>(field, destination, definition, repetition, cancellationToken).ConfigureAwait(false);
            }

            return destination;
        }
    }

    private static async ValueTask<T> GuardAsync<T>(Func<ValueTask<T>> read, string sourceName)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception exception) when (ColumnarFault.IsOfLibrary(exception))
        {
            throw ColumnarFault.Invalid(sourceName, $"the Parquet file is damaged: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}", exception);
        }
    }
}
