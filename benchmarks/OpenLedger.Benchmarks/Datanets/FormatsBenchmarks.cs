using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using OpenLedger.Datanets.Formats;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>Reading 20,000 rows of six columns from memory; JSON Lines of the same rows are the baseline. Divide the length by the time for MB/s.</summary>
[MemoryDiagnoser]
public class FormatsBenchmarks
{
    private const int Rows = 20_000;

    private readonly byte[] _lines;
    private readonly byte[] _plain;
    private readonly byte[] _quoted;
    private readonly JsonElement[] _rows;
    private readonly RowLayout _layout;
    private byte[] _parquet = [];

    public FormatsBenchmarks()
    {
        StringBuilder plain = new("id,name,text,score,label,place\n");
        StringBuilder quoted = new("id,name,text,score,label,place\n");
        StringBuilder lines = new();
        for (int i = 0; i < Rows; i++)
        {
            string text = string.Join(' ', Enumerable.Range(0, 20).Select(word => $"word{(i * 31 + word * 7) % 997}"));
            plain.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},Name {i % 977},{text},{i * 0.5},yes,Da Nang\n");
            quoted.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},\"Name, {i % 977}\",\"{text}, \"\"so\"\"\",{i * 0.5},yes,\"Da Nang\"\n");
            lines.Append(System.Globalization.CultureInfo.InvariantCulture, $"{{\"id\":\"{i}\",\"name\":\"Name {i % 977}\",\"text\":\"{text}\",\"score\":\"{i * 0.5}\",\"label\":\"yes\",\"place\":\"Da Nang\"}}\n");
        }

        _plain = Encoding.UTF8.GetBytes(plain.ToString());
        _quoted = Encoding.UTF8.GetBytes(quoted.ToString());
        _lines = Encoding.UTF8.GetBytes(lines.ToString());
        _rows = [.. JsonLinesReader.Read(new MemoryStream(_lines), "f").Select(line => line.Value)];
        _layout = RowLayout.Infer(_rows);
    }

    /// <summary>Gets the bytes that each method reads, for MB/s.</summary>
    public (int Lines, int Plain, int Quoted, int Parquet) Lengths => (_lines.Length, _plain.Length, _quoted.Length, _parquet.Length);

    [GlobalSetup]
    public async Task Setup() => _parquet = await WriteParquet().ConfigureAwait(false);

    [Benchmark(Baseline = true)]
    public long JsonLines() => JsonLinesReader.Read(new MemoryStream(_lines), "f").LongCount();

    [Benchmark]
    public long CsvPlain() => CsvReader.Read(new MemoryStream(_plain), "f").LongCount();

    [Benchmark]
    public long CsvQuoted() => CsvReader.Read(new MemoryStream(_quoted), "f").LongCount();

    [Benchmark]
    public async Task<long> ParquetSnappy()
    {
        long count = 0;
        await foreach (SourceRow row in ParquetRowReader.ReadAsync(new MemoryStream(_parquet), "f").ConfigureAwait(false))
        {
            count += row.Number > 0 ? 1 : 0;
        }

        return count;
    }

    [Benchmark]
    public async Task<byte[]> WriteParquet()
    {
        using MemoryStream stream = new();
        ParquetRowWriter writer = new(stream, _layout, leaveOpen: true);
        await using (writer.ConfigureAwait(false))
        {
            await writer.WriteAllAsync(_rows).ConfigureAwait(false);
        }

        return stream.ToArray();
    }

    [Benchmark]
    public async Task<long> WriteCsv()
    {
        using MemoryStream stream = new();
        CsvWriter writer = new(stream, _layout, leaveOpen: true);
        await using (writer.ConfigureAwait(false))
        {
            await writer.WriteAllAsync(_rows).ConfigureAwait(false);
        }

        return stream.Length;
    }
}
