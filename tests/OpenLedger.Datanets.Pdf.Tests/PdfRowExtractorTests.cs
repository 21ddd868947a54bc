using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using OpenLedger.Datanets.Formats;
using OpenLedger.Testing;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace OpenLedger.Datanets.Pdf.Tests;

public class PdfRowExtractorTests
{
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    [Fact]
    public void Extract_Pages_GiveTheirTextInOrder()
    {
        byte[] pdf = Build(["The first page.\nIt has two lines.", "", "The third page."], "A Manual");
        SourceRow[] rows = [.. Extract(pdf)];
        Assert.Equal(["g.pdf: page 1", "g.pdf: page 3"], rows.Select(row => row.Position));
        Assert.Equal("The first page. It has two lines.", Words(rows[0]));
        Assert.Equal("The third page.", Words(rows[1]));
        Assert.Equal(("A Manual", "g.pdf", 3, 2), (rows[1].Value.GetProperty("title").GetString(), rows[1].Value.GetProperty("source").GetString(), rows[1].Value.GetProperty("page").GetInt32(), rows[1].Value.GetProperty("part").GetInt32()));
    }

    [Fact]
    public async Task Open_WithTheExtractorRegistered_ReadsPdfFiles()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllBytesAsync(folder.File("a.pdf"), Build(["Hello there."]), TestContext.Current.CancellationToken);
        RowFileOptions options = new() { Extractors = RowExtractors.Default.With(new PdfRowExtractor()) };
        List<SourceRow> rows = [];
        await foreach (SourceRow row in RowFiles.Open(folder.File("a.pdf"), options).ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(row);
        }

        Assert.Equal("Hello there.", Words(Assert.Single(rows)));
        Assert.Throws<ArgumentException>(() => RowFiles.Open(folder.File("a.pdf")));
    }

    [Fact]
    public void Extract_LongPage_IsCutIntoRowsOfOnePage()
    {
        byte[] pdf = Build([string.Join("\n", Enumerable.Range(0, 40).Select(i => $"Line {i} of a page that is long."))]);
        SourceRow[] rows = [.. Extract(pdf, new DocumentOptions { MaxChunkLength = 200 })];
        Assert.True(rows.Length > 4);
        Assert.All(rows, row => Assert.Equal("g.pdf: page 1", row.Position));
        Assert.Equal(Enumerable.Range(1, rows.Length), rows.Select(row => row.Value.GetProperty("part").GetInt32()));
    }

    [Fact]
    public void Extract_PicturesOnly_AreRefusedWithAdvice()
    {
        using PdfDocumentBuilder builder = new();
        PdfPageBuilder page = builder.AddPage(PageSize.A4);
        page.AddPng(Convert.FromBase64String(Pixel), new PdfRectangle(0, 0, 100, 100));
        Assert.Contains("OCR", Refused(builder.Build(), DatanetError.InvalidDocument).Message, StringComparison.Ordinal);
        Assert.Empty(Extract(Build([""]))); // an empty page is no picture
    }

    [Fact]
    public void Extract_Encrypted_IsRefusedWithAdvice()
    {
        string key = new('A', 64);
        byte[] pdf = Minimal("BT ET", $"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -44 >> /ID [<{key[..32]}> <{key[..32]}>]");
        Assert.Contains("password", Refused(pdf, DatanetError.InvalidDocument).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Extract_Limits_AreKept()
    {
        byte[] pdf = Build(["a", "b", "c"]);
        Refused(pdf, DatanetError.LimitExceeded, new DocumentOptions { MaxPages = 2 });
        Refused(pdf, DatanetError.LimitExceeded, new DocumentOptions { MaxFileBytes = 100 });
        Assert.Equal(3, Extract(pdf, new DocumentOptions { MaxPages = 3 }).Count());
    }

    [Fact]
    public void Extract_FlateBomb_IsRefusedInBoundedMemory()
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] blank = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
            for (int i = 0; i < 128; i++)
            {
                zlib.Write(blank);
            }
        }

        byte[] pdf = MinimalStream(packed.ToArray(), "/Filter /FlateDecode");
        Assert.True(pdf.Length < 300_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(pdf, DatanetError.LimitExceeded);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 32 << 20);
    }

    [Fact]
    public void Extract_RunLengthBomb_IsRefused()
    {
        byte[] packed = [.. Enumerable.Repeat((byte[])[129, 32], 100_000).SelectMany(run => run)];
        Refused(MinimalStream(packed, "/Filter /RunLengthDecode"), DatanetError.LimitExceeded, new DocumentOptions { MaxPartBytes = 1 << 20 });
    }

    [Fact]
    public void Extract_MinimalFile_IsRead() =>
        Assert.Equal("Hello world", Words(Assert.Single(Extract(Minimal("BT /F1 12 Tf 72 700 Td (Hello world) Tj ET")))));

    [Theory]
    [InlineData("")]
    [InlineData("%PDF-1.7")]
    [InlineData("no PDF at all")]
    [InlineData("%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 1 0 R >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF")]
    public void Extract_NoPdf_IsRefused(string text)
    {
        try
        {
            Assert.Empty(Extract(Encoding.ASCII.GetBytes(text)));
        }
        catch (DatanetException exception)
        {
            Assert.Equal(DatanetError.InvalidDocument, exception.Error);
        }
    }

    [Fact]
    public void Extract_FlippedBytes_GivesRowsOrTheDocumentedException()
    {
        byte[][] valid = [Minimal("BT /F1 12 Tf 72 700 Td (Hello world) Tj 0 -20 Td [(More) -200 (text)] TJ ET"), Build(["One page of text.", "And another."], "T")];
        Random random = new(17);
        Stopwatch clock = Stopwatch.StartNew();
        int accepted = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = [.. valid[i % 2]];
            bytes = random.Next(5) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
            for (int flips = 1 + random.Next(6); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : "0123456789<>[]()/ R"[random.Next(19)]);
            }

            TimeSpan start = clock.Elapsed;
            try
            {
                accepted += Extract(bytes).All(row => row.Number > 0) ? 1 : 0;
            }
            catch (DatanetException exception)
            {
                Assert.True(exception.Error is DatanetError.InvalidDocument or DatanetError.LimitExceeded, exception.Message);
            }

            Assert.True(clock.Elapsed - start < TimeSpan.FromSeconds(10), $"case {i} took {clock.Elapsed - start}");
        }

        Assert.True(accepted > 300, $"only {accepted} inputs were valid");
    }

    private static IEnumerable<SourceRow> Extract(byte[] pdf, DocumentOptions? options = null) => new PdfRowExtractor(options).Extract(new MemoryStream(pdf), "g.pdf");

    private static DatanetException Refused(byte[] pdf, DatanetError error, DocumentOptions? options = null)
    {
        DatanetException exception = Assert.Throws<DatanetException>(() => Extract(pdf, options).Count());
        Assert.Equal(error, exception.Error);
        return exception;
    }

    private static string Words(SourceRow row) => string.Join(' ', row.Value.GetProperty("text").GetString()!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static byte[] Build(string[] pages, string? title = null)
    {
        using PdfDocumentBuilder builder = new();
        builder.DocumentInformation.Title = title;
        PdfDocumentBuilder.AddedFont font = builder.AddStandard14Font(Standard14Font.Helvetica);
        foreach (string text in pages)
        {
            PdfPageBuilder page = builder.AddPage(PageSize.A4);
            double y = 800;
            foreach (string line in text.Split('\n').Where(line => line.Length > 0))
            {
                page.AddText(line, 12, new PdfPoint(50, y), font);
                y -= 15;
            }
        }

        return builder.Build();
    }

    private static byte[] Minimal(string content, string trailer = "") => MinimalStream(Encoding.ASCII.GetBytes(content), "", trailer);

    /// <summary>One page with the given content stream, written by hand with a correct cross-reference table.</summary>
    private static byte[] MinimalStream(byte[] content, string filter, string trailer = "")
    {
        using MemoryStream stream = new();
        List<long> offsets = [];
        Write("%PDF-1.4\n");
        Begin("<< /Type /Catalog /Pages 2 0 R >>");
        Begin("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        Begin("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>");
        offsets.Add(stream.Position);
        Write($"4 0 obj\n<< /Length {content.Length} {filter} >>\nstream\n");
        stream.Write(content);
        Write("\nendstream\nendobj\n");
        Begin("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
        long table = stream.Position;
        Write($"xref\n0 6\n0000000000 65535 f \n{string.Concat(offsets.Select(offset => FormattableString.Invariant($"{offset:D10} 00000 n \n")))}");
        Write($"trailer\n<< /Size 6 /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n");
        return stream.ToArray();

        void Begin(string body)
        {
            offsets.Add(stream.Position);
            Write($"{offsets.Count} 0 obj\n{body}\nendobj\n");
        }

        void Write(string text) => stream.Write(Encoding.Latin1.GetBytes(text));
    }
}
