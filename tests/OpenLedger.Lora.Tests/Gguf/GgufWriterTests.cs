using System.Security.Cryptography;
using CsCheck;
using OpenLedger.Lora.Gguf;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Gguf;

public class GgufWriterTests
{
    [Fact]
    public void Write_EveryValueTypeAndTensorType_ReadsBack()
    {
        using TemporaryFolder folder = new();
        KeyValuePair<string, object>[] metadata =
        [
            new("general.alignment", 64u), new("a", (byte)1), new("b", (sbyte)-1), new("c", (ushort)2), new("d", (short)-2), new("e", -3),
            new("f", 0.25f), new("g", true), new("h", "text é"), new("i", 1ul << 63), new("j", -5L), new("k", 1e300),
            new("l", new[] { "x", "" }), new("m", new float[] { 1, 2 }), new("n", new[] { true, false }), new("o", new byte[] { 9 }), new("p", Array.Empty<int>()),
        ];
        float[] values = [.. Enumerable.Range(0, 96).Select(i => MathF.Sin(i) * 3)];
        GgufTensorType[] types = [GgufTensorType.F32, GgufTensorType.F16, GgufTensorType.BF16, GgufTensorType.Q8_0, GgufTensorType.Q4_0];
        GgufTensor[] tensors = [.. types.Select(t => new GgufTensor { Name = t.ToString(), Shape = [3, 32], Values = values, Type = t })];
        GgufWriter.Write(folder.File("x"), metadata, [.. tensors, new GgufTensor { Name = "scalar", Shape = [], Values = new[] { 4f } }, new GgufTensor { Name = "none", Shape = [0, 5], Values = default }]);
        using GgufFile file = GgufFile.Open(folder.File("x"));
        Assert.Equal(metadata.Select(p => p.Key), file.Metadata.Keys);
        foreach ((string key, object value) in metadata)
        {
            Assert.True(file.Metadata.TryGetValue(key, out object? read));
            Assert.Equal(value.GetType(), read.GetType());
            Assert.Equal(value, read);
        }

        Assert.Equal(values, file.ReadSingles("F32"));
        Assert.Equal(values.Select(v => (float)(Half)v), file.ReadSingles("F16"));
        foreach ((string name, float tolerance) in new[] { ("BF16", 3f / 256), ("Q8_0", (3f / 254) + (3f / 2048)), ("Q4_0", (3f / 8) + (3f / 2048)) })
        {
            float[] read = file.ReadSingles(name);
            Assert.All(values.Zip(read), p => Assert.InRange(p.Second, p.First - tolerance, p.First + tolerance));
            Assert.Equal([3, 32], file.GetInfo(name).Shape.ToArray());
        }

        Assert.Equal([4f], file.ReadSingles("scalar"));
        Assert.Empty(file.ReadSingles("none"));
    }

    /// <summary>Bytes from <c>ggml_quantize_chunk</c> of llama.cpp v0.5.0 over the values of <see cref="QuantizerInput"/>.</summary>
    [Theory]
    [InlineData(GgufTensorType.Q8_0, "C6A1D58439929CB46D7EB40C496E2C466BC3674B1D4F7F549C16911F24EE516E")]
    [InlineData(GgufTensorType.Q4_0, "17D007E290F22949D7EB04798659F51581A0A62DEFBA8533981A36EBDD54161D")]
    [InlineData(GgufTensorType.F16, "1D70694869AA0E6E002DD6F15BE7C6C05F4D82C318C98801B2B2DBCE7DB351E9")]
    [InlineData(GgufTensorType.BF16, "3BE922557AF297831D1743F0C85EE28D1B67346A4F3FA9E66EAC1D229BBA177A")]
    public void Write_QuantizerInput_GivesGgmlsBytes(GgufTensorType type, string sha256)
    {
        using TemporaryFolder folder = new();
        float[] values = QuantizerInput();
        GgufWriter.Write(folder.File("x"), [], [new GgufTensor { Name = "t", Shape = [values.Length / 32, 32], Values = values, Type = type }]);
        using GgufFile file = GgufFile.Open(folder.File("x"));
        Assert.Equal(sha256, Convert.ToHexString(SHA256.HashData(file.GetBytes("t"))));
    }

    [Theory]
    [InlineData(GgufTensorType.Q8_0)]
    [InlineData(GgufTensorType.Q4_0)]
    public void ReadSingles_AnyBlock_IsScaleTimesCode(GgufTensorType type) =>
        Gen.Byte.Array[type == GgufTensorType.Q8_0 ? 34 : 18].Sample(
            block =>
            {
                float[] read = new float[32];
                float[] expected = new float[32];
                float scale = (float)BitConverter.ToHalf(block);
                for (int i = 0; i < 32; i++)
                {
                    int code = type == GgufTensorType.Q8_0
                        ? (sbyte)block[2 + i]
                        : (i < 16 ? block[2 + i] & 15 : block[2 + i - 16] >> 4) - 8;
                    expected[i] = scale * code;
                }

                if (type == GgufTensorType.Q8_0)
                {
                    GgufBlocks.DecodeQ8(block, read);
                }
                else
                {
                    GgufBlocks.DecodeQ4(block, read);
                }

                Assert.Equal(expected, read);
            },
            iter: 500);

    [Theory]
    [InlineData(GgufTensorType.Q8_0)]
    [InlineData(GgufTensorType.Q4_0)]
    public void Write_SubnormalBlock_ReadsAsZero(GgufTensorType type)
    {
        using TemporaryFolder folder = new();
        float[] values = [.. Enumerable.Range(0, 32).Select(i => (i - 16) * 1e-41f)];
        GgufWriter.Write(folder.File("x"), [], [new GgufTensor { Name = "t", Shape = [32], Values = values, Type = type }]);
        using GgufFile file = GgufFile.Open(folder.File("x"));
        Assert.All(file.ReadSingles("t"), v => Assert.Equal(0f, Math.Abs(v)));
    }

    [Fact]
    public void Write_SameInput_GivesTheSameBytes()
    {
        using TemporaryFolder folder = new();
        foreach (string name in new[] { "one", "two" })
        {
            GgufWriter.Write(folder.File(name), [new("k", 1u)], [new GgufTensor { Name = "t", Shape = [2, 1], Values = new float[] { 1, 2 } }]);
        }

        byte[] bytes = File.ReadAllBytes(folder.File("one"));
        Assert.Equal(bytes, File.ReadAllBytes(folder.File("two")));
        byte[] expected =
        [
            .. GgufBytes.Head(1, 1).Text("k").U32(4).U32(1).Tensor("t", 0, 0, 1, 2).Pad().ToArray(),
            .. new GgufBytes().Raw(0, 0, 0x80, 0x3F, 0, 0, 0, 0x40).Pad().ToArray(),
        ];
        Assert.Equal(expected, bytes);
    }

    [Fact]
    public void Write_WrongInput_ThrowsBeforeTouchingTheDisk()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("never");
        GgufTensor good = new() { Name = "a", Shape = [32], Values = new float[32] };
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [], [good, good]));
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [], [good with { Name = new string('n', 64) }]));
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [], [good with { Name = "" }]));
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [], [good with { Shape = [31] }]));
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [], [good with { Shape = [1, 1, 1, 1, 32] }]));
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [], [good with { Shape = [65536, 65536, 65536, 65536] }]));
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [], [good with { Shape = [2, 16], Type = GgufTensorType.Q8_0 }]));
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [], [good with { Shape = [1], Values = new[] { 1f }, Type = GgufTensorType.Q4_0 }]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GgufWriter.Write(path, [], [good with { Type = GgufTensorType.Other }]));
        foreach (float wrong in new[] { float.NaN, float.PositiveInfinity, -6e5f })
        {
            float[] values = new float[32];
            values[7] = wrong;
            Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [], [good with { Values = values, Type = GgufTensorType.Q8_0 }]));
        }

        Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [new("k", 1u), new("k", 1u)], []));
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [new("k", 1m)], []));
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [new("k", new object[] { 1 })], []));
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [new("general.alignment", 12u)], []));
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(path, [new("general.alignment", 32)], []));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    /// <summary>Blocks with ties, zeros, single spikes of either sign and large values, then 2,000 random blocks.</summary>
    internal static float[] QuantizerInput()
    {
        List<float> values = [];
        for (int i = 0; i < 32; i++)
        {
            values.Add((i - 16) / 2f);
        }

        values.AddRange(new float[32]);
        for (int i = 0; i < 32; i++)
        {
            values.Add(i == 5 ? -127 : (i - 16) / 2f);
        }

        for (int i = 0; i < 32; i++)
        {
            values.Add(i == 9 ? 8 : i == 10 ? -8 : i / 4f);
        }

        for (int i = 0; i < 32; i++)
        {
            values.Add((i - 3) * 1e4f);
        }

        uint state = 12345;
        for (int i = 0; i < 2000 * 32; i++)
        {
            state = unchecked((state * 1664525) + 1013904223);
            float unit = ((state >> 8) / 8388608f) - 1;
            values.Add(unit * MathF.ScaleB(1, (int)(i / 32 % 41) - 24));
        }

        return [.. values];
    }
}
