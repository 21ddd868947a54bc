using CsCheck;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Safetensors;

public class SafetensorsWriterTests
{
    [Fact]
    public void Write_AnyOrder_GivesTheSameBytes()
    {
        using TemporaryFolder folder = new();
        SafetensorsTensor[] tensors =
        [
            Tensor("b", [2], [1, 2]),
            Tensor("a", [1, 3], [3, 4, 5]) with { DataType = SafetensorsDataType.BF16 },
            Tensor("Z", [], [6]),
        ];
        SafetensorsWriter.Write(folder.File("one"), tensors, new Dictionary<string, string> { ["x"] = "1", ["a"] = "é\"" });
        SafetensorsWriter.Write(folder.File("two"), tensors.Reverse(), new Dictionary<string, string> { ["a"] = "é\"", ["x"] = "1" });
        byte[] bytes = File.ReadAllBytes(folder.File("one"));
        Assert.Equal(bytes, File.ReadAllBytes(folder.File("two")));
        Assert.Equal(0UL, BitConverter.ToUInt64(bytes) % 8);

        using SafetensorsFile file = SafetensorsFile.Open(folder.File("one"));
        Assert.Equal([6f], file.ReadSingles("Z"));
        Assert.Equal([1f, 2f], file.ReadSingles("b"));
        Assert.Equal([3f, 4f, 5f], file.ReadSingles("a"));
        Assert.Equal("é\"", file.Metadata["a"]);
    }

    [Fact]
    public void Write_RandomTensors_ReadBackBitForBit()
    {
        using TemporaryFolder folder = new();
        Gen.Select(Gen.String[0, 12], Gen.Int[0, 4].Array[0, 3], Gen.Int).Array[0, 6].Sample(
            items =>
            {
                SafetensorsTensor[] tensors =
                [
                    .. items.Where(i => !i.Item1.Any(char.IsSurrogate)).DistinctBy(i => i.Item1).Select(i => Tensor(
                        i.Item1, i.Item2, [.. Enumerable.Range(0, i.Item2.Aggregate(1, (a, b) => a * b)).Select(k => BitConverter.Int32BitsToSingle(i.Item3 + (k * 7919)))])),
                ];
                SafetensorsWriter.Write(folder.File("x"), tensors);
                using SafetensorsFile file = SafetensorsFile.Open(folder.File("x"));
                Assert.Equal(tensors.Length, file.Tensors.Count);
                foreach (SafetensorsTensor tensor in tensors)
                {
                    Assert.Equal(tensor.Shape, file.GetInfo(tensor.Name).Shape.ToArray());
                    Assert.Equal(
                        tensor.Values.ToArray().Select(BitConverter.SingleToInt32Bits), file.ReadSingles(tensor.Name).Select(BitConverter.SingleToInt32Bits));
                }
            },
            iter: 200,
            threads: 1);
    }

    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(-0f, 0x8000)]
    [InlineData(float.PositiveInfinity, 0x7F80)]
    [InlineData(float.MaxValue, 0x7F80)]
    public void Narrow_KnownValues_RoundToNearest(float value, int expected) => Assert.Equal(expected, BFloat16Conversion.Narrow(value));

    [Theory]
    [InlineData(0x3F808000u, 0x3F80)]
    [InlineData(0x3F818000u, 0x3F82)]
    [InlineData(0x3F808001u, 0x3F81)]
    [InlineData(0x3F817FFFu, 0x3F81)]
    public void Narrow_Ties_GoToEven(uint bits, int expected) =>
        Assert.Equal(expected, BFloat16Conversion.Narrow(BitConverter.UInt32BitsToSingle(bits)));

    [Fact]
    public void Narrow_AnyNaN_StaysNaN() =>
        Gen.UInt[1, 0x7FFFFF].Sample(mantissa =>
            float.IsNaN(BitConverter.UInt32BitsToSingle((uint)BFloat16Conversion.Narrow(BitConverter.UInt32BitsToSingle(0x7F800000 | mantissa)) << 16)));

    [Fact]
    public void Write_BytesOfEveryType_ReadBack()
    {
        using TemporaryFolder folder = new();
        SafetensorsTensor[] tensors =
        [
            .. Enum.GetValues<SafetensorsDataType>().Select(type => SafetensorsTensor.FromBytes(
                type.ToString(), [2, 3], type, Enumerable.Range(0, 6 * SafetensorsDataTypes.SizeOf(type)).Select(i => (byte)(i + (int)type)).ToArray())),
            Tensor("values", [1], [5]),
        ];
        SafetensorsWriter.Write(folder.File("x"), tensors);
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("x"));
        Assert.Equal(tensors.Length, file.Tensors.Count);
        foreach (SafetensorsTensor tensor in tensors[..^1])
        {
            Assert.Equal(tensor.DataType, file.GetInfo(tensor.Name).DataType);
            Assert.Equal([2, 3], file.GetInfo(tensor.Name).Shape.ToArray());
            Assert.Equal(tensor.Bytes!.Value.ToArray(), file.GetBytes(tensor.Name).ToArray());
        }

        Assert.Equal([5f], file.ReadSingles("values"));
        foreach (int length in new[] { 15, 17, 14 })
        {
            Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(folder.File("never"), [SafetensorsTensor.FromBytes("a", [4], SafetensorsDataType.I32, new byte[length])]));
        }

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(folder.File("never"), [SafetensorsTensor.FromBytes("a", [-1], SafetensorsDataType.I32, new byte[3])]));
    }

    [Fact]
    public void Write_FailingHalfway_KeepsTheOldFileAndLeavesNothingBehind()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("kept");
        File.WriteAllText(path, "old");
        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidDataException("disk on fire");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_WrongTensors_ThrowsBeforeTouchingTheDisk()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("never");
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [Tensor("a", [1], [1]), Tensor("a", [1], [1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [Tensor("__metadata__", [1], [1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [Tensor("a", [2], [1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [Tensor("a", [-1, -1], [1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [Tensor("a", [65536, 65536, 65536, 65536], [])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [Tensor("a", [1], [1]) with { DataType = SafetensorsDataType.F64 }]));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static SafetensorsTensor Tensor(string name, int[] shape, float[] values) => new() { Name = name, Shape = shape, Values = values };
}
