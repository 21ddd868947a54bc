using System.Globalization;
using System.Text;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Ingest;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Ingest;

public class RecordIngestTests
{
    private static readonly DatanetSchema Schema =
        new SchemaBuilder("s").Variant("v", variant => variant.Required("text", new TextField(1, 30)).Optional("n", new NumberField(0, 1e6, isInteger: true))).Build();

    [Fact]
    public async Task ReadAsync_AnyFile_GivesWhatReadingOneAfterTheOtherGives()
    {
        Random random = new(3);
        RandomJson json = new(4);
        int faults = 0;
        int records = 0;
        for (int round = 0; round < 400; round++)
        {
            using MemoryStream file = new();
            for (int lines = random.Next(60); lines > 0; lines--)
            {
                byte[] line = random.Next(60) == 0
                    ? json.Next(isObject: true)
                    : Encoding.UTF8.GetBytes(
                        $$"""{"text": "{{new string('x', random.Next(40))}}",{{(random.Next(9) == 0 ? "\"odd\":[1.0]," : "")}} "n": {{random.Next(9)}}}""");
                file.Write(random.Next(30) == 0 ? " \t\r\n"u8 : default);
                file.Write(line);
                file.Write(random.Next(5) == 0 ? "\r\n"u8 : "\n"u8);
            }

            byte[] bytes = file.ToArray();
            RecordIngestOptions options = new()
            {
                Schema = round % 3 == 0 ? null : Schema,
                MaxThreads = random.Next(1, 5),
                BatchBytes = random.Next(1, 300),
                Lines = new JsonLinesOptions { MaxLineBytes = random.Next(10) == 0 ? 60 : 1 << 20, MaxDepth = random.Next(10) == 0 ? 1 : 64 },
            };
            (List<string> expected, DatanetException? expectedFault) = Sequential(bytes, options);
            (List<string> actual, DatanetException? actualFault) = await Parallel(bytes, options);
            Assert.Equal(expected, actual);
            Assert.Equal(
                (expectedFault?.Error, expectedFault?.Message, expectedFault?.LineNumber, expectedFault?.BytePosition),
                (actualFault?.Error, actualFault?.Message, actualFault?.LineNumber, actualFault?.BytePosition));
            faults += actualFault is null ? 0 : 1;
            records += actual.Count;
        }

        Assert.True(faults > 20 && records > 4_000, $"{faults} faults, {records} records");
    }

    [Theory]
    [InlineData("[1]", DatanetError.InvalidJson, "a JSON object")]
    [InlineData("{\"a\":9007199254740993}", DatanetError.InvalidJson, "rounded")]
    [InlineData("{\"a\":1,\"a\":1}", DatanetError.InvalidJson, "")]
    [InlineData("{\"a\":\"\\ud800\"}", DatanetError.InvalidJson, "surrogate")]
    [InlineData("{", DatanetError.InvalidJson, "not a JSON value")]
    public async Task ReadAsync_LineThatIsNoRecord_EndsTheWalkAfterTheRecordsBefore(string line, DatanetError error, string reason)
    {
        byte[] file = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":1}\n", 1000)) + line + "\n{\"b\":1}\n");
        (List<string> records, DatanetException? fault) = await Parallel(file, new RecordIngestOptions { BatchBytes = 100, MaxThreads = 3 });
        Assert.Equal(1000, records.Count);
        Assert.Equal((error, 1001L), (fault!.Error, fault.LineNumber!.Value));
        Assert.InRange(fault.BytePosition!.Value, 8000, 8000 + line.Length);
        Assert.StartsWith("f.jsonl:1001: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_EndlessFile_IsReadOnlyAsFarAsTheBoundAllows()
    {
        using RepeatingStream stream = new();
        RecordIngestOptions options = new() { BatchBytes = 10_000, MaxThreads = 2, Lines = new JsonLinesOptions { MaxFileBytes = long.MaxValue } };
        int count = 0;
        await foreach (IngestedRecord record in RecordIngest.ReadAsync(stream, "endless", options, TestContext.Current.CancellationToken))
        {
            if (++count == 5_000)
            {
                break;
            }
        }

        // What was asked for, four waiting batches, the one being filled and the scanner's buffer.
        long bound = (5_000 * RepeatingStream.Line.Length) + (6 * 10_000) + (2 * (64 << 10));
        Assert.InRange(stream.BytesRead, 5_000 * RepeatingStream.Line.Length, bound);
    }

    [Fact]
    public async Task ReadAsync_Cancelled_EndsAndStopsReading()
    {
        using RepeatingStream stream = new();
        using CancellationTokenSource source = new();
        RecordIngestOptions options = new() { Lines = new JsonLinesOptions { MaxFileBytes = long.MaxValue } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            int count = 0;
            await foreach (IngestedRecord record in RecordIngest.ReadAsync(stream, "endless", options, source.Token))
            {
                if (++count == 100)
                {
                    await source.CancelAsync();
                }

                Assert.InRange(count, 0, 100);
            }
        });
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await RecordIngest.ReadAsync(stream, "endless", options).GetAsyncEnumerator(cancelled.Token).MoveNextAsync());
    }

    [Fact]
    public async Task ReadFileAsync_RealRecords_GivesWhatReadingOneAfterTheOtherGives()
    {
        int records = 0;
        foreach (string path in Directory.GetFiles(RealData.Require("corpora"), "*.jsonl", SearchOption.AllDirectories))
        {
            List<DatanetRecord> expected = [.. JsonLinesReader.ReadFile(path).Select(line => DatanetRecord.FromElement(line.Value, line.Position))];
            List<IngestedRecord> actual = [];
            await foreach (IngestedRecord record in RecordIngest.ReadFileAsync(path, cancellationToken: TestContext.Current.CancellationToken))
            {
                actual.Add(record);
            }

            Assert.Equal(expected, actual.Select(record => record.Record));
            Assert.All(actual.Where((_, i) => i % 50 == 0), record => Assert.Equal(ReferenceNormalizer.Digest(record.Record), record.NormalizedDigest));
            records += actual.Count;
        }

        Assert.True(records > 5_000, $"only {records} records");
    }

    [Fact]
    public async Task ReadFileAsync_MissingFile_FailsWhenWalked() => await Assert.ThrowsAnyAsync<IOException>(
        async () => await RecordIngest.ReadFileAsync("/nowhere/missing.jsonl").GetAsyncEnumerator(TestContext.Current.CancellationToken).MoveNextAsync());

    [Fact]
    public void ReadAsync_IllegalOptions_AreAllNamed()
    {
        RecordIngestOptions options = new() { MaxThreads = 0, BatchBytes = 0, Lines = new JsonLinesOptions { MaxDepth = 65 } };
        string message = Assert.Throws<ArgumentException>(() => RecordIngest.ReadAsync(Stream.Null, "f", options)).Message;
        Assert.Contains("MaxThreads is 0", message, StringComparison.Ordinal);
        Assert.Contains("BatchBytes is 0", message, StringComparison.Ordinal);
        Assert.Contains("MaxDepth is 65", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RecordIngest.ReadAsync(Stream.Null, ""));
    }

    private static (List<string> Records, DatanetException? Fault) Sequential(byte[] file, RecordIngestOptions options)
    {
        List<string> records = [];
        long line = 0;
        long position = 0;
        try
        {
            foreach (JsonLine read in JsonLinesReader.Read(new MemoryStream(file), "f.jsonl", options.Lines))
            {
                (line, position) = (read.LineNumber, read.BytePosition);
                DatanetRecord record = DatanetRecord.FromElement(read.Value, read.Position);
                Assert.Equal(
                    ReferenceCanonicalJson.Canonicalize(read.Utf8.Span, refuseInexactIntegers: true).Canonical, Encoding.UTF8.GetString(record.Payload.Span));
                records.Add(Describe(
                    record, ReferenceNormalizer.Digest(record), options.Schema?.Validate(record.Element) ?? [], read.LineNumber, read.BytePosition));
            }

            return (records, null);
        }
        catch (DatanetException exception)
        {
            return (records, exception.LineNumber is not null
                ? exception
                : new DatanetException(exception.Error, exception.Message) { LineNumber = line, BytePosition = position });
        }
    }

    private static async Task<(List<string> Records, DatanetException? Fault)> Parallel(byte[] file, RecordIngestOptions options)
    {
        List<string> records = [];
        try
        {
            await foreach (IngestedRecord record in RecordIngest.ReadAsync(new MemoryStream(file), "f.jsonl", options, TestContext.Current.CancellationToken))
            {
                records.Add(Describe(record.Record, record.NormalizedDigest, record.Faults, record.LineNumber, record.BytePosition));
            }

            return (records, null);
        }
        catch (DatanetException exception)
        {
            return (records, exception);
        }
    }

    private static string Describe(DatanetRecord record, Sha256Digest normalized, IReadOnlyList<SchemaFault> faults, long line, long position) => string.Create(
        CultureInfo.InvariantCulture,
        $"{line} {position} {record} {normalized} {Encoding.UTF8.GetString(record.Payload.Span)} {string.Join(';', faults)}");

    private sealed class RepeatingStream : MemoryStream
    {
        public static readonly byte[] Line = Encoding.UTF8.GetBytes("{\"text\":\"again\"}\n");

        public long BytesRead { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            for (int i = 0; i < buffer.Length; i++)
            {
                buffer[i] = Line[BytesRead++ % Line.Length];
            }

            return buffer.Length;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }
}
