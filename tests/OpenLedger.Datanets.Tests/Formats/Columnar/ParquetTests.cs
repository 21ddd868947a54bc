using System.Diagnostics;
using System.Text.Json;
using OpenLedger.Datanets.Formats;
using OpenLedger.Testing;
using Parquet;
using Parquet.Schema;

namespace OpenLedger.Datanets.Tests.Formats.Columnar;

public class ParquetTests
{
    private static readonly string[] Chats =
    [
        """{"id":1,"messages":[{"role":"user","content":"Hi","n":null},{"role":"assistant","content":"Hello é","n":2}],"tags":["a",null,""],"score":0.1,"ok":true,"any":[1,"x"]}""",
        """{"id":-9007199254740991,"messages":[],"tags":[],"score":-0.0,"ok":false,"any":null,"late":"x"}""",
        """{"id":3,"messages":null,"tags":null,"score":null,"ok":null,"any":{"k":{}}}""",
        """{"id":4,"messages":[{"role":"tool"}],"tags":["z"],"score":1e300,"ok":true}""",
        """{"id":5,"messages":[{"role":"user","content":"","n":1},{"role":"user","content":null,"n":5},{"role":"u","content":"c","n":7}],"tags":["p","q"],"score":2,"ok":true,"any":7,"late":null}""",
    ];

    [Theory]
    [InlineData(ParquetCompression.None, 1)]
    [InlineData(ParquetCompression.Snappy, 2)]
    [InlineData(ParquetCompression.Zstandard, 100)]
    public async Task Write_ChatsWithNullsAndMixedColumns_ComeBackEqual(ParquetCompression compression, int rowGroupRows)
    {
        JsonElement[] rows = [.. Chats.Select(FormatsTesting.Json)];
        byte[] file = await WriteAsync(rows, compression, rowGroupRows);
        List<SourceRow> back = await ReadAsync(file);
        Assert.Equal(FormatsTesting.Canonical(rows), FormatsTesting.Canonical(back.Select(row => row.Value)));
        Assert.Equal("f.parquet: row 1", back[0].Position);
        Assert.Equal(rows.Length, back[^1].Number);
    }

    [Fact]
    public async Task Write_ListsInLists_ComeBackEqual()
    {
        JsonElement[] rows =
        [
            .. ((string[])["""{"a":[[1,2],[],null,[3]],"o":{"p":{"q":[{"r":[true]}]}}}""", """{"a":[],"o":null}""", """{"a":null,"o":{"p":null}}""", """{"a":[[]],"o":{"p":{"q":[]}}}""",
                """{"a":[[null]],"o":{"p":{"q":[{"r":[]},{"r":null},null]}}}"""]).Select(FormatsTesting.Json),
        ];
        Assert.Equal(FormatsTesting.Canonical(rows), FormatsTesting.Canonical((await ReadAsync(await WriteAsync(rows, ParquetCompression.Snappy, 2))).Select(row => row.Value)));
    }

    [Fact]
    public async Task Write_RandomRows_ComeBackEqual()
    {
        Random random = new(23);
        for (int file = 0; file < 60; file++)
        {
            JsonElement[] rows = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => JsonElement.Parse(RandomObject(random, 0)))];
            if (rows.All(row => row.GetPropertyCount() == 0))
            {
                continue;
            }

            Assert.Equal(FormatsTesting.Canonical(rows), FormatsTesting.Canonical((await ReadAsync(await WriteAsync(rows, (ParquetCompression)random.Next(3), 7))).Select(row => row.Value)));
        }
    }

    /// <summary>What other readers see is plain: the library reads our file as columns of the customary types.</summary>
    [Fact]
    public async Task Write_File_HasTheCustomarySchema()
    {
        byte[] file = await WriteAsync([.. Chats.Select(FormatsTesting.Json)], ParquetCompression.Zstandard, 10);
        await using ParquetReader reader = await ParquetReader.CreateAsync(new MemoryStream(file), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["id", "messages", "tags", "score", "ok", "any", "late"], reader.Schema.Fields.Select(field => field.Name));
        StructField message = Assert.IsType<StructField>(Assert.IsType<ListField>(reader.Schema.Fields[1]).Item);
        Assert.Equal(["role", "content", "n"], message.Fields.Select(field => field.Name));
        Assert.Equal(5, reader.Metadata!.NumRows);
        Assert.Contains(ParquetRowWriter.LayoutKey, reader.CustomMetadata.Keys);
    }

    [Fact]
    public async Task Read_RealFile_HoldsWhatPandasWrote()
    {
        await using FileStream file = File.OpenRead(RealData.Require("corpora/croissant/1.0/simple-parquet/data/dataframe.parquet"));
        List<SourceRow> rows = await FormatsTesting.ToListAsync(ParquetRowReader.ReadAsync(file, "d.parquet", cancellationToken: TestContext.Current.CancellationToken));
        Assert.All(rows, row => Assert.Equal(["name", "age"], row.Value.EnumerateObject().Select(member => member.Name)));
        Assert.All(rows, row => Assert.Equal((JsonValueKind.String, JsonValueKind.Number), (row.Value.GetProperty("name").ValueKind, row.Value.GetProperty("age").ValueKind)));
    }

    [Fact]
    public async Task Read_NotANumber_FollowsTheOption()
    {
        ParquetSchema schema = new(new DataField<double>("x"));
        using MemoryStream stream = new();
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream, cancellationToken: TestContext.Current.CancellationToken))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync<double>(schema.DataFields[0], new[] { 1.5, double.NaN }, cancellationToken: TestContext.Current.CancellationToken);
        }

        DatanetException exception = await Assert.ThrowsAsync<DatanetException>(() => ReadAsync(stream.ToArray()));
        Assert.Equal(DatanetError.InvalidColumnarFile, exception.Error);
        Assert.StartsWith("f.parquet: row 2: a number is NaN", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["{\"x\":1.5}", "{\"x\":null}"], FormatsTesting.Texts(await ReadAsync(stream.ToArray(), new ColumnarOptions { NonFinite = NonFiniteNumbers.Null })));
    }

    [Fact]
    public async Task Read_Limits_AreKept()
    {
        JsonElement[] rows = [.. Enumerable.Range(0, 1000).Select(i => JsonElement.Parse($"{{\"t\":\"{new string('x', 200)}{i}\"}}"))];
        byte[] file = await WriteAsync(rows, ParquetCompression.Zstandard, 1000);
        ColumnarOptions options = new();
        foreach (ColumnarOptions strict in (ColumnarOptions[])[options with { MaxFileBytes = 100 }, options with { MaxGroupRows = 999 }, options with { MaxRowBytes = 200 }])
        {
            Assert.Equal(DatanetError.LimitExceeded, (await Assert.ThrowsAsync<DatanetException>(() => ReadAsync(file, strict))).Error);
        }

        DatanetException memory = await Assert.ThrowsAsync<DatanetException>(() => ReadAsync(file, options with { MaxGroupBytes = 10_000 }));
        Assert.True(memory.Error is DatanetError.LimitExceeded or DatanetError.InvalidColumnarFile);
        Assert.Equal(1000, (await ReadAsync(file, options with { MaxGroupRows = 1000, MaxRowBytes = 212 })).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PAR1")]
    [InlineData("PAR1xxxxPAR1")]
    [InlineData("PAR1\u007f\u007f\u007f\u007fPAR1")]
    [InlineData("not a parquet file at all")]
    public async Task Read_NoParquet_IsRefused(string text)
    {
        DatanetException exception = await Assert.ThrowsAsync<DatanetException>(() => ReadAsync(System.Text.Encoding.Latin1.GetBytes(text)));
        Assert.True(exception.Error is DatanetError.InvalidColumnarFile or DatanetError.LimitExceeded, exception.Message);
        Assert.StartsWith("f.parquet: ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ParquetCompression.None)]
    [InlineData(ParquetCompression.Snappy)]
    [InlineData(ParquetCompression.Zstandard)]
    public async Task Read_FlippedBytes_GivesRowsOrTheDocumentedException(ParquetCompression compression)
    {
        JsonElement[] rows = [.. Enumerable.Range(0, 6).SelectMany(_ => Chats).Select(FormatsTesting.Json)];
        await FuzzAsync(await WriteAsync(rows, compression, 10), 4000, 100 + (int)compression);
    }

    [Fact]
    public async Task Read_FlippedBytesOfTheRealFile_GivesRowsOrTheDocumentedException() =>
        await FuzzAsync(await File.ReadAllBytesAsync(RealData.Require("corpora/croissant/1.0/simple-parquet/data/dataframe.parquet"), TestContext.Current.CancellationToken), 4000, 5);

    private static async Task FuzzAsync(byte[] valid, int cases, int seed)
    {
        Random random = new(seed);
        ColumnarOptions options = new() { MaxGroupBytes = 8 << 20, MaxMetadataBytes = 1 << 20 };
        Stopwatch clock = Stopwatch.StartNew();
        int accepted = 0;
        for (int i = 0; i < cases; i++)
        {
            byte[] bytes = FormatsTesting.Damage(valid, random);
            long before = GC.GetTotalAllocatedBytes();
            TimeSpan start = clock.Elapsed;
            try
            {
                accepted += (await ReadAsync(bytes, options)).All(row => row.Value.ValueKind == JsonValueKind.Object) ? 1 : 0;
            }
            catch (DatanetException exception)
            {
                Assert.True(exception.Error is DatanetError.InvalidColumnarFile or DatanetError.LimitExceeded, exception.Message);
            }

            Assert.True(clock.Elapsed - start < TimeSpan.FromSeconds(5), $"case {i} took {clock.Elapsed - start}");
            Assert.True(GC.GetTotalAllocatedBytes() - before < 256 << 20, $"case {i} took {(GC.GetTotalAllocatedBytes() - before) >> 20} MiB");
        }

        Assert.True(accepted > cases / 100, $"only {accepted} of {cases} inputs were valid");
    }

    private static Task<byte[]> WriteAsync(JsonElement[] rows, ParquetCompression compression, int rowGroupRows)
    {
        ParquetWriterOptions options = new() { Compression = compression, RowGroupRows = rowGroupRows };
        return FormatsTesting.WriteAsync(stream => new ParquetRowWriter(stream, RowLayout.Infer(rows), options, leaveOpen: true), rows);
    }

    private static Task<List<SourceRow>> ReadAsync(byte[] file, ColumnarOptions? options = null) =>
        FormatsTesting.ToListAsync(ParquetRowReader.ReadAsync(new MemoryStream(file), "f.parquet", options, TestContext.Current.CancellationToken));

    private static string RandomObject(Random random, int depth) =>
        "{" + string.Join(",", ((string[])["a", "b", "c", "d"]).Where(_ => random.Next(4) > 0).Select(name => $"\"{name}\":{RandomValue(random, name, depth)}")) + "}";

    /// <summary>Mostly one kind per name, so that columns of one kind and mixed columns both occur.</summary>
    private static string RandomValue(Random random, string name, int depth) => random.Next(12) switch
    {
        0 => "null",
        1 => random.Next(40) == 0 ? "\"odd\"" : "null",
        _ => name switch
        {
            "a" => $"\"{new string('é', random.Next(4))}\"",
            "b" => random.Next(-3, 3).ToString(System.Globalization.CultureInfo.InvariantCulture) + (random.Next(2) == 0 ? ".5" : ""),
            "c" when depth < 3 => "[" + string.Join(",", Enumerable.Range(0, random.Next(4)).Select(_ => RandomObject(random, depth + 1))) + "]",
            "d" when depth < 3 => RandomObject(random, depth + 1),
            _ => random.Next(2) == 0 ? "true" : "false",
        },
    };
}
