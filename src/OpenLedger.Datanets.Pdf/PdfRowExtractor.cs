using System.Text;
using OpenLedger.Datanets.Formats;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;
using UglyToad.PdfPig.Exceptions;
using UglyToad.PdfPig.Fonts;

namespace OpenLedger.Datanets.Pdf;

/// <summary>Makes rows of text PDF files: pages in their order, text in the order in which the page writes it.</summary>
/// <remarks>
/// Objects with <c>text</c>, <c>source</c>, <c>page</c> and <c>part</c>, and <c>title</c> where the document has one. A document that holds
/// pictures only is refused: recognise its text first. Add it to <see cref="RowExtractors.With"/> to let <see cref="RowFiles"/> read <c>.pdf</c>.
/// A PDF is a program of sorts: sizes, pages, depth and unpacked bytes are limited here, time is not; read strangers' files in a process
/// that can be ended. Safe for concurrent use.
/// </remarks>
public sealed class PdfRowExtractor : IRowExtractor
{
    private const int MaxStackDepth = 100;
    private const int MaxTitleLength = 1000;

    /// <summary>E_NOTIMPL: what the library throws for the parts of the format that it does not have.</summary>
    private const int NotImplemented = unchecked((int)0x80004001);

    private readonly DocumentOptions _options;

    /// <summary>Creates an extractor.</summary>
    /// <param name="options">Lengths and limits, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public PdfRowExtractor(DocumentOptions? options = null)
    {
        _options = options ?? new DocumentOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".pdf"];

    /// <summary>Reads a PDF file without waiting: <see cref="ExtractAsync"/> for streams in memory. The stream is read by the call, not by the walk.</summary>
    /// <inheritdoc cref="IRowExtractor.ExtractAsync" path="/*[not(self::summary) and not(@name='cancellationToken')]"/>
    public IEnumerable<SourceRow> Extract(Stream document, string fileName) =>
        Read(DocumentRows.ReadAll(document, fileName, _options.MaxFileBytes), fileName);

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceRow> ExtractAsync(Stream document, string fileName, CancellationToken cancellationToken = default) =>
        DocumentRows.ExtractAsync(document, fileName, _options.MaxFileBytes, bytes => Read(bytes, fileName), cancellationToken);

    private IEnumerable<SourceRow> Read(byte[] bytes, string fileName)
    {
        UnpackBudget budget = new(fileName, _options.MaxPartBytes);
        using PdfDocument document = Guard(fileName, budget, () => Open(bytes, budget));
        int pages = Guard(fileName, budget, () => document.NumberOfPages);
        if (pages > _options.MaxPages)
        {
            throw new DatanetException(
                DatanetError.LimitExceeded, FormattableString.Invariant($"{fileName}: the document has {pages} pages, beyond MaxPages = {_options.MaxPages}."));
        }

        string? title = Guard(fileName, budget, () => Clean(document.Information.Title ?? "").Trim());
        DocumentRows rows = new(fileName, _options);
        bool hasText = false;
        bool hasPictures = false;
        for (int i = 1; i <= pages; i++)
        {
            int number = i;
            (string text, bool isPicture) = Guard(fileName, budget, () => ReadPage(document.GetPage(number)));
            hasText |= text.Length > 0;
            hasPictures |= isPicture;
            foreach (SourceRow row in rows.Make(title is { Length: > 0 and <= MaxTitleLength } ? title : null, null, text, number))
            {
                yield return row;
            }
        }

        if (!hasText && hasPictures)
        {
            throw new DatanetException(DatanetError.InvalidDocument, $"{fileName}: the pages hold pictures and no text; recognise the text first (OCR).");
        }
    }

    private static PdfDocument Open(byte[] bytes, UnpackBudget budget) => PdfDocument.Open(
        bytes,
        new ParsingOptions
        {
            UseLenientParsing = true,
            SkipMissingFonts = true,
            MaxStackDepth = MaxStackDepth,
            FilterProvider = new BoundedFilterProvider(budget),
        });

    private static (string Text, bool IsPicture) ReadPage(Page page)
    {
        string text = Clean(ContentOrderTextExtractor.GetText(page, addDoubleNewline: true)).Trim();
        return (text, text.Length == 0 && page.NumberOfImages > 0);
    }

    /// <summary>Control characters but tabs and line breaks stand for glyphs without a meaning.</summary>
    private static string Clean(string text)
    {
        StringBuilder clean = new(text.Length);
        foreach (char c in text.ReplaceLineEndings("\n"))
        {
            if (c is '\n' or '\t' || !char.IsControl(c))
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    private static T Guard<T>(string fileName, UnpackBudget budget, Func<T> read)
    {
        T result;
        try
        {
            result = read();
        }
        catch (PdfDocumentEncryptedException exception)
        {
            throw new DatanetException(DatanetError.InvalidDocument, $"{fileName}: the document is encrypted; save it without a password.", exception);
        }
        catch (Exception exception) when (budget.Fault is null && IsOfLibrary(exception))
        {
            string reason = exception.Message.ReplaceLineEndings(" ");
            throw new DatanetException(
                DatanetError.InvalidDocument, $"{fileName}: the document is damaged: {(reason.Length > 200 ? reason[..200] + "…" : reason.TrimEnd('.'))}.", exception);
        }

        // The library takes an exception of a filter for a broken stream and goes on without it.
        return budget.Fault is null ? result : throw budget.Fault;
    }

    /// <summary>
    /// Whether an exception that left PdfPig is its way of saying "this file is damaged": its own types, and what spans, casts, dictionaries and
    /// arithmetic throw where it trusts the file. Found by flipping bytes. The bytes are in memory, so that no device is at fault.
    /// </summary>
    private static bool IsOfLibrary(Exception exception) => exception
        is PdfDocumentFormatException or PdfDocumentStackDepthException or CorruptCompressedDataException or InvalidFontFormatException
        or ArgumentException or InvalidOperationException or IndexOutOfRangeException or NullReferenceException or KeyNotFoundException
        or InvalidCastException or FormatException or ArithmeticException or NotSupportedException or IOException
        or InvalidDataException
        || exception.HResult == NotImplemented
        || exception.GetType() == typeof(Exception);
}
