namespace OpenLedger.Datanets.Formats;

/// <summary>Makes rows of plain text: paragraphs, put together up to the length of a row.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class TextRowExtractor : IRowExtractor
{
    private readonly DocumentOptions _options;

    /// <summary>Creates an extractor.</summary>
    /// <param name="options">Lengths and limits, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public TextRowExtractor(DocumentOptions? options = null)
    {
        _options = options ?? new DocumentOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".txt", ".text"];

    /// <summary>Reads plain text without waiting: <see cref="ExtractAsync"/> for streams in memory. The stream is read by the call, not by the walk.</summary>
    /// <inheritdoc cref="IRowExtractor.ExtractAsync" path="/*[not(self::summary) and not(@name='cancellationToken')]"/>
    public IEnumerable<SourceRow> Extract(Stream document, string fileName) =>
        Read(DocumentRows.ReadAll(document, fileName, _options.MaxFileBytes), fileName);

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceRow> ExtractAsync(Stream document, string fileName, CancellationToken cancellationToken = default) =>
        DocumentRows.ExtractAsync(document, fileName, _options.MaxFileBytes, bytes => Read(bytes, fileName), cancellationToken);

    private IEnumerable<SourceRow> Read(byte[] bytes, string fileName) =>
        new DocumentRows(fileName, _options).Make(null, null, DocumentRows.DecodeText(bytes, fileName));
}
