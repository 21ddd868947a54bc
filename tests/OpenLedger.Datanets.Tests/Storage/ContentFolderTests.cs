using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Storage;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Storage;

public sealed class ContentFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly ContentFolder _folder;

    public ContentFolderTests() => _folder = new ContentFolder(_temporary.Path, maxLength: 200_000);

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(200_000)]
    public void Add_Content_IsReadBackUnderItsDigest(int length)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
        Sha256Digest digest = Add(bytes);
        Assert.Equal(Sha256Digest.Of(bytes), digest);
        Assert.True(_folder.Contains(digest));
        Assert.Equal(bytes, Read(digest));
        Assert.Empty(Directory.GetFiles(Path.Combine(_temporary.Path, "incoming")));
    }

    [Fact]
    public void Add_Twice_IsThereOnce()
    {
        Assert.Equal(Add([1, 2, 3]), Add([1, 2, 3]));
        Assert.Single(Files());
    }

    [Fact]
    public void Add_TooLong_IsRefusedAndLeavesNothing()
    {
        Assert.Equal(DatanetError.LimitExceeded, Assert.Throws<DatanetException>(() => Add(new byte[200_001])).Error);
        Assert.Empty(Files());
    }

    [Fact]
    public void Add_SourceThatFails_LeavesNothing()
    {
        using Stream broken = new BrokenStream();
        Assert.Throws<NotSupportedException>(() => _folder.Add(broken));
        Assert.Empty(Files());
    }

    [Fact]
    public void TryOpen_Absent_IsFalse()
    {
        Assert.False(_folder.TryOpen(Sha256Digest.Of([9]), out Stream? content));
        Assert.Null(content);
        Assert.False(_folder.Contains(Sha256Digest.Of([9])));
        Assert.False(_folder.Remove(Sha256Digest.Of([9])));
    }

    [Fact]
    public void TryOpen_ChangedByte_IsCorrupt()
    {
        Sha256Digest digest = Add([1, 2, 3]);
        File.WriteAllBytes(Assert.Single(Files()), [1, 2, 4]);
        Assert.Equal(DatanetError.StoreCorrupt, Assert.Throws<DatanetException>(() => _folder.TryOpen(digest, out _)).Error);
    }

    [Fact]
    public void Remove_Content_IsGoneAndCanComeBack()
    {
        Sha256Digest digest = Add([1, 2, 3]);
        Assert.True(_folder.Remove(digest));
        Assert.Empty(Files());
        Assert.Equal(digest, Add([1, 2, 3]));
    }

    [Fact]
    public void Add_ManyAtOnce_AllAreWhole()
    {
        Parallel.For(0, 64, i => Add([.. Enumerable.Repeat((byte)(i % 8), 50_000)]));
        Assert.Equal(8, Files().Length);
        foreach (int value in Enumerable.Range(0, 8))
        {
            byte[] bytes = [.. Enumerable.Repeat((byte)value, 50_000)];
            Assert.Equal(bytes, Read(Sha256Digest.Of(bytes)));
        }
    }

    [Fact]
    public void Constructor_UnusablePath_Throws()
    {
        string file = Path.Combine(_temporary.Path, "file");
        File.WriteAllText(file, "");
        Assert.Equal(DatanetError.StoreUnavailable, Assert.Throws<DatanetException>(() => new ContentFolder(file)).Error);
        Assert.Throws<ArgumentException>(() => new ContentFolder(" "));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ContentFolder(_temporary.Path, 0));
    }

    private Sha256Digest Add(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return _folder.Add(stream);
    }

    private byte[] Read(Sha256Digest digest)
    {
        Assert.True(_folder.TryOpen(digest, out Stream? content));
        using (content)
        {
            using MemoryStream copy = new();
            content.CopyTo(copy);
            return copy.ToArray();
        }
    }

    private string[] Files() => Directory.GetFiles(_temporary.Path, "*", SearchOption.AllDirectories);

    private sealed class BrokenStream : MemoryStream
    {
        public BrokenStream()
            : base([1, 2, 3])
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("broken");
    }
}
