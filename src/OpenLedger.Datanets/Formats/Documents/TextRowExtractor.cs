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

    /// <inheritdoc/>
    public IEnumerable<SourceRow> Extract(Stream document, string fileName)
    {
        string text = DocumentRows.ReadText(document, fileName, _options.MaxFileBytes);
        return new DocumentRows(fileName, _options).Make(null, null, text);
    }
}
