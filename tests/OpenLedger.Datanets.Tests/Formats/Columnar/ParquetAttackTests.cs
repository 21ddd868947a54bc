using System.Text;
using OpenLedger.Datanets.Formats;

namespace OpenLedger.Datanets.Tests.Formats.Columnar;

/// <summary>Files that lie on purpose: what random flips would take years to find.</summary>
public class ParquetAttackTests
{
    private const int Limit = 1 << 20;

    /// <summary>Kind, unpacked and packed length, number of values, encoding, codec, and the bytes of the page.</summary>
    [Theory]
    [InlineData(0, int.MaxValue, 1, 1, 0, 2, "00", "claims")]
    [InlineData(0, 4, 100, 1, 0, 0, "00", "claims 100 bytes")]
    [InlineData(0, 4, 5, 1, 0, 0, "0000000000", "two lengths")]
    [InlineData(0, 4, 5, 1, 0, 1, "FFFFFFFF0F", "claims 4294967295")]
    [InlineData(0, 4, 5, 1, 0, 1, "FFFFFFFFFF", "no length")]
    [InlineData(0, 4, 14, 1, 0, 6, "28B52FFDE0FFFFFFFFFFFFFF7F01", "zstd frame")]
    [InlineData(0, 4, 12, 1, 0, 6, "28B52FFD800000000040FFFF", "zstd frame")]
    [InlineData(0, 4, 4, 1, 0, 6, "00000000", "not a zstd frame")]
    [InlineData(0, 4, 4, 5, 0, 0, "00000000", "more than the column's metadata")]
    [InlineData(0, 4, 4, 0, 0, 0, "00000000", "holds no value")]
    [InlineData(0, 4, 4, -1, 0, 0, "00000000", "negative size")]
    [InlineData(0, -4, 4, 1, 0, 0, "00000000", "negative size")]
    [InlineData(0, 4, 4, 1, 9, 0, "00000000", "encoding 9 is not read")]
    [InlineData(0, 4, 4, 1, 5, 0, "00000000", "encoding 5 is not read")]
    [InlineData(2, 4, 4, 1000, 0, 0, "00000000", "more entries than it has bytes")]
    [InlineData(1, 4, 4, 1, 0, 0, "00000000", "kind 1")]
    public async Task Check_PageThatLies_IsRefused(int kind, int length, int packed, int values, int encoding, int codec, string hex, string message)
    {
        FormatException exception = await Assert.ThrowsAsync<FormatException>(() => CheckAsync(Page(kind, length, packed, values, encoding, Convert.FromHexString(hex)), (ParquetCodec)codec, valueCount: 2));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_HonestPage_TakesItsMemory()
    {
        byte[] page = Page(0, 8, 8, 2, 0, new byte[8]);
        Assert.Equal((2 * 40) + 8, await CheckAsync(page, ParquetCodec.None, valueCount: 2));
        await Assert.ThrowsAnyAsync<Exception>(() => CheckAsync(page[..^1], ParquetCodec.None, valueCount: 2));
        await Assert.ThrowsAsync<FormatException>(() => CheckAsync(page, ParquetCodec.None, valueCount: 3)); // the pages end before
        await Assert.ThrowsAsync<FormatException>(() => CheckAsync(page, ParquetCodec.None, valueCount: 100_000)); // 40 bytes each pass the limit
        await Assert.ThrowsAsync<FormatException>(() => CheckAsync(page, (ParquetCodec)5, valueCount: 2));
    }

    [Theory]
    [InlineData("09FFFFFFFF0F")]
    [InlineData("19FCFFFFFFFF0F")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("")]
    [InlineData("15")]
    [InlineData("1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C")]
    public void Parse_FooterThatLies_IsRefused(string hex) => Assert.Throws<FormatException>(() => ParquetFooter.Parse(Convert.FromHexString(hex)));

    [Fact]
    public void Parse_FooterOfEndlessNesting_IsRefusedWithoutAStackOverflow() =>
        Assert.Throws<FormatException>(() => ParquetFooter.Parse(Enumerable.Repeat((byte)0x7C, 1 << 20).ToArray()));

    [Theory]
    [InlineData(40, 1, "deeper")]
    [InlineData(1, 12_000, "elements")]
    public void Parse_SchemaBeyondTheLimits_IsRefused(int depth, int width, string message)
    {
        ThriftWriter writer = new();
        writer.BeginStruct();
        writer.List(2, ThriftReader.Struct, depth + width);
        for (int i = 0; i < depth; i++)
        {
            writer.BeginStruct();
            writer.Int32(3, 0);
            writer.Text(4, "g");
            writer.Int32(5, i == depth - 1 ? width : 1);
            writer.EndStruct();
        }

        for (int i = 0; i < width; i++)
        {
            writer.BeginStruct();
            writer.Int32(1, 1);
            writer.Int32(3, 0);
            writer.Text(4, $"c{i}");
            writer.EndStruct();
        }

        writer.EndStruct();
        Assert.Contains(message, Assert.Throws<FormatException>(() => ParquetFooter.Parse(writer.ToArray())).Message, StringComparison.Ordinal);
    }

    /// <summary>The library takes the end of a stream for the byte 255 and reads on for ever; the window must throw instead.</summary>
    [Fact]
    public void Read_OutsideOfTheWindow_Throws()
    {
        using ParquetWindowStream window = new(new MemoryStream(Encoding.ASCII.GetBytes("PAR1abcdefgh")), 12, [1, 2]);
        Assert.Equal('P', window.ReadByte());
        window.Open(5, 2);
        foreach ((long position, int expected) in ((long, int)[])[(4, -1), (5, 'b'), (6, 'c'), (7, -1), (12, 1), (14, 2), (19, 'A'), (21, '1'), (22, -1), (-1, -1), (long.MaxValue, -1)])
        {
            window.Position = position;
            if (expected < 0)
            {
                Assert.Throws<EndOfStreamException>(() => window.ReadByte());
            }
            else
            {
                Assert.Equal(expected, window.ReadByte());
            }
        }

        Assert.Equal(22, window.Length);
    }

    private static async Task<long> CheckAsync(byte[] page, ParquetCodec codec, long valueCount)
    {
        byte[] file = [.. "PAR1"u8, .. page];
        ParquetFooter.Chunk chunk = new() { Type = ParquetType.Int32, Codec = codec, ValueCount = valueCount, Length = page.Length, DataOffset = 4 };
        return await ParquetPages.CheckAsync(new MemoryStream(file), chunk, new ColumnarOptions { MaxGroupBytes = Limit }, file.Length, TestContext.Current.CancellationToken);
    }

    private static byte[] Page(int kind, int length, int packed, int values, int encoding, byte[] data)
    {
        ThriftWriter writer = new();
        writer.BeginStruct();
        writer.Int32(1, kind);
        writer.Int32(2, length);
        writer.Int32(3, packed);
        writer.Struct(kind == 2 ? 7 : 5);
        writer.Int32(1, values);
        writer.Int32(2, encoding);
        writer.EndStruct();
        writer.EndStruct();
        return [.. writer.ToArray(), .. data];
    }
}
