using System.IO.Compression;
using System.Text;
using OpenLedger.Datanets.Formats;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Formats;

public class RowFilesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a.jsonl", "{\"x\":1}\n", "a.jsonl:1")]
    [InlineData("a.NDJSON", "{\"x\":1}\n", "a.NDJSON:1")]
    [InlineData("a.json", "[{\"x\":1}]", "a.json: row 1")]
    [InlineData("a.csv", "x\n1\n", "a.csv:2")]
    [InlineData("a.tsv", "x\ty\n\"1\t2\n", "a.tsv:2")]
    [InlineData("a.md", "# T\ntext", "a.md: part 1")]
    [InlineData("a.txt", "text", "a.txt: part 1")]
    public async Task Open_EachEnding_ChoosesTheReader(string name, string content, string position)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File(name), content, Cancellation);
        SourceRow row = Assert.Single(await FormatsTesting.ToListAsync(RowFiles.Open(folder.File(name)).ReadAsync(Cancellation)));
        Assert.Equal(position, row.Position);

        await using (GZipStream gzip = new(File.Create(folder.File(name + ".gz")), CompressionLevel.Fastest))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(content), Cancellation);
        }

        SourceRow unpacked = Assert.Single(await FormatsTesting.ToListAsync(RowFiles.Open(folder.File(name + ".gz")).ReadAsync(Cancellation)));
        Assert.Equal(row.Utf8.ToArray(), Replace(unpacked, name));
    }

    [Theory]
    [InlineData("a.exe")]
    [InlineData("a")]
    [InlineData("a.parquet.gz")]
    public void Open_UnknownEnding_IsTheCallersMistake(string name) => Assert.Throws<ArgumentException>(() => RowFiles.Open(name));

    [Fact]
    public async Task Open_GzipBomb_IsRefusedInBoundedMemory()
    {
        using TemporaryFolder folder = new();
        await using (GZipStream gzip = new(File.Create(folder.File("bomb.jsonl.gz")), CompressionLevel.Optimal))
        {
            byte[] blank = Encoding.UTF8.GetBytes(new string('\n', 1 << 20));
            for (int i = 0; i < 64; i++)
            {
                await gzip.WriteAsync(blank, Cancellation);
            }
        }

        DatanetException exception = await Assert.ThrowsAsync<DatanetException>(() => FormatsTesting.ToListAsync(RowFiles.Open(folder.File("bomb.jsonl.gz")).ReadAsync(Cancellation)));
        Assert.Equal(DatanetError.LimitExceeded, exception.Error);
        byte[] damaged = await File.ReadAllBytesAsync(folder.File("bomb.jsonl.gz"), Cancellation);
        damaged[20] ^= 0xFF;
        await File.WriteAllBytesAsync(folder.File("bad.jsonl.gz"), damaged, Cancellation);
        Assert.Equal(DatanetError.InvalidDocument, (await Assert.ThrowsAsync<DatanetException>(() => FormatsTesting.ToListAsync(RowFiles.Open(folder.File("bad.jsonl.gz")).ReadAsync(Cancellation)))).Error);
    }

    [Fact]
    public void List_HuggingFaceFolder_FindsShardsAndSplits()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["data/train-00000-of-00002.parquet", "data/train-00001-of-00002-0123456789abcdef.parquet", "data/test-00000-of-00001.parquet", "README.md",
            "test/data-00000-of-00001.arrow", "test/state.json", "test/dataset_info.json", ".git/config.json", "notes.txt", "extra/dev.jsonl", "extra/part.csv.gz"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
            File.WriteAllText(folder.File(name), "");
        }

        Assert.Equal(
            [
                ("data/test-00000-of-00001.parquet", "test", RowFileFormat.Parquet, 0, 1), ("data/train-00000-of-00002.parquet", "train", RowFileFormat.Parquet, 0, 2),
                ("data/train-00001-of-00002-0123456789abcdef.parquet", "train", RowFileFormat.Parquet, 1, 2), ("extra/dev.jsonl", "validation", RowFileFormat.JsonLines, null, null),
                ("extra/part.csv.gz", "train", RowFileFormat.Csv, null, null), ("test/data-00000-of-00001.arrow", "test", RowFileFormat.Arrow, 0, 1),
            ],
            RowFiles.List(folder.Path).Select(file => (file.RelativePath, file.Split, file.Format, file.Shard, file.ShardCount)));
        File.Delete(folder.File("data/train-00000-of-00002.parquet"));
        DatanetException exception = Assert.Throws<DatanetException>(() => RowFiles.List(folder.Path));
        Assert.Contains("shard 0 of 2 is missing", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_LinkOutOfTheFolder_IsRefusedAndInsideIsRead()
    {
        using TemporaryFolder outside = new();
        using TemporaryFolder folder = new();
        File.WriteAllText(outside.File("secret.jsonl"), "{}\n");
        File.WriteAllText(folder.File("real.jsonl"), "{}\n");
        File.CreateSymbolicLink(folder.File("link.jsonl"), folder.File("real.jsonl"));
        Assert.Equal(2, RowFiles.List(folder.Path).Count);
        foreach (string target in (string[])[outside.File("secret.jsonl"), outside.Path, folder.File("missing"), folder.Path + "-other/x"])
        {
            File.CreateSymbolicLink(folder.File("evil.jsonl"), target);
            Assert.Equal(DatanetError.UnsafePath, Assert.Throws<DatanetException>(() => RowFiles.List(folder.Path)).Error);
            File.Delete(folder.File("evil.jsonl"));
        }

        // A link through a hidden link: each part of the path must stay inside.
        Directory.CreateDirectory(folder.File(".hidden"));
        Directory.CreateSymbolicLink(folder.File(".hidden", "out"), outside.Path);
        File.CreateSymbolicLink(folder.File("evil.jsonl"), folder.File(".hidden", "out", "secret.jsonl"));
        Assert.Equal(DatanetError.UnsafePath, Assert.Throws<DatanetException>(() => RowFiles.List(folder.Path)).Error);
        File.Delete(folder.File("evil.jsonl"));

        File.CreateSymbolicLink(folder.File("loop"), folder.File("loop"));
        Assert.Equal(DatanetError.UnsafePath, Assert.Throws<DatanetException>(() => RowFiles.List(folder.Path)).Error);
    }

    [Fact]
    public void List_Limits_AreKept()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("a", "b", "c"));
        File.WriteAllText(folder.File("a", "b", "c", "x.jsonl"), "");
        Assert.Single(RowFiles.List(folder.Path, new RowFileOptions { MaxFolderDepth = 3, MaxFolderFiles = 4 }));
        Assert.Throws<DatanetException>(() => RowFiles.List(folder.Path, new RowFileOptions { MaxFolderDepth = 2 }));
        Assert.Throws<DatanetException>(() => RowFiles.List(folder.Path, new RowFileOptions { MaxFolderFiles = 3 }));
        Assert.Throws<DirectoryNotFoundException>(() => RowFiles.List(folder.File("none")));
    }

    /// <summary>A row names its file; the file in the archive has another name.</summary>
    private static byte[] Replace(SourceRow row, string name) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(row.Utf8.Span).Replace(name + ".gz", name, StringComparison.Ordinal));
}
