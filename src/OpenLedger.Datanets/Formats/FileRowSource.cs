using System.Runtime.CompilerServices;

namespace OpenLedger.Datanets.Formats;

/// <summary>A file on disk as rows; the file is open only while the rows are walked.</summary>
internal sealed class FileRowSource(string path, RowFileFormat format, bool isCompressed, RowFileOptions options) : IRowSource
{
    public string Name { get; } = Path.GetFileName(path);

    public async IAsyncEnumerable<SourceRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: format is RowFileFormat.Parquet or RowFileFormat.Arrow ? 4096 : 1);
        await using (file.ConfigureAwait(false))
        {
            using Stream? unpacked = isCompressed ? new DecompressionStream(file, Name) : null;
            Stream stream = unpacked ?? file;
            if (format is RowFileFormat.Parquet or RowFileFormat.Arrow)
            {
                IAsyncEnumerable<SourceRow> rows = format == RowFileFormat.Parquet
                    ? ParquetRowReader.ReadAsync(stream, Name, options.Columnar, cancellationToken)
                    : ArrowRowReader.ReadAsync(stream, Name, options.Columnar, cancellationToken);
                await foreach (SourceRow row in rows.ConfigureAwait(false))
                {
                    yield return row;
                }

                yield break;
            }

            if (format == RowFileFormat.Document)
            {
                IRowExtractor extractor = options.Extractors.TryFind(isCompressed ? Path.GetFileNameWithoutExtension(path) : path, out IRowExtractor? found)
                    ? found
                    : throw new InvalidOperationException("The format was found by the same registry.");
                await foreach (SourceRow row in extractor.ExtractAsync(stream, Name, cancellationToken).ConfigureAwait(false))
                {
                    cancellationToken.ThrowIfCancellationRequested(); // extractors of others may not look
                    yield return row;
                }

                yield break;
            }

            foreach (SourceRow row in Read(stream))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return row;
            }
        }
    }

    private IEnumerable<SourceRow> Read(Stream stream) => format switch
    {
        RowFileFormat.JsonLines => JsonLinesReader.Read(stream, Name, options.Json)
            .Select(line => new SourceRow(line.SourceName, RowUnit.Line, line.LineNumber, line.Utf8, line.Value)),
        RowFileFormat.Json => JsonArrayReader.Read(stream, Name, options.Json),
        RowFileFormat.Csv => CsvReader.Read(stream, Name, options.Csv),
        RowFileFormat.Tsv => CsvReader.Read(stream, Name, options.Tsv),
        _ => throw new InvalidOperationException($"The format {format} has no synchronous reader."),
    };
}
