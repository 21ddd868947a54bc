using System.Diagnostics;
using System.Text;
using OpenLedger.Datanets.Formats;
using OpenLedger.Testing;
using static OpenLedger.Datanets.Tests.Formats.Documents.DocumentTesting;

namespace OpenLedger.Datanets.Tests.Formats.Documents;

public class DocxRowExtractorTests
{
    private const string Styles = "<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:style w:styleId=\"berschrift2\"><w:name w:val=\"heading 2\"/></w:style></w:styles>";
    private const string Core = "<c:coreProperties xmlns:c=\"x\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>The Guide</dc:title></c:coreProperties>";

    private static readonly string Body =
        Paragraph("Before.") + Paragraph("Install", "Heading1") + Paragraph("First <step> & more.") + "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:delText>gone</w:delText></w:r></w:p>"
        + Paragraph("Windows", "berschrift2")
        + "<w:tbl><w:tr><w:tc>" + Paragraph("k") + "</w:tc><w:tc>" + Paragraph("v1") + Paragraph("v2") + "</w:tc></w:tr><w:tr><w:tc>" + Paragraph("x") + "</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
        + Paragraph("Update", "Heading1") + "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t>Last.</w:t></w:r></w:p>";

    [Fact]
    public void Extract_HeadingsTablesAndTitle_GiveSections()
    {
        SourceRow[] rows = [.. Extract(Docx(Body, ("word/styles.xml", Styles), ("docProps/core.xml", Core)))];
        Assert.Equal(
            [
                """{"text":"Before.","title":"The Guide","source":"g.docx","part":1}""",
                """{"text":"First <step> & more.\n\na\tb\nc","title":"The Guide","heading":"Install","source":"g.docx","part":2}""",
                """{"text":"k\tv1 v2\nx","title":"The Guide","heading":"Install > Windows","source":"g.docx","part":3}""",
                """{"text":"Last.","title":"The Guide","heading":"Update","source":"g.docx","part":4}""",
            ],
            FormatsTesting.Texts(rows));
        Assert.Equal("g.docx: part 4", rows[3].Position);
    }

    [Theory]
    [InlineData("../../evil.txt")]
    [InlineData("word/../../evil.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\evil.txt")]
    [InlineData("word\\evil.txt")]
    public void Extract_UnsafeNames_AreRefused(string name) => Refused(Docx(Body, (name, "x")), DatanetError.UnsafePath);

    [Fact]
    public void Extract_ZipBomb_IsRefusedInBoundedMemory()
    {
        byte[] bomb = Zip(("word/document.xml", Encoding.UTF8.GetBytes(Head + "<w:p><w:r><w:t>" + new string('a', 40 << 20) + "</w:t></w:r></w:p>" + Foot)));
        Assert.True(bomb.Length < 100_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(bomb, DatanetError.LimitExceeded);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20);
        Refused(bomb, DatanetError.LimitExceeded, new DocumentOptions { MaxPartBytes = 1 << 20, MaxCompressionRatio = 10_000 });
    }

    [Fact]
    public void Extract_LyingSize_IsNotBelieved()
    {
        // The central directory says 10 bytes; the data unpack to more.
        byte[] docx = Docx(string.Concat(Enumerable.Range(0, 2000).Select(i => Paragraph($"Paragraph {i}."))));
        byte[] name = Encoding.ASCII.GetBytes("word/document.xml");
        int entry = docx.AsSpan().LastIndexOf(name) - 46;
        docx[entry + 24] = 10;
        docx[entry + 25] = docx[entry + 26] = docx[entry + 27] = 0;
        try
        {
            Assert.True(Extract(docx).Sum(row => row.Utf8.Length) < 200_000);
        }
        catch (DatanetException exception)
        {
            Assert.Equal(DatanetError.InvalidDocument, exception.Error);
        }
    }

    [Fact]
    public void Extract_ManyParts_AreRefusedBeforeTheyAreListed() =>
        Refused(Docx(Body, [.. Enumerable.Range(0, 5000).Select(i => ($"p{i}", ""))]), DatanetError.LimitExceeded);

    [Fact]
    public void Extract_BillionLaughs_IsRefusedAtOnce()
    {
        byte[] xml = File.ReadAllBytes(Path.Combine(RepositoryRoot.Path, "tests/attacks/formats/billion-laughs.xml"));
        Stopwatch clock = Stopwatch.StartNew();
        Refused(Zip(("word/document.xml", xml)), DatanetError.InvalidDocument);
        Refused(Docx(Body, ("word/styles.xml", Encoding.UTF8.GetString(xml))), DatanetError.InvalidDocument);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Extract_ExternalEntity_IsNotOpened()
    {
        byte[] xml = File.ReadAllBytes(Path.Combine(RepositoryRoot.Path, "tests/attacks/formats/external-entity.xml"));
        Refused(Zip(("word/document.xml", xml)), DatanetError.InvalidDocument);
    }

    [Fact]
    public void Extract_DeepXml_IsRefused() =>
        Refused(Docx(string.Concat(Enumerable.Repeat("<w:sdt>", 5000)) + string.Concat(Enumerable.Repeat("</w:sdt>", 5000))), DatanetError.InvalidDocument);

    [Fact]
    public void Extract_OtherFiles_AreRefusedWithAReason()
    {
        Refused([], DatanetError.InvalidDocument);
        Refused(Encoding.UTF8.GetBytes("plain text"), DatanetError.InvalidDocument);
        Refused(Zip(("a.txt", [1])), DatanetError.InvalidDocument);
        byte[] old = [0xD0, 0xCF, 0x11, 0xE0, .. new byte[600]];
        Assert.Contains("password", Assert.Throws<DatanetException>(() => Extract(old).Count()).Message, StringComparison.Ordinal);
        Refused(new byte[2000], DatanetError.LimitExceeded, new DocumentOptions { MaxFileBytes = 1999 });
    }

    [Fact]
    public void Extract_FlippedBytes_GivesRowsOrTheDocumentedException()
    {
        byte[] valid = Docx(Body, ("word/styles.xml", Styles), ("docProps/core.xml", Core));
        Random random = new(31);
        Stopwatch clock = Stopwatch.StartNew();
        int accepted = 0;
        for (int i = 0; i < 6000; i++)
        {
            byte[] bytes = FormatsTesting.Damage(valid, random);
            TimeSpan start = clock.Elapsed;
            try
            {
                accepted += Extract(bytes).All(row => row.Number > 0) ? 1 : 0;
            }
            catch (DatanetException exception)
            {
                Assert.True(exception.Error is DatanetError.InvalidDocument or DatanetError.UnsafePath or DatanetError.LimitExceeded, exception.Message);
            }

            Assert.True(clock.Elapsed - start < TimeSpan.FromSeconds(5), $"case {i}");
        }

        Assert.True(accepted > 60, $"only {accepted} inputs were valid");
    }

    private static IEnumerable<SourceRow> Extract(byte[] docx, DocumentOptions? options = null) => new DocxRowExtractor(options).Extract(new MemoryStream(docx), "g.docx");

    private static void Refused(byte[] docx, DatanetError error, DocumentOptions? options = null) =>
        Assert.Equal(error, Assert.Throws<DatanetException>(() => Extract(docx, options).Count()).Error);
}
