namespace OpenLedger.Datanets.Formats;

/// <summary>Reads delimited text: comma- or tab-separated files after RFC 4180 and as they are found.</summary>
/// <remarks>
/// UTF-8 with or without a byte order mark; rows ended by LF, CR LF or CR; line breaks and doubled quotes inside quotes. Blank lines are skipped.
/// A header cell without a name is called <c>column</c> and its number. Nothing is repaired: what breaks the rules is an error which names file,
/// line and column. Memory is bounded by the longest legal row. Safe for concurrent use.
/// </remarks>
public static class CsvReader
{
    /// <summary>Reads a stream from where it stands.</summary>
    /// <param name="stream">A readable stream; read while the result is walked, not disposed.</param>
    /// <param name="sourceName">The name for messages, usually the file's.</param>
    /// <param name="options">The dialect and limits, or <see langword="null"/> for comma-separated text with a header.</param>
    /// <returns>One JSON object per row with <see cref="RowUnit.Line"/>, read while the sequence is walked; it can be walked once.</returns>
    /// <exception cref="ArgumentException">The stream is not readable, or an option is illegal.</exception>
    /// <exception cref="DatanetException">
    /// While walking: <see cref="DatanetError.InvalidCsv"/>, <see cref="DatanetError.InvalidUtf8"/> or <see cref="DatanetError.LimitExceeded"/>,
    /// with <see cref="DatanetException.LineNumber"/> and <see cref="DatanetException.BytePosition"/>.
    /// </exception>
    public static IEnumerable<SourceRow> Read(Stream stream, string sourceName, CsvOptions? options = null)
    {
        RowFault.ThrowIfNotReadable(stream, sourceName);
        options ??= new CsvOptions();
        options.Validate();
        return Walk(stream, sourceName, options);
    }

    /// <summary>Reads a file; it is open only while the sequence is walked.</summary>
    /// <param name="path">The file; its name without folders appears in messages.</param>
    /// <param name="options">The dialect and limits, or <see langword="null"/> for comma-separated text with a header.</param>
    /// <returns>One JSON object per row, read while the sequence is walked.</returns>
    /// <exception cref="ArgumentException">The path is empty, or an option is illegal.</exception>
    /// <exception cref="IOException">While walking: the file cannot be opened or read.</exception>
    /// <exception cref="DatanetException">While walking; see <see cref="Read"/>.</exception>
    public static IEnumerable<SourceRow> ReadFile(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new CsvOptions();
        options.Validate();
        return WalkFile(path, options);
    }

    private static IEnumerable<SourceRow> WalkFile(string path, CsvOptions options)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1); // buffered by the scanner
        foreach (SourceRow row in Walk(stream, Path.GetFileName(path), options))
        {
            yield return row;
        }
    }

    private static IEnumerable<SourceRow> Walk(Stream stream, string sourceName, CsvOptions options)
    {
        CsvScanner scanner = new(stream, sourceName, options);
        CsvRowMaker? maker = null;
        if (options.HasHeader && scanner.TryReadRow())
        {
            maker = CsvRowMaker.FromHeader(scanner, sourceName, options);
        }

        while (scanner.TryReadRow())
        {
            maker ??= CsvRowMaker.WithoutHeader(scanner, sourceName, options);
            yield return maker.Make(scanner);
        }
    }
}
