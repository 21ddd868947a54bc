using System.Text;
using System.Text.Json;
using OpenLedger.Datanets.Formats;

namespace OpenLedger.Datanets.Tests.Formats;

public class JsonArrayReaderTests
{
    [Theory]
    [InlineData("[{\"a\":1}, {\"b\":[2,{}]}]", 2)]
    [InlineData("\uFEFF [ ] ", 0)]
    [InlineData("{\"a\":[1,2]}", 1)]
    [InlineData("{\"a\":1}\n{\"a\":2}\n", 2)]
    [InlineData("[1,\"x\",null,[[]]]", 4)]
    [InlineData("", 0)]
    public void Read_EachForm_GivesItsRows(string text, int expected)
    {
        foreach (int chunk in (int[])[1, 2, 3, 7, 1 << 20])
        {
            using CutStream stream = new(Encoding.UTF8.GetBytes(text), chunk);
            SourceRow[] rows = [.. JsonArrayReader.Read(stream, "f.json")];
            Assert.Equal(expected, rows.Length);
            Assert.Equal(Enumerable.Range(1, expected).Select(i => $"f.json: row {i}"), rows.Select(row => row.Position));
            Assert.All(rows, row => Assert.Equal(row.Value.GetRawText(), Encoding.UTF8.GetString(row.Utf8.Span)));
        }
    }

    [Fact]
    public void Read_LargeArrayInAnyChunks_GivesEveryRow()
    {
        string text = "[" + string.Join(",\n ", Enumerable.Range(0, 5000).Select(i => $"{{\"n\":{i},\"t\":\"{new string('é', i % 97)}\"}}")) + "]";
        foreach (int chunk in (int[])[777, 65_536])
        {
            using CutStream stream = new(Encoding.UTF8.GetBytes(text), chunk);
            Assert.Equal(Enumerable.Range(0, 5000), JsonArrayReader.Read(stream, "f").Select(row => row.Value.GetProperty("n").GetInt32()));
        }
    }

    [Theory]
    [InlineData("[{\"a\":1},{\"a\":}]", DatanetError.InvalidJson, "f: row 2")]
    [InlineData("[{\"a\":1}", DatanetError.InvalidJson, "f: row 2")]
    [InlineData("[{\"a\":1,\"a\":2}]", DatanetError.InvalidJson, "f: row 1")]
    [InlineData("[1] 2", DatanetError.InvalidJson, "f: row 2")]
    [InlineData("[[[[[[1]]]]]]", DatanetError.InvalidJson, "f: row 1")]
    [InlineData("[\"0123456789012345678901234567890\"]", DatanetError.LimitExceeded, "f: row 1")]
    [InlineData("[1,\"\\ud800x\"", DatanetError.InvalidJson, "f: row 3")]
    public void Read_FaultyFile_NamesTheRow(string text, DatanetError error, string position)
    {
        DatanetException exception = Assert.Throws<DatanetException>(
            () => JsonArrayReader.Read(FormatsTesting.StreamOf(text), "f", new JsonLinesOptions { MaxDepth = 4, MaxLineBytes = 30 }).Count());
        Assert.Equal(error, exception.Error);
        Assert.StartsWith(position, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", "[")]
    [InlineData("{\"a\":\"", "x")]
    [InlineData("[{\"a\":", " ")]
    public void Read_EndlessRow_StopsAtTheLimit(string start, string filler)
    {
        using RepeatingStream stream = new(start, filler);
        DatanetException exception = Assert.Throws<DatanetException>(() => JsonArrayReader.Read(stream, "f").Count());
        Assert.True(exception.Error is DatanetError.LimitExceeded or DatanetError.InvalidJson, exception.Message);
        Assert.True(stream.BytesRead < 8 << 20, $"{stream.BytesRead} bytes were read");
    }

    [Fact]
    public void Read_FlippedBytes_GivesRowsOrTheDocumentedException()
    {
        byte[] valid = Encoding.UTF8.GetBytes("[{\"q\":\"Wie groß?\",\"n\":[1,2.5e3]},\n{\"t\":\"\\ud83d\\ude00\"},null]");
        Random random = new(11);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = FormatsTesting.Damage(valid, random);
            try
            {
                accepted += JsonArrayReader.Read(new CutStream(bytes, random.Next(1, 40)), "f").All(row => row.Value.ValueKind != JsonValueKind.Undefined) ? 1 : 0;
            }
            catch (DatanetException exception)
            {
                Assert.True(exception.Error is DatanetError.InvalidJson or DatanetError.InvalidUtf8, exception.Message);
                Assert.InRange(exception.BytePosition!.Value, 0, bytes.Length);
            }
        }

        Assert.True(accepted > 100, $"only {accepted} inputs were valid");
    }

    private sealed class CutStream(byte[] content, int chunk) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
    }

    private sealed class RepeatingStream(string start, string filler) : MemoryStream
    {
        public long BytesRead { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)filler[0]);
            if (BytesRead == 0)
            {
                Encoding.UTF8.GetBytes(start).CopyTo(buffer, offset);
            }

            BytesRead += count;
            return count;
        }
    }
}
