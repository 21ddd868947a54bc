using System.Diagnostics;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using OpenLedger.Datanets.Formats;

namespace OpenLedger.Datanets.Tests.Formats.Columnar;

public class ArrowRowReaderTests
{
    private static readonly string[] Expected =
    [
        """{"text":"a é","n":1,"x":0.5,"ok":true,"tags":["p","q"],"m":{"k":7},"day":"2024-02-29","at":"2024-02-29T12:00:00.5Z","raw":"AQI=","word":"red","pair":[1,2]}""",
        """{"text":null,"n":-2,"x":-1.25,"ok":null,"tags":[],"m":{"k":null},"day":null,"at":null,"raw":"","word":"blue","pair":[3,null]}""",
        """{"text":"","n":3,"x":2,"ok":false,"tags":null,"m":{"k":9},"day":"1969-12-31","at":"1970-01-01T00:00:00Z","raw":"/w==","word":"red","pair":null}""",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_StreamAndFile_GiveTheSameRows(bool isFile)
    {
        List<SourceRow> rows = await ReadAsync(Write(isFile, 1));
        Assert.Equal(Expected, FormatsTesting.Texts(rows));
        Assert.Equal("f.arrow: row 3", rows[2].Position);
        Assert.Equal(6, (await ReadAsync(Write(isFile, 2))).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_EveryTruncation_IsRefusedOrLosesWholeBatches(bool isFile)
    {
        byte[] valid = Write(isFile, 2);
        for (int length = 0; length < valid.Length; length++)
        {
            try
            {
                Assert.Contains((await ReadAsync(valid[..length])).Count, isFile ? [6] : new int[] { 0, 3, 6 });
            }
            catch (DatanetException exception)
            {
                Assert.Equal(DatanetError.InvalidColumnarFile, exception.Error);
            }
        }
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Read_FlippedBytes_GivesRowsOrTheDocumentedException(bool isFile, int seed)
    {
        byte[] valid = Write(isFile, 2);
        Random random = new(seed);
        ColumnarOptions options = new() { MaxGroupBytes = 8 << 20, MaxMetadataBytes = 1 << 20, MaxGroupRows = 10_000, NonFinite = NonFiniteNumbers.Null };
        Stopwatch clock = Stopwatch.StartNew();
        int accepted = 0;
        for (int i = 0; i < 10_000; i++)
        {
            byte[] bytes = FormatsTesting.Damage(valid, random);
            TimeSpan start = clock.Elapsed;
            long before = GC.GetTotalAllocatedBytes();
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

        Assert.True(accepted > 300, $"only {accepted} inputs were valid");
    }

    [Theory]
    [InlineData("")]
    [InlineData("ARROW1")]
    [InlineData("ARROW1\0\0")]
    [InlineData("ÿÿÿÿÿÿÿ\u007fxxxxxxxx")]
    [InlineData("0123456789abcdef")]
    public async Task Read_NoArrow_IsRefused(string text)
    {
        DatanetException exception = await Assert.ThrowsAsync<DatanetException>(() => ReadAsync(System.Text.Encoding.Latin1.GetBytes(text)));
        Assert.Equal(DatanetError.InvalidColumnarFile, exception.Error);
    }

    private static byte[] Write(bool isFile, int batches)
    {
        ListArray.Builder tags = new(StringType.Default);
        StringArray.Builder tag = (StringArray.Builder)tags.ValueBuilder;
        tags.Append();
        tag.Append("p").Append("q");
        tags.Append();
        tags.AppendNull();
        StructType inner = new([new Field("k", Int16Type.Default, true)]);
        StructArray m = new(inner, 3, [new Int16Array.Builder().Append(7).AppendNull().Append(9).Build()], ArrowBuffer.Empty, 0);
        DictionaryArray word = new(new DictionaryType(Int32Type.Default, StringType.Default, false), new Int32Array.Builder().Append(0).Append(1).Append(0).Build(), new StringArray.Builder().Append("red").Append("blue").Build());
        FixedSizeListArray.Builder pairs = new(Int32Type.Default, 2);
        Int32Array.Builder numbers = (Int32Array.Builder)pairs.ValueBuilder;
        pairs.Append();
        numbers.Append(1).Append(2);
        pairs.Append();
        numbers.Append(3).AppendNull();
        pairs.AppendNull();
        TimestampType time = new(TimeUnit.Microsecond, TimeZoneInfo.Utc);
        IArrowArray[] columns =
        [
            new StringArray.Builder().Append("a é").AppendNull().Append("").Build(),
            new Int64Array.Builder().Append(1).Append(-2).Append(3).Build(),
            new DoubleArray.Builder().Append(0.5).Append(-1.25).Append(2).Build(),
            new BooleanArray.Builder().Append(true).AppendNull().Append(false).Build(),
            tags.Build(),
            m,
            new Date32Array.Builder().Append(new DateOnly(2024, 2, 29)).AppendNull().Append(new DateOnly(1969, 12, 31)).Build(),
            new TimestampArray.Builder(time).Append(new DateTimeOffset(2024, 2, 29, 12, 0, 0, 500, TimeSpan.Zero)).AppendNull().Append(DateTimeOffset.UnixEpoch).Build(),
            new BinaryArray.Builder().Append((ReadOnlySpan<byte>)[1, 2]).Append((ReadOnlySpan<byte>)[]).Append((ReadOnlySpan<byte>)[255]).Build(),
            word,
            pairs.Build(),
        ];
        string[] names = ["text", "n", "x", "ok", "tags", "m", "day", "at", "raw", "word", "pair"];
        Schema schema = new(names.Select((name, i) => new Field(name, columns[i].Data.DataType, true)), null);
        using MemoryStream stream = new();
        using (ArrowStreamWriter writer = isFile ? new ArrowFileWriter(stream, schema, leaveOpen: true) : new ArrowStreamWriter(stream, schema, leaveOpen: true))
        {
            for (int i = 0; i < batches; i++)
            {
                writer.WriteRecordBatch(new RecordBatch(schema, columns, 3));
            }

            writer.WriteEnd();
        }

        return stream.ToArray();
    }

    private static Task<List<SourceRow>> ReadAsync(byte[] file, ColumnarOptions? options = null) =>
        FormatsTesting.ToListAsync(ArrowRowReader.ReadAsync(new MemoryStream(file), "f.arrow", options, TestContext.Current.CancellationToken));
}
