using System.Text;
using System.Text.Json;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Formats.Csv;

public class CsvReaderTests
{
    [Fact]
    public void Read_EverythingRfc4180Has_GivesCellsAndLines()
    {
        SourceRow[] rows = [.. Read("\uFEFFa,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n\r\n\"\",é\n,\"\"\"\"\r2,3")];
        Assert.Equal(
            ["{\"a\":\"1\",\"b\":\"x, \\\"y\\\"\\r\\nz\"}", "{\"a\":\"\",\"b\":\"é\"}", "{\"a\":\"\",\"b\":\"\\\"\"}", "{\"a\":\"2\",\"b\":\"3\"}"],
            FormatsTesting.Texts(rows));
        Assert.Equal(["f.csv:2", "f.csv:5", "f.csv:6", "f.csv:7"], rows.Select(row => row.Position));
        Assert.Equal("x, \"y\"\r\nz", rows[0].Value.GetProperty("b").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\n\r\n\r")]
    [InlineData("a,b\n")]
    [InlineData("a,b")]
    public void Read_NothingButAHeader_GivesNothing(string text) => Assert.Empty(Read(text));

    [Fact]
    public void Read_RandomTables_AgreesWithTheSlowTwinHoweverTheStreamIsCut()
    {
        Random random = new(4180);
        string[] endings = ["\n", "\r\n", "\r"];
        string[] pieces = ["", "x", "é漢", "\"", "a\"b", ",", ";", "\n", "\r\n", "\r", " ", "=1", "long " + new string('y', 300)];
        for (int table = 0; table < 300; table++)
        {
            int columns = random.Next(1, 6);
            StringBuilder text = new();
            for (int row = 0; row < random.Next(1, 40); row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    string cell = string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => pieces[random.Next(pieces.Length)]));
                    bool needsQuotes = cell.AsSpan().IndexOfAny(",\r\n\"") >= 0 || random.Next(5) == 0 || (columns == 1 && cell.Length == 0);
                    text.Append(column > 0 ? "," : "").Append(needsQuotes ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell);
                }

                text.Append(endings[random.Next(3)]);
            }

            string file = text.ToString()[..(random.Next(2) == 0 ? text.Length : text.ToString().TrimEnd('\r', '\n').Length)];
            CsvOptions options = new() { HasHeader = false, RaggedRows = CsvRaggedRows.FillShortCutLong, RemoveFormulaGuards = false };
            using SlowStream stream = new(Encoding.UTF8.GetBytes(file), random.Next(1, 200));
            string[][] cells = [.. CsvReader.Read(stream, "f", options).Select(row => row.Value.EnumerateObject().Select(cell => cell.Value.GetString()!).ToArray())];
            Assert.Equal(SlowCsv.Read(file, ','), cells);
        }
    }

    [Fact]
    public void Read_RowsAcrossBuffers_AreWhole()
    {
        StringBuilder text = new("id,text\n");
        for (int i = 0; i < 4000; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},\"{new string('z', i % 251)}\n\"\"{i}\"\"\"\n");
        }

        int row = 0;
        foreach (SourceRow read in Read(text.ToString()))
        {
            Assert.Equal($"{row}", read.Value.GetProperty("id").GetString());
            Assert.Equal($"{new string('z', row % 251)}\n\"{row}\"", read.Value.GetProperty("text").GetString());
            Assert.Equal(2 + (2 * row), read.Number);
            row++;
        }

        Assert.Equal(4000, row);
    }

    /// <summary>Rows of three bytes put CR and LF on both sides of the buffer's end, which must not count as two line breaks.</summary>
    [Fact]
    public void Read_LineBreakAcrossBuffers_IsOne()
    {
        string text = "a\r\n" + string.Concat(Enumerable.Repeat("x\r\n", 100_000));
        Assert.Equal(Enumerable.Range(2, 100_000).Select(line => (long)line), Read(text).Select(row => row.Number));
    }

    [Theory]
    [InlineData("a,b\n1,2\n\"x\" y,2\n", DatanetError.InvalidCsv, 3, "f.csv:3: column 1: text follows the closing quote")]
    [InlineData("a,b\n1,\"2\n3\n", DatanetError.InvalidCsv, 2, "f.csv:2: column 2: the quote that opens this cell is never closed")]
    [InlineData("a,b\n1,2\n3\n", DatanetError.InvalidCsv, 3, "the row has 1 cells and the header 2")]
    [InlineData("a,b\n1,2,3\n", DatanetError.InvalidCsv, 2, "the row has 3 cells and the header 2")]
    [InlineData("a,a\n1,2\n", DatanetError.InvalidCsv, 1, "the header names the column 'a' twice")]
    [InlineData("a,b\n1,0123456789x\n", DatanetError.LimitExceeded, 2, "the cell is longer than 8 bytes")]
    [InlineData("a,b,c,d\n", DatanetError.LimitExceeded, 1, "more than 3 cells")]
    [InlineData("a,b\n12345678,12345678,12345678\n", DatanetError.LimitExceeded, 2, "the row is longer than 20 bytes")]
    public void Read_FaultyFile_NamesFileLineAndColumn(string text, DatanetError error, long line, string message)
    {
        CsvOptions options = new() { MaxCellBytes = 8, MaxColumns = 3, MaxRowBytes = 20 };
        DatanetException exception = Assert.Throws<DatanetException>(() => Read(text, options).Count());
        Assert.Equal((error, line), (exception.Error, exception.LineNumber!.Value));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.InRange(exception.BytePosition!.Value, 0, text.Length);
    }

    [Theory]
    [InlineData(CsvRaggedRows.FillShort, "a,b\n1\n", "{\"a\":\"1\"}")]
    [InlineData(CsvRaggedRows.FillShortCutLong, "a,b\n1,2,3\n", "{\"a\":\"1\",\"b\":\"2\"}")]
    public void Read_RaggedRows_FollowThePolicy(CsvRaggedRows policy, string text, string expected) =>
        Assert.Equal([expected], FormatsTesting.Texts(Read(text, new CsvOptions { RaggedRows = policy })));

    [Fact]
    public void Read_FillShortWithALongRow_IsRefused() =>
        Assert.Throws<DatanetException>(() => Read("a,b\n1,2,3\n", new CsvOptions { RaggedRows = CsvRaggedRows.FillShort }).Count());

    [Fact]
    public void Read_InferredTypes_KeepWhatIsNoJsonNumber()
    {
        string text = "n,f,b,e,t,z,q,big\n-5,1.5e3,true,,TRUE,007,\"8\",9007199254740993\n";
        Assert.Equal(
            ["{\"n\":-5,\"f\":1.5e3,\"b\":true,\"e\":null,\"t\":\"TRUE\",\"z\":\"007\",\"q\":\"8\",\"big\":\"9007199254740993\"}"],
            FormatsTesting.Texts(Read(text, new CsvOptions { Typing = CsvTyping.Infer })));
    }

    [Fact]
    public void Read_OtherDialects_AreOptions()
    {
        Assert.Equal(["{\"a\":\"1,5\",\"b\":\"x\"}"], FormatsTesting.Texts(Read("a;b\n1,5;x\n", new CsvOptions { Delimiter = ';' })));
        Assert.Equal(["{\"a\":\"\\\"x\",\"b\":\"y\"}"], FormatsTesting.Texts(Read("a\tb\n\"x\ty\n", CsvOptions.TabSeparated)));
        Assert.Equal(["{\"column1\":\"1\",\"column2\":\"2\"}"], FormatsTesting.Texts(Read("1,2\n", new CsvOptions { HasHeader = false })));
        Assert.Equal(["{\"x\":\"1\",\"y\":\"2\"}"], FormatsTesting.Texts(Read("a,b\n1,2\n", new CsvOptions { Columns = ["x", "y"] })));
        Assert.Equal(["{\"column1\":\"0\",\"a\":\"1\"}"], FormatsTesting.Texts(Read(",a\n0,1\n"))); // pandas writes its index so
    }

    [Fact]
    public void Read_InvalidUtf8_NamesTheColumn()
    {
        byte[] file = [.. "a,b\nx,"u8, 0xC3, 0x28, .. "\n"u8];
        DatanetException exception = Assert.Throws<DatanetException>(() => CsvReader.Read(new MemoryStream(file), "f.csv").Count());
        Assert.Equal(DatanetError.InvalidUtf8, exception.Error);
        Assert.StartsWith("f.csv:2: column 2: ", exception.Message, StringComparison.Ordinal);

        byte[] wide = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("a,b\n1,2\n")).ToArray();
        Assert.Contains("UTF-16", Assert.Throws<DatanetException>(() => CsvReader.Read(new MemoryStream(wide), "f.csv").Count()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((byte)'x')]
    [InlineData((byte)'"')]
    public void Read_EndlessRow_StopsAtTheLimit(byte filler)
    {
        using EndlessStream stream = new(filler);
        long before = GC.GetAllocatedBytesForCurrentThread();
        DatanetException exception = Assert.Throws<DatanetException>(() => CsvReader.Read(stream, "f").Count());
        Assert.Equal(DatanetError.LimitExceeded, exception.Error);
        Assert.True(stream.BytesRead < 8 << 20, $"{stream.BytesRead} bytes were read");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 16 << 20);
    }

    [Fact]
    public void Read_Limits_AreExact()
    {
        CsvOptions options = new() { HasHeader = false, MaxRowBytes = 10, MaxCellBytes = 10, MaxFileBytes = 12 };
        foreach (string ending in (string[])["", "\n", "\r\n"])
        {
            Assert.Single(Read("0123456789" + ending, options));
            Assert.Throws<DatanetException>(() => Read("0123456789" + ending, options with { MaxRowBytes = 9 }).Count());
            Assert.Throws<DatanetException>(() => Read("0123456789" + ending, options with { MaxFileBytes = 9 + ending.Length }).Count());
        }
    }

    [Fact]
    public void Read_FlippedBytes_GivesRowsOrTheDocumentedException()
    {
        byte[] valid = Encoding.UTF8.GetBytes("\uFEFFid,text,\"n\"\"1\"\r\n1,\"Wie groß, \"\"so\"\"?\",2\n\n2,x,\r\n3,\"a\nb\",'=1\r");
        Random random = new(7);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = FormatsTesting.Damage(valid, random);
            try
            {
                CsvOptions options = new() { RaggedRows = (CsvRaggedRows)random.Next(3), Typing = (CsvTyping)random.Next(2) };
                accepted += CsvReader.Read(new MemoryStream(bytes), "f", options).All(row => row.Value.ValueKind == JsonValueKind.Object) ? 1 : 0;
            }
            catch (DatanetException exception)
            {
                Assert.True(exception.Error is DatanetError.InvalidCsv or DatanetError.InvalidUtf8, exception.Message);
                Assert.InRange(exception.BytePosition!.Value, 0, bytes.Length);
            }
        }

        Assert.True(accepted > 1000, $"only {accepted} inputs were valid");
    }

    [Fact]
    public void Validate_IllegalOptions_AreAllNamed()
    {
        CsvOptions options = new() { Delimiter = '"', MaxColumns = 0, MaxRowBytes = 0, Columns = ["a", "a"] };
        ArgumentException exception = Assert.Throws<ArgumentException>(() => CsvReader.Read(Stream.Null, "f", options));
        Assert.All((string[])["Delimiter is U+0022", "Columns must be", "MaxRowBytes is 0", "MaxColumns is 0"], part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }

    private static IEnumerable<SourceRow> Read(string text, CsvOptions? options = null) => CsvReader.Read(FormatsTesting.StreamOf(text), "f.csv", options);

    private sealed class SlowStream(byte[] content, int chunk) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
    }

    private sealed class EndlessStream(byte filler) : MemoryStream
    {
        public long BytesRead { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill(filler);
            BytesRead += count;
            return count;
        }
    }
}
