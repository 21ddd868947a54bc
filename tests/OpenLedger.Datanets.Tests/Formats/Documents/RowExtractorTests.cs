using OpenLedger.Datanets.Formats;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Formats.Documents;

public class RowExtractorTests
{
    public static TheoryData<string> Names => ["a.md", "a.txt", "a.docx"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ExtractAsync_Document_GivesTheRowsOfExtract(string name)
    {
        byte[] document = Document(name);
        IRowExtractor extractor = Extractor(name);
        List<SourceRow> rows = await FormatsTesting.ToListAsync(extractor.ExtractAsync(new MemoryStream(document), name, TestContext.Current.CancellationToken));
        IEnumerable<SourceRow> expected = extractor switch
        {
            MarkdownRowExtractor markdown => markdown.Extract(new MemoryStream(document), name),
            TextRowExtractor text => text.Extract(new MemoryStream(document), name),
            DocxRowExtractor docx => docx.Extract(new MemoryStream(document), name),
            _ => throw new InvalidOperationException(name),
        };
        Assert.Equal(3, rows.Count);
        Assert.Equal(FormatsTesting.Texts(expected), FormatsTesting.Texts(rows));
        Assert.Equal([$"{name}: part 1", $"{name}: part 2", $"{name}: part 3"], rows.Select(row => row.Position));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ExtractAsync_IllegalArguments_AreRefusedBeforeTheWalk(string name)
    {
        IRowExtractor extractor = Extractor(name);
        Assert.Throws<ArgumentNullException>(() => extractor.ExtractAsync(null!, name, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => extractor.ExtractAsync(new MemoryStream(), "", TestContext.Current.CancellationToken));
        MemoryStream closed = new();
        closed.Dispose();
        Assert.Throws<ArgumentException>(() => extractor.ExtractAsync(closed, name, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ExtractAsync_CancelledBetweenRows_Ends(string name)
    {
        using CancellationTokenSource source = new();
        int rows = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (SourceRow _ in Extractor(name).ExtractAsync(new MemoryStream(Document(name)), name, source.Token))
            {
                rows++;
                await source.CancelAsync();
            }
        });
        Assert.Equal(1, rows);
    }

    [Fact]
    public async Task ExtractAsync_TooLong_IsRefusedWhileWalking()
    {
        IAsyncEnumerable<SourceRow> rows = new TextRowExtractor(new DocumentOptions { MaxFileBytes = 3 })
            .ExtractAsync(FormatsTesting.StreamOf("abcd"), "a.txt", TestContext.Current.CancellationToken);
        DatanetException exception = await Assert.ThrowsAsync<DatanetException>(() => FormatsTesting.ToListAsync(rows));
        Assert.Equal(DatanetError.LimitExceeded, exception.Error);
        rows = new TextRowExtractor(new DocumentOptions { MaxFileBytes = 4 }).ExtractAsync(FormatsTesting.StreamOf("abcd"), "a.txt", TestContext.Current.CancellationToken);
        Assert.Single(await FormatsTesting.ToListAsync(rows));
    }

    [Fact]
    public async Task ReadAsync_ExtractorThatWaitsAndNeverLooksAtTheToken_IsStreamedAndCancelled()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("a.slow"), "abc", TestContext.Current.CancellationToken);
        SlowExtractor extractor = new();
        RowFileOptions options = new() { Extractors = RowExtractors.Default.With(extractor) };
        using CancellationTokenSource source = new();
        List<string> seen = [];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (SourceRow row in RowFiles.Open(folder.File("a.slow"), options).ReadAsync(source.Token))
            {
                seen.Add(row.Position);
                Assert.Equal(seen.Count, extractor.Given);
                if (seen.Count == 2)
                {
                    await source.CancelAsync();
                }
            }
        });
        Assert.Equal(["a.slow: part 1", "a.slow: part 2"], seen);
    }

    private static IRowExtractor Extractor(string name)
    {
        DocumentOptions options = new() { MaxChunkLength = 100 };
        return Path.GetExtension(name) switch
        {
            ".md" => new MarkdownRowExtractor(options),
            ".txt" => new TextRowExtractor(options),
            _ => new DocxRowExtractor(options),
        };
    }

    private static byte[] Document(string name)
    {
        string[] paragraphs = [new string('a', 80), new string('b', 80), new string('c', 80)];
        return name.EndsWith(".docx", StringComparison.Ordinal)
            ? DocumentTesting.Docx(string.Concat(paragraphs.Select(text => $"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")))
            : FormatsTesting.StreamOf(string.Join("\n\n", paragraphs)).ToArray();
    }

    private sealed class SlowExtractor : IRowExtractor
    {
        public int Given { get; private set; }

        public IReadOnlyList<string> Extensions { get; } = [".slow"];

        public async IAsyncEnumerable<SourceRow> ExtractAsync(
            Stream document, string fileName, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            for (int i = 1; i <= 3; i++)
            {
                await Task.Yield();
                Assert.Equal("abc"[i - 1], document.ReadByte());
                Given++;
                yield return new SourceRow(fileName, RowUnit.Part, i, """{"text":"x"}"""u8.ToArray());
            }
        }
    }
}
