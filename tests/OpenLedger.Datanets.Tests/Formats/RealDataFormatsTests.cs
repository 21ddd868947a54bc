using System.Text.Json;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Records;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Formats;

/// <summary>Every corpus imports with the number of rows it is known to have, and survives each writable format.</summary>
public class RealDataFormatsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Path and rows; the counts are those the corpora are published with, or of Python's json and csv modules.</summary>
    public static TheoryData<string, int> Corpora => new()
    {
        { "alce/asqa_default.json", 1 },
        { "alce/eli5_default.json", 1 },
        { "alpaca_en_demo.json", 999 },
        { "cranfield/corpus.jsonl", 1400 },
        { "cranfield/qrels.tsv", 1837 },
        { "cranfield/queries.jsonl", 225 },
        { "croissant/1.0/simple-parquet/data/dataframe.parquet", 10 },
        { "croissant/1.0/titanic/data/titanic.csv", 1309 },
        { "croissant/1.0/titanic/output/passengers.jsonl", 1309 },
        { "datainf/grammars_test.jsonl", 100 },
        { "datainf/grammars_train.arrow", 900 },
        { "datainf/grammars_train.jsonl", 900 },
        { "datainf/math_with_reason_test.jsonl", 100 },
        { "datainf/math_with_reason_train.jsonl", 900 },
        { "gsm8k/test.jsonl", 1319 },
        { "gsm8k/train.jsonl", 7473 },
        { "identity.json", 91 },
        { "mrpc/msr_paraphrase_test.txt", 1725 },
        { "mrpc/msr_paraphrase_train.txt", 4076 },
        { "mt_bench/judge_prompts.jsonl", 8 },
        { "mt_bench/question.jsonl", 80 },
        { "mt_bench/reference_gpt4.jsonl", 30 },
        { "pii/presidio_small.json", 100 },
        { "sst2/dev.tsv", 872 },
        { "sst2/train.tsv", 6920 },
    };

    [Theory]
    [MemberData(nameof(Corpora))]
    public async Task Open_EachCorpus_GivesItsRowsAndSurvivesEveryFormat(string path, int expected)
    {
        List<SourceRow> rows = await ReadAsync(path);
        Assert.Equal(expected, rows.Count);
        JsonElement[] values = [.. rows.Select(row => row.Value)];
        string[] canonical = FormatsTesting.Canonical(values);
        RowLayout layout = RowLayout.Infer(values);

        byte[] lines = await FormatsTesting.WriteAsync(stream => new JsonLinesWriter(stream, leaveOpen: true), values);
        Assert.Equal(canonical, FormatsTesting.Canonical(JsonLinesReader.Read(new MemoryStream(lines), "f").Select(line => line.Value)));

        byte[] csv = await FormatsTesting.WriteAsync(stream => new CsvWriter(stream, layout, leaveOpen: true), values);
        Assert.Equal(canonical, FormatsTesting.Canonical(CsvReader.Read(new MemoryStream(csv), "f", new CsvOptions { Layout = layout }).Select(row => row.Value)));

        foreach (ParquetCompression compression in Enum.GetValues<ParquetCompression>())
        {
            ParquetWriterOptions options = new() { Compression = compression, RowGroupRows = 500 };
            byte[] parquet = await FormatsTesting.WriteAsync(stream => new ParquetRowWriter(stream, layout, options, leaveOpen: true), values);
            List<SourceRow> back = await FormatsTesting.ToListAsync(ParquetRowReader.ReadAsync(new MemoryStream(parquet), "f", cancellationToken: Cancellation));
            Assert.Equal(canonical, FormatsTesting.Canonical(back.Select(row => row.Value)));
        }
    }

    [Theory]
    [MemberData(nameof(Corpora))]
    public async Task Open_EachCorpus_MakesRecordsOfEveryRow(string path, int expected)
    {
        List<SourceRow> rows = await ReadAsync(path);
        DatanetRecord[] records = [.. rows.Select(row => DatanetRecord.Parse(row.Utf8.Span, row.Position))];
        Assert.Equal(expected, records.Length);
        Assert.All(records, (record, i) => Assert.Equal(DatanetRecord.FromElement(rows[i].Value), record));
    }

    [Fact]
    public async Task Open_ArrowAndJsonLinesOfOneDataset_GiveEqualRows()
    {
        List<SourceRow> arrow = await ReadAsync("datainf/grammars_train.arrow");
        List<SourceRow> lines = await ReadAsync("datainf/grammars_train.jsonl");
        Assert.Equal(FormatsTesting.Canonical(lines.Select(row => row.Value)), FormatsTesting.Canonical(arrow.Select(row => row.Value)));
    }

    [Fact]
    public async Task Open_TitanicCsv_HoldsWhatItsRecordsSay()
    {
        List<SourceRow> csv = await ReadAsync("croissant/1.0/titanic/data/titanic.csv");
        List<SourceRow> records = await ReadAsync("croissant/1.0/titanic/output/passengers.jsonl");
        foreach ((string column, string member) in ((string, string)[])[("name", "name"), ("sex", "gender"), ("age", "age"), ("ticket", "ticket"), ("home.dest", "home_destination")])
        {
            Assert.Equal(
                records.Select(row => row.Value.GetProperty("passengers/" + member).GetString()),
                csv.Select(row => row.Value.GetProperty(column).GetString()));
        }
    }

    [Theory]
    [InlineData("tinyshakespeare.txt")]
    [InlineData("botchan_en.txt")]
    [InlineData("pii/templates.txt")]
    public async Task Open_Text_KeepsEveryWord(string path)
    {
        string file = RealData.Require("corpora/" + path);
        List<SourceRow> rows = await FormatsTesting.ToListAsync(RowFiles.Open(file).ReadAsync(Cancellation));
        Assert.Equal(Words(await File.ReadAllTextAsync(file, Cancellation)), rows.SelectMany(row => Words(row.Value.GetProperty("text").GetString()!)));
        Assert.All(rows, row => Assert.InRange(row.Value.GetProperty("text").GetString()!.Length, 1, 2000));
    }

    [Fact]
    public async Task Open_DatasetCards_KeepTheirText()
    {
        foreach (string file in Directory.GetFiles(RealData.Require("corpora/cards"), "*.md"))
        {
            List<SourceRow> rows = await FormatsTesting.ToListAsync(RowFiles.Open(file).ReadAsync(Cancellation));
            Assert.All(rows, row => Assert.DoesNotContain("\n---\n", row.Value.GetProperty("text").GetString()!, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void List_AllCorpora_FindsEveryTable()
    {
        IReadOnlyList<RowFile> files = RowFiles.List(RealData.Require("corpora"));
        Assert.Contains(files, file => file is { RelativePath: "gsm8k/test.jsonl", Split: "test", Format: RowFileFormat.JsonLines });
        Assert.Contains(files, file => file is { RelativePath: "sst2/dev.tsv", Split: "validation", Format: RowFileFormat.Tsv });
        Assert.Contains(files, file => file is { RelativePath: "datainf/grammars_train.arrow", Split: "train", Format: RowFileFormat.Arrow });
        Assert.DoesNotContain(files, file => file.RelativePath.EndsWith(".md", StringComparison.Ordinal));
    }

    private static async Task<List<SourceRow>> ReadAsync(string path)
    {
        string file = RealData.Require("corpora/" + path);
        RowFileOptions options = new()
        {
            // These two corpora have no header; all tab-separated ones have quotes that mean nothing.
            Tsv = CsvOptions.TabSeparated with { HasHeader = false, Columns = path.StartsWith("sst2", StringComparison.Ordinal) ? ["sentence", "label"] : null },
        };
        if (path.StartsWith("mrpc", StringComparison.Ordinal))
        {
            return [.. CsvReader.ReadFile(file, CsvOptions.TabSeparated)]; // named .txt, which otherwise is prose
        }

        return await FormatsTesting.ToListAsync(RowFiles.Open(file, options).ReadAsync(Cancellation));
    }

    private static string[] Words(string text) => text.TrimStart('\uFEFF').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
