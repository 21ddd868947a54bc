using System.Diagnostics.CodeAnalysis;

namespace OpenLedger.Datanets.Formats;

/// <summary>Which extractor reads which file, by the ending of its name.</summary>
/// <remarks>Immutable; safe for concurrent use.</remarks>
public sealed class RowExtractors
{
    private readonly Dictionary<string, IRowExtractor> _byExtension;

    private RowExtractors(Dictionary<string, IRowExtractor> byExtension) => _byExtension = byExtension;

    /// <summary>Markdown (<c>.md</c>, <c>.markdown</c>), plain text (<c>.txt</c>, <c>.text</c>) and Word (<c>.docx</c>) with default options.</summary>
    public static RowExtractors Default { get; } = new RowExtractors(new(StringComparer.OrdinalIgnoreCase))
        .With(new MarkdownRowExtractor())
        .With(new TextRowExtractor())
        .With(new DocxRowExtractor());

    /// <summary>The endings that are known, in ordinal order.</summary>
    public IReadOnlyList<string> Extensions => [.. _byExtension.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Adds an extractor; it takes over the endings that it shares with others.</summary>
    /// <param name="extractor">The extractor.</param>
    /// <returns>A new registry; this one does not change.</returns>
    /// <exception cref="ArgumentException">It has no ending, or one without a dot in front.</exception>
    public RowExtractors With(IRowExtractor extractor)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        if (extractor.Extensions.Count == 0 || extractor.Extensions.Any(extension => extension.Length < 2 || extension[0] != '.'))
        {
            throw new ArgumentException("The extractor names no ending such as '.md'.", nameof(extractor));
        }

        Dictionary<string, IRowExtractor> copy = new(_byExtension, StringComparer.OrdinalIgnoreCase);
        foreach (string extension in extractor.Extensions)
        {
            copy[extension] = extractor;
        }

        return new RowExtractors(copy);
    }

    /// <summary>Finds the extractor of a file.</summary>
    /// <param name="fileName">A file name or path.</param>
    /// <param name="extractor">The extractor, or <see langword="null"/>.</param>
    public bool TryFind(string fileName, [NotNullWhen(true)] out IRowExtractor? extractor)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        return _byExtension.TryGetValue(Path.GetExtension(fileName), out extractor);
    }
}
