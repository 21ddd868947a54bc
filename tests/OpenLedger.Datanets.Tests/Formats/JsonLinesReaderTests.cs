using System.Text;
using OpenLedger.Datanets.Formats;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Formats;

public class JsonLinesReaderTests
{
    [Fact]
    public void Read_LinesOfAllKinds_KeepsNumbersAndPositions()
    {
        byte[] file = Encoding.UTF8.GetBytes("\uFEFF{\"a\":1}\r\n\n \t\r\n[2]\n\"é\"");
        JsonLine[] lines = [.. JsonLinesReader.Read(new MemoryStream(file), "f.jsonl")];
        Assert.Equal([(1L, 3L, "{\"a\":1}"), (4, 17, "[2]"), (5, 21, "\"é\"")], lines.Select(l => (l.LineNumber, l.BytePosition, Encoding.UTF8.GetString(l.Utf8.Span))));
        Assert.Equal(1, lines[0].Value.GetProperty("a").GetInt32());
        Assert.Equal("f.jsonl:4", lines[1].Position);
        Assert.All(lines, l => Assert.Equal(l.Utf8.ToArray(), file.AsSpan((int)l.BytePosition, l.Utf8.Length).ToArray()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF\r\n")]
    public void Read_NothingButBlankLines_GivesNothing(string text) =>
        Assert.Empty(JsonLinesReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "f"));

    [Fact]
    public void Read_AnyChunking_GivesTheSameLines()
    {
        StringBuilder text = new();
        for (int i = 0; i < 3000; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{{\"n\":{i},\"x\":\"{new string('y', i % 97)}\"}}\n");
        }

        byte[] file = Encoding.UTF8.GetBytes(text.ToString());
        foreach (int chunk in (int[])[1, 7, 4096, 65_536, 1 << 20])
        {
            JsonLine[] lines = [.. JsonLinesReader.Read(new ChunkedStream(file, chunk), "f")];
            Assert.Equal(3000, lines.Length);
            Assert.All(lines, (line, i) => Assert.Equal(i, line.Value.GetProperty("n").GetInt32()));
            Assert.All(lines, l => Assert.True(file.AsSpan((int)l.BytePosition, l.Utf8.Length).SequenceEqual(l.Utf8.Span)));
        }
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":}\n", DatanetError.InvalidJson, 2, 13)]
    [InlineData("{\"a\":1}\n{\"a\":1,\"a\":2}", DatanetError.InvalidJson, 2, null)]
    [InlineData("{\"a\":1} {\"b\":2}\n", DatanetError.InvalidJson, 1, 8)]
    [InlineData("1\n\n[[[[]]]]\n", DatanetError.InvalidJson, 3, null)]
    [InlineData("1\n123456789012345678901\n", DatanetError.LimitExceeded, 2, 2)]
    [InlineData("\"\\ud8\"\n", DatanetError.InvalidJson, 1, null)]
    public void Read_FaultyLine_NamesFileLineAndByte(string text, DatanetError error, long line, int? position)
    {
        JsonLinesOptions options = new() { MaxDepth = 3, MaxLineBytes = 20 };
        DatanetException exception = Assert.Throws<DatanetException>(
            () => JsonLinesReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "f.jsonl", options).Count());
        Assert.Equal(error, exception.Error);
        Assert.Equal(line, exception.LineNumber);
        Assert.StartsWith($"f.jsonl:{line}: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"byte {exception.BytePosition} of the file", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.True(position is null || position == exception.BytePosition, $"byte {exception.BytePosition}");
    }

    [Fact]
    public void Read_InvalidUtf8_NamesTheByte()
    {
        byte[] file = [.. "1\n\"ab"u8, 0xC3, 0x28, .. "\"\n"u8];
        DatanetException exception = Assert.Throws<DatanetException>(() => JsonLinesReader.Read(new MemoryStream(file), "f").Count());
        Assert.Equal((DatanetError.InvalidUtf8, 2L, 5L), (exception.Error, exception.LineNumber!.Value, exception.BytePosition!.Value));
    }

    [Fact]
    public void Read_Limits_AreExact()
    {
        byte[] line = Encoding.UTF8.GetBytes("\"" + new string('x', 98) + "\"");
        JsonLinesOptions options = new() { MaxLineBytes = 100, MaxFileBytes = 105 };
        foreach (string ending in (string[])["", "\n", "\r\n"])
        {
            byte[] file = [.. "\uFEFF"u8, .. line, .. Encoding.UTF8.GetBytes(ending)];
            Assert.Single(JsonLinesReader.Read(new ChunkedStream(file, 3), "f", options));
            Assert.Throws<DatanetException>(() => JsonLinesReader.Read(new ChunkedStream(file, 3), "f", options with { MaxLineBytes = 99 }).Count());
            Assert.Throws<DatanetException>(() => JsonLinesReader.Read(new ChunkedStream(file, 3), "f", options with { MaxFileBytes = file.Length - 1 }).Count());
        }
    }

    [Fact]
    public void Read_EndlessLine_StopsAtTheLimit()
    {
        using EndlessStream stream = new();
        DatanetException exception = Assert.Throws<DatanetException>(() => JsonLinesReader.Read(stream, "f").Count());
        Assert.Equal(DatanetError.LimitExceeded, exception.Error);
        Assert.True(stream.BytesRead < 4 << 20, $"{stream.BytesRead} bytes were read");
    }

    [Fact]
    public void Read_FlippedBytes_GivesLinesOrTheDocumentedException()
    {
        byte[] valid = Encoding.UTF8.GetBytes("\uFEFF{\"question\":\"Wie groß?\",\"n\":[1,2.5e3]}\r\n{\"t\":\"\\ud83d\\ude00\"}\n\nnull\n");
        Random random = new(99);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = valid[..random.Next(valid.Length + 1)];
            for (int flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                accepted += JsonLinesReader.Read(new MemoryStream(bytes), "f").All(line => line.LineNumber >= 1) ? 1 : 0;
            }
            catch (DatanetException exception)
            {
                Assert.InRange(exception.BytePosition!.Value, 0, bytes.Length);
                Assert.InRange(exception.LineNumber!.Value, 1, 1 + bytes.Count(b => b == (byte)'\n'));
            }
        }

        Assert.True(accepted > 500, $"only {accepted} inputs were valid");
    }

    [Theory]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"b\":2,\"\\udc00\":1}")]
    public void Read_NameWithHalfASurrogatePair_IsRefused(string json)
    {
        byte[] file = Encoding.UTF8.GetBytes("1\n" + json);
        DatanetException exception = Assert.Throws<DatanetException>(() => JsonLinesReader.Read(new MemoryStream(file), "f").Count());
        Assert.Equal((DatanetError.InvalidJson, 2L), (exception.Error, exception.LineNumber!.Value));
    }

    [Fact]
    public void ReadFile_Gsm8k_ReadsEveryRecord()
    {
        string folder = RealData.Require("corpora/gsm8k");
        string[] files = Directory.GetFiles(folder, "*.jsonl", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            int expected = File.ReadLines(file).Count(line => !string.IsNullOrWhiteSpace(line));
            Assert.Equal(expected, JsonLinesReader.ReadFile(file).Count());
        }
    }

    [Fact]
    public void ReadFile_MissingFile_FailsWhenWalked() =>
        Assert.ThrowsAny<IOException>(() => JsonLinesReader.ReadFile("/nowhere/missing.jsonl").Count());

    [Fact]
    public void Read_IllegalOptions_AreAllNamed()
    {
        JsonLinesOptions options = new() { MaxDepth = 0, MaxFileBytes = 0, MaxLineBytes = -1 };
        ArgumentException exception = Assert.Throws<ArgumentException>(() => JsonLinesReader.Read(Stream.Null, "f", options));
        Assert.Contains("MaxDepth is 0", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MaxFileBytes is 0", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MaxLineBytes is -1", exception.Message, StringComparison.Ordinal);
    }

    private sealed class ChunkedStream(byte[] content, int chunk) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
    }

    private sealed class EndlessStream : MemoryStream
    {
        public long BytesRead { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'1');
            BytesRead += count;
            return count;
        }
    }
}
