namespace OpenLedger.Datanets.Formats;

/// <summary>Makes rows of a document: text with the place it came from.</summary>
/// <remarks>
/// Implement it for formats of your own, or for a model that writes question and answer rows from a document, which is why reading is
/// asynchronous; <see cref="DocumentRows.ExtractAsync"/> does so for readers that need the whole file. Implementations of this package
/// give objects with <c>text</c>, <c>source</c> (the file's name), <c>part</c> (1-based) and, where the document has them, <c>title</c> and
/// <c>heading</c> (the headings above, joined by <c> &gt; </c>) or <c>page</c>.
/// </remarks>
public interface IRowExtractor
{
    /// <summary>The endings of file names it reads, in lower case with their dot, for example <c>.md</c>.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Reads a document.</summary>
    /// <param name="document">A readable stream; read while the result is walked, not disposed.</param>
    /// <param name="fileName">The file's name without folders, for messages and for the rows.</param>
    /// <param name="cancellationToken">Ends the walk between two rows.</param>
    /// <returns>The rows, which can be walked once.</returns>
    /// <exception cref="ArgumentException">The stream is not readable or the name empty; thrown before the walk.</exception>
    /// <exception cref="DatanetException">
    /// While walking: <see cref="DatanetError.InvalidDocument"/>, <see cref="DatanetError.InvalidUtf8"/>, <see cref="DatanetError.UnsafePath"/> or
    /// <see cref="DatanetError.LimitExceeded"/>.
    /// </exception>
    IAsyncEnumerable<SourceRow> ExtractAsync(Stream document, string fileName, CancellationToken cancellationToken = default);
}
