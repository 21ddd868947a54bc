using System.Buffers.Binary;
using System.Text;
using CsCheck;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Safetensors;

public class SafetensorsFileTests
{
    [Fact]
    public void ReadSingles_EveryFloatType_GivesTheExactValues()
    {
        using TemporaryFolder folder = new();
        byte[] data = new byte[(8 * 2) + (4 * 2) + (2 * 3) + (2 * 2)];
        BinaryPrimitives.WriteDoubleLittleEndian(data, 1.5);
        BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(8), -1e300);
        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(16), 0.1f);
        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(20), float.NaN);
        BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(24), (Half)0.25f);
        BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(26), Half.NegativeInfinity);
        BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(28), Half.Epsilon);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(30), 0x3F80);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(32), 0xC2F7);
        string path = WriteRaw(
            folder,
            """{"d":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"f":{"dtype":"F32","shape":[2,1],"data_offsets":[16,24]},"h":{"dtype":"F16","shape":[3],"data_offsets":[24,30]},"b":{"dtype":"BF16","shape":[1,2],"data_offsets":[30,34]},"__metadata__":{"k":"v"}}   """,
            data);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal([1.5f, float.NegativeInfinity], file.ReadSingles("d"));
        Assert.Equal([0.1f, float.NaN], file.ReadSingles("f"));
        Assert.Equal([0.25f, float.NegativeInfinity, (float)Half.Epsilon], file.ReadSingles("h"));
        Assert.Equal([1f, -123.5f], file.ReadSingles("b"));
        Assert.Equal([0.1f, float.NaN], file.GetSingles("f").ToArray());
        Assert.Equal([1, 2], file.GetInfo("b").Shape.ToArray());
        Assert.Equal("v", file.Metadata["k"]);
        Assert.Equal(["d", "f", "h", "b"], file.Tensors.Select(t => t.Name));
        Assert.Throws<ArgumentException>(() => file.ReadSingles("absent"));
        Assert.Throws<ArgumentException>(() => file.GetSingles("h"));
        Assert.Throws<ArgumentException>(() => file.CopyTo("f", new float[3]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(255)]
    public void ReadSingles_BFloat16OfEveryLength_EqualsShiftedBits(int length)
    {
        using TemporaryFolder folder = new();
        float[] values = [.. Enumerable.Range(0, length).Select(i => (i - 3) * 1.37f)];
        SafetensorsWriter.Write(folder.File("x"), [new SafetensorsTensor { Name = "t", Shape = [length], Values = values, DataType = SafetensorsDataType.BF16 }]);
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("x"));
        Assert.Equal(values.Select(v => BitConverter.UInt32BitsToSingle((uint)BFloat16Conversion.Narrow(v) << 16)), file.ReadSingles("t"));
    }

    [Fact]
    public void ReadSingles_IntegerTensor_IsRefused()
    {
        using TemporaryFolder folder = new();
        using SafetensorsFile file = SafetensorsFile.Open(WriteRaw(folder, """{"i":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""", new byte[4]));
        Assert.Equal(ModelFormatError.DataTypeUnsupported, Assert.Throws<ModelFormatException>(() => file.ReadSingles("i")).Error);
        Assert.Equal(4, file.GetBytes("i").Length);
    }

    [Theory]
    [InlineData("hole at the start", """{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, ModelFormatError.OffsetsInvalid)]
    [InlineData("hole between", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", 3, ModelFormatError.OffsetsInvalid)]
    [InlineData("overlap", """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, ModelFormatError.OffsetsInvalid)]
    [InlineData("same data twice", """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", 3, ModelFormatError.OffsetsInvalid)]
    [InlineData("bytes left over", """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 3, ModelFormatError.OffsetsInvalid)]
    [InlineData("data missing", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 3, ModelFormatError.Truncated)]
    [InlineData("ends before it begins", """{"a":{"dtype":"U8","shape":[0],"data_offsets":[3,0]}}""", 3, ModelFormatError.OffsetsInvalid)]
    [InlineData("size against shape", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}}""", 3, ModelFormatError.ShapeInvalid)]
    [InlineData("product overflow", """{"a":{"dtype":"F64","shape":[2147483647,2147483647,8],"data_offsets":[0,3]}}""", 3, ModelFormatError.ShapeInvalid)]
    [InlineData("wraps to three", """{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, ModelFormatError.ShapeInvalid)]
    [InlineData("negative extent", """{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,3]}}""", 3, ModelFormatError.HeaderInvalid)]
    [InlineData("negative offset", """{"a":{"dtype":"U8","shape":[3],"data_offsets":[-3,0]}}""", 3, ModelFormatError.HeaderInvalid)]
    [InlineData("fraction", """{"a":{"dtype":"U8","shape":[3.5],"data_offsets":[0,3]}}""", 3, ModelFormatError.HeaderInvalid)]
    [InlineData("three offsets", """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3,3]}}""", 3, ModelFormatError.HeaderInvalid)]
    [InlineData("no shape", """{"a":{"dtype":"U8","data_offsets":[0,3]}}""", 3, ModelFormatError.HeaderInvalid)]
    [InlineData("unknown field", """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3],"x":1}}""", 3, ModelFormatError.HeaderInvalid)]
    [InlineData("repeated field", """{"a":{"dtype":"U8","shape":[3],"shape":[3],"data_offsets":[0,3]}}""", 3, ModelFormatError.HeaderInvalid)]
    [InlineData("unknown type", """{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,3]}}""", 3, ModelFormatError.DataTypeUnsupported)]
    [InlineData("name twice", """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", 3, ModelFormatError.DuplicateName)]
    [InlineData("escaped name twice", """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 3, ModelFormatError.DuplicateName)]
    [InlineData("metadata twice", """{"__metadata__":{},"__metadata__":{},"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", 3, ModelFormatError.DuplicateName)]
    [InlineData("metadata no text", """{"__metadata__":{"a":1}}""", 0, ModelFormatError.HeaderInvalid)]
    [InlineData("unpaired surrogate", """{"\ud800":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", 3, ModelFormatError.HeaderInvalid)]
    [InlineData("text after the object", """{} x""", 0, ModelFormatError.HeaderInvalid)]
    [InlineData("cut JSON", """{"a":{"dtype":"U8" """, 0, ModelFormatError.HeaderInvalid)]
    [InlineData("leading space", """ {}""", 0, ModelFormatError.HeaderInvalid)]
    [InlineData("array", """[]""", 0, ModelFormatError.HeaderInvalid)]
    [InlineData("empty header", "", 0, ModelFormatError.HeaderInvalid)]
    public void Open_HostileHeader_IsRefusedWithItsReason(string what, string header, int dataLength, ModelFormatError expected)
    {
        using TemporaryFolder folder = new();
        string path = WriteRaw(folder, header, new byte[dataLength]);
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(path));
        Assert.True(expected == exception.Error, $"{what}: {exception.Error}: {exception.Message}");
        Assert.Equal(path, exception.FilePath);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    public void Open_TooShortFile_IsRefused(int length)
    {
        using TemporaryFolder folder = new();
        byte[] bytes = new byte[length];
        if (length == 8)
        {
            bytes[0] = 2;
        }

        File.WriteAllBytes(folder.File("x"), bytes);
        Assert.Equal(ModelFormatError.Truncated, Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(folder.File("x"))).Error);
    }

    [Theory]
    [InlineData(100_000_001ul)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1ul << 63)]
    public void Open_HugeHeaderLength_IsRefused(ulong headerLength)
    {
        using TemporaryFolder folder = new();
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, headerLength);
        File.WriteAllBytes(folder.File("x"), bytes);
        Assert.Equal(ModelFormatError.TooLarge, Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(folder.File("x"))).Error);
    }

    [Fact]
    public void Open_NamesAndEmptyTensors_AreRead()
    {
        using TemporaryFolder folder = new();
        string path = WriteRaw(folder, """{"é\u0000":{"dtype":"U8","shape":[0,5],"data_offsets":[0,0]},"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", new byte[4]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Empty(file.GetBytes("é\0").ToArray());
        Assert.Equal([0f], file.ReadSingles("s"));
    }

    [Fact]
    public void Dispose_Twice_ThenReadingThrows()
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter.Write(folder.File("x"), [new SafetensorsTensor { Name = "t", Shape = [1], Values = new float[1] }]);
        SafetensorsFile file = SafetensorsFile.Open(folder.File("x"));
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.ReadSingles("t"));
        Assert.Throws<ObjectDisposedException>(() => file.GetBytes("t").Length);
        Assert.Throws<ObjectDisposedException>(() => file.GetSingles("t"));
    }

    [Fact]
    public void Open_FlippedAndTruncatedFiles_GiveTheExceptionOrAValidObject()
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter.Write(
            folder.File("valid"),
            [
                new SafetensorsTensor { Name = "first", Shape = [3, 4], Values = TestValues(12) },
                new SafetensorsTensor { Name = "second", Shape = [5], Values = TestValues(5), DataType = SafetensorsDataType.BF16 },
            ],
            new Dictionary<string, string> { ["format"] = "pt" });
        byte[] valid = File.ReadAllBytes(folder.File("valid"));
        int refused = 0;
        int read = 0;
        Gen.Select(Gen.Int[0, valid.Length], Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte).Array[0, 4]).Sample(
            (length, flips) =>
            {
                byte[] bytes = valid.ToArray();
                foreach ((int at, byte value) in flips)
                {
                    bytes[at] ^= value;
                }

                // Half of the cases keep the whole length, so that flips alone are tried as well.
                bytes = length % 2 == 0 ? bytes : bytes[..length];
                string path = folder.File("fuzzed");
                File.WriteAllBytes(path, bytes);
                try
                {
                    using SafetensorsFile file = SafetensorsFile.Open(path);
                    foreach (SafetensorsTensorInfo tensor in file.Tensors)
                    {
                        Assert.Equal(tensor.ByteLength, file.GetBytes(tensor.Name).Length);
                    }

                    read++;
                }
                catch (ModelFormatException)
                {
                    refused++;
                }
            },
            iter: 3000,
            threads: 1);
        Assert.True(refused > 100 && read > 10, $"{refused} refused, {read} read: the fuzzing must reach both");
    }

    [Fact]
    public void ReadSingles_RealBFloat16Checkpoint_ReadsEveryTensor()
    {
        using SafetensorsFile file = SafetensorsFile.Open(RealData.Require("models/mlxd-tiny_llama3/model.safetensors"));
        Assert.Contains(file.Tensors, t => t.DataType == SafetensorsDataType.BF16);
        foreach (SafetensorsTensorInfo tensor in file.Tensors)
        {
            Assert.All(file.ReadSingles(tensor.Name), v => Assert.True(float.IsFinite(v)));
        }
    }

    private static float[] TestValues(int count) => [.. Enumerable.Range(0, count).Select(i => i - 1.25f)];

    private static string WriteRaw(TemporaryFolder folder, string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + json.Length);
        string path = folder.File("raw.safetensors");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
