using OpenLedger.Lora.Gguf;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Gguf;

public class GgufFileTests
{
    public static TheoryData<string> AttackNames => [.. GgufAttacks.All.Keys];

    [Theory]
    [MemberData(nameof(AttackNames))]
    public void Open_HostileFile_IsRefusedWithItsReason(string name)
    {
        (byte[] bytes, ModelFormatError error, string text) = GgufAttacks.All[name];
        string path = Path.Combine(AttackFolder, name + ".gguf");
        using TemporaryFolder folder = new();

        // Larger ones are made here; the committed ones must be what the list says.
        if (bytes.Length > 20_000)
        {
            path = folder.File("attack");
            File.WriteAllBytes(path, bytes);
        }
        else if (Environment.GetEnvironmentVariable("OPENLEDGER_WRITE_ATTACKS") == "1")
        {
            File.WriteAllBytes(path, bytes);
        }

        Assert.Equal(bytes, File.ReadAllBytes(path));
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => GgufFile.Open(path));
        Assert.True(error == exception.Error, $"{exception.Error}: {exception.Message}");
        Assert.Contains(text, exception.Message, StringComparison.Ordinal);
        Assert.Equal(path, exception.FilePath);
    }

    [Fact]
    public void Attacks_OnDisk_AreAllInTheList() =>
        Assert.Equal(
            GgufAttacks.All.Where(p => p.Value.Bytes.Length <= 20_000).Select(p => p.Key).Order(StringComparer.Ordinal),
            Directory.GetFiles(AttackFolder, "*.gguf").Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    public void Open_HandMadeFile_IsReadInBothVersions(uint version)
    {
        using TemporaryFolder folder = new();
        byte[] head = GgufBytes.Head(2, 15, version)
            .Text("u8").U32(0).Raw(200)
            .Text("i8").U32(1).Raw(0xFF)
            .Text("u16").U32(2).Raw(0x34, 0x12)
            .Text("i16").U32(3).Raw(0xFE, 0xFF)
            .Text("u32").U32(4).U32(uint.MaxValue)
            .Text("i32").U32(5).U32(unchecked((uint)-7))
            .Text("f32").U32(6).U32(BitConverter.SingleToUInt32Bits(0.1f))
            .Text("bool").U32(7).Raw(1)
            .Text("text").U32(8).Text("é\0")
            .Text("u64").U32(10).U64(ulong.MaxValue)
            .Text("i64").U32(11).U64(unchecked((ulong)-9))
            .Text("f64").U32(12).U64(BitConverter.DoubleToUInt64Bits(0.5))
            .Text("strings").U32(9).U32(8).U64(2).Text("").Text("b")
            .Text("bools").U32(9).U32(7).U64(2).Raw(0, 1)
            .Text("nested").U32(9).U32(9).U64(2).U32(2).U64(1).Raw(5, 0).U32(9).U64(0)

            // Described in the other order than the data; the last tensor is not padded.
            .Tensor("second", 0, 32, 2, 3)
            .Tensor("first", 26, 0, 1)
            .Pad().ToArray();
        byte[] data = new byte[32 + 24];
        for (int i = 0; i < 6; i++)
        {
            BitConverter.TryWriteBytes(data.AsSpan(32 + (4 * i)), i + 0.5f);
        }

        File.WriteAllBytes(folder.File("x"), [.. head, .. data]);
        using GgufFile file = GgufFile.Open(folder.File("x"));
        Assert.Equal((int)version, file.Version);
        Assert.Equal(["first", "second"], file.Tensors.Select(t => t.Name));
        Assert.Equal([3, 2], file.GetInfo("second").Shape.ToArray());
        Assert.Equal([0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f], file.ReadSingles("second"));
        Assert.Equal(file.ReadSingles("second"), file.GetSingles("second").ToArray());
        Assert.Equal(data[32..], file.GetBytes("second").ToArray());
        Assert.Equal(data[32..], file.GetMemory("second").ToArray());

        GgufMetadata metadata = file.Metadata;
        Assert.Equal(15, metadata.Keys.Count);
        Assert.Equal([200, -1, 0x1234, -2, -7, -9], new[] { "u8", "i8", "u16", "i16", "i32", "i64" }.Select(metadata.GetInt32));
        Assert.Equal(0.1f, metadata.GetSingle("f32"));
        Assert.Equal(0.5f, metadata.GetSingle("f64"));
        Assert.True(metadata.GetBoolean("bool"));
        Assert.Equal("é\0", metadata.GetString("text"));
        Assert.Equal(["", "b"], metadata.GetStrings("strings"));
        Assert.True(metadata.TryGetValue("bools", out object? truths));
        Assert.Equal([false, true], Assert.IsType<bool[]>(truths));
        Assert.True(metadata.TryGetValue("nested", out object? nested));
        object[] arrays = Assert.IsType<object[]>(nested);
        Assert.Equal([5], Assert.IsType<ushort[]>(arrays[0]));
        Assert.Empty(Assert.IsType<object[]>(arrays[1]));

        Assert.Null(metadata.FindInt32("absent"));
        Assert.Contains("'absent' is missing", Assert.Throws<ModelFormatException>(() => metadata.GetInt32("absent")).Message, StringComparison.Ordinal);
        Assert.Contains("a String, not a whole number", Assert.Throws<ModelFormatException>(() => metadata.FindInt32("text")).Message, StringComparison.Ordinal);
        Assert.Contains("beyond 32 signed bits", Assert.Throws<ModelFormatException>(() => metadata.GetInt32("u32")).Message, StringComparison.Ordinal);
        Assert.Contains("beyond 32 signed bits", Assert.Throws<ModelFormatException>(() => metadata.GetInt32("u64")).Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => metadata.GetSingle("i32"));
        Assert.Throws<ModelFormatException>(() => metadata.GetBoolean("u8"));
        Assert.Throws<ModelFormatException>(() => metadata.GetString("u8"));
        Assert.Throws<ModelFormatException>(() => metadata.FindStrings("bools"));
        Assert.Throws<ModelFormatException>(() => metadata.FindInt32s("bools"));
        Assert.Throws<ModelFormatException>(() => metadata.FindInt32s("nested"));
    }

    [Fact]
    public void ReadSingles_TypeThatIsNotConverted_IsRefusedByName()
    {
        using TemporaryFolder folder = new();
        byte[] head = GgufBytes.Head(1, 0).Tensor("t", 12, 0, 256, 2).Pad().ToArray();
        File.WriteAllBytes(folder.File("x"), [.. head, .. new byte[288]]);
        using GgufFile file = GgufFile.Open(folder.File("x"));
        Assert.Equal(GgufTensorType.Other, file.GetInfo("t").Type);
        Assert.Equal(288, file.GetBytes("t").Length);
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => file.ReadSingles("t"));
        Assert.Equal(ModelFormatError.DataTypeUnsupported, exception.Error);
        Assert.Contains("q4_K", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => file.CopyTo("t", new float[512]));
    }

    [Theory]
    [InlineData(0u, 4)]
    [InlineData(1u, 2)]
    [InlineData(30u, 2)]
    [InlineData(8u, 34)]
    [InlineData(2u, 18)]
    public void RequireFinite_InfiniteAnywhere_IsRefused(uint type, int blockBytes)
    {
        using TemporaryFolder folder = new();
        int values = 640;
        int blocks = blockBytes > 4 ? values / 32 : values;
        byte[] head = GgufBytes.Head(1, 0).Tensor("t", type, 0, (ulong)values).Pad().ToArray();
        for (int block = -1; block < blocks; block += blockBytes > 4 ? 1 : 71)
        {
            byte[] data = new byte[blocks * blockBytes];
            if (block >= 0)
            {
                // Negative infinity: for singles the upper half of the bits, for blocks the scale at their start.
                (type is 0 or 30 ? [0x80, 0xFF] : new byte[] { 0x00, 0xFC }).CopyTo(data, (block * blockBytes) + (type == 0 ? 2 : 0));
            }

            File.WriteAllBytes(folder.File("x"), [.. head, .. data]);
            using GgufFile file = GgufFile.Open(folder.File("x"));
            if (block < 0)
            {
                file.RequireFinite("t");
            }
            else
            {
                Assert.Equal(ModelFormatError.NotFinite, Assert.Throws<ModelFormatException>(() => file.RequireFinite("t")).Error);
            }
        }
    }

    [Fact]
    public void FindInt32PerLayer_NumberOrArray_GivesOnePerLayer()
    {
        using TemporaryFolder folder = new();
        GgufWriter.Write(folder.File("x"), [new("one", 3u), new("many", new[] { 1u, 2u }), new("signed", new[] { -1, 2 })], []);
        using GgufFile file = GgufFile.Open(folder.File("x"));
        Assert.Equal([3, 3], file.Metadata.FindInt32PerLayer("one", 2)!);
        Assert.Equal([1, 2], file.Metadata.FindInt32PerLayer("many", 2)!);
        Assert.Equal([-1, 2], file.Metadata.FindInt32s("signed")!);
        Assert.Null(file.Metadata.FindInt32PerLayer("absent", 2));
        Assert.Throws<ModelFormatException>(() => file.Metadata.FindInt32PerLayer("many", 3));
    }

    [Fact]
    public void Dispose_Twice_ThenReadingThrows()
    {
        using TemporaryFolder folder = new();
        GgufWriter.Write(folder.File("x"), [], [new GgufTensor { Name = "t", Shape = [1], Values = new float[1] }]);
        GgufFile file = GgufFile.Open(folder.File("x"));
        Assert.Throws<ArgumentException>(() => file.GetInfo("absent"));
        Assert.Throws<ArgumentException>(() => file.CopyTo("t", new float[2]));
        ReadOnlyMemory<byte> bytes = file.GetMemory("t");
        ReadOnlyMemory<float> singles = file.GetSingles("t");
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => bytes.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => singles.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => bytes.Pin());
        Assert.Throws<ObjectDisposedException>(() => file.ReadSingles("t"));
        Assert.Throws<ObjectDisposedException>(() => file.GetBytes("t").Length);
        Assert.Throws<ObjectDisposedException>(() => file.GetMemory("t"));
        Assert.Throws<ObjectDisposedException>(() => file.GetSingles("t"));
    }

    [Fact]
    public void Open_HeadOverTheLimit_IsRefused()
    {
        using TemporaryFolder folder = new();
        byte[] head = GgufBytes.Head(0, 1).Text("k").U32(9).U32(0).U64(GgufHeader.MaxLength).ToArray();
        using (FileStream stream = File.Create(folder.File("x")))
        {
            // Sparse: the array's bytes exist without taking up the disk.
            stream.Write(head);
            stream.SetLength(head.Length + GgufHeader.MaxLength + 64L);
        }

        Assert.Equal(ModelFormatError.TooLarge, Assert.Throws<ModelFormatException>(() => GgufFile.Open(folder.File("x"))).Error);
    }

    private static string AttackFolder => Path.Combine(RepositoryRoot.Path, "tests", "attacks", "gguf");
}
