using System.Buffers.Binary;
using System.Text;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Lora.Tests.Peers;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Safetensors;

/// <summary>The hostile files of <c>tests/attacks/safetensors</c>; <c>OPENLEDGER_WRITE_ATTACKS=1</c> writes them.</summary>
public class SafetensorsAttackTests
{
    private static readonly Dictionary<string, (byte[] Bytes, ModelFormatError Error)> Files = new()
    {
        ["empty"] = ([], ModelFormatError.Truncated),
        ["header-huge"] = (Raw(ulong.MaxValue, "{}", 8), ModelFormatError.TooLarge),
        ["header-past-end"] = (Raw(4096, "{}", 8), ModelFormatError.Truncated),
        ["header-no-json"] = (File("PK\u0003\u0004", 8), ModelFormatError.HeaderInvalid),
        ["json-deep"] = (File($$"""{"a":{{new string('[', 5000)}}{{new string(']', 5000)}}}""", 0), ModelFormatError.HeaderInvalid),
        ["json-trailing-text"] = (File("{} {}", 0), ModelFormatError.HeaderInvalid),
        ["json-invalid-utf8"] = (Raw(null, [.. "{\""u8, 0xC0, 0x80, .. "\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}"u8], 1), ModelFormatError.HeaderInvalid),
        ["overlap"] = (File("""{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[8],"data_offsets":[4,12]}}""", 12), ModelFormatError.OffsetsInvalid),
        ["same-data-twice"] = (File("""{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""", 8), ModelFormatError.OffsetsInvalid),
        ["hole"] = (File("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[8,12]}}""", 12), ModelFormatError.OffsetsInvalid),
        ["hole-at-start"] = (File("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""", 8), ModelFormatError.OffsetsInvalid),
        ["bytes-left-over"] = (File("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 8), ModelFormatError.OffsetsInvalid),
        ["offsets-past-end"] = (File("""{"a":{"dtype":"U8","shape":[64],"data_offsets":[0,64]}}""", 8), ModelFormatError.Truncated),
        ["offsets-overflow"] = (File("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[9223372036854775807,9223372036854775808]}}""", 8), ModelFormatError.HeaderInvalid),
        ["offsets-reversed"] = (File("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}""", 4), ModelFormatError.OffsetsInvalid),
        ["offsets-negative"] = (File("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}}""", 4), ModelFormatError.HeaderInvalid),
        ["shape-overflow"] = (File("""{"a":{"dtype":"F64","shape":[2147483647,2147483647,4],"data_offsets":[0,8]}}""", 8), ModelFormatError.ShapeInvalid),
        ["shape-against-size"] = (File("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8), ModelFormatError.ShapeInvalid),
        ["dtype-wrong-size"] = (File("""{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}""", 8), ModelFormatError.ShapeInvalid),
        ["dtype-unknown"] = (File("""{"a":{"dtype":"PICKLE","shape":[8],"data_offsets":[0,8]}}""", 8), ModelFormatError.DataTypeUnsupported),
        ["duplicate-name"] = (File("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""", 8), ModelFormatError.DuplicateName),
        ["duplicate-name-escaped"] = (File("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"\u0061":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""", 8), ModelFormatError.DuplicateName),
        ["duplicate-field"] = (File("""{"a":{"dtype":"U8","dtype":"F64","shape":[8],"data_offsets":[0,8]}}""", 8), ModelFormatError.HeaderInvalid),
    };

    private static readonly Dictionary<string, (string Json, ModelFormatError Error)> Indexes = new()
    {
        ["index-traversal"] = ("""{"weight_map":{"lm_head.weight":"../../outside.safetensors"}}""", ModelFormatError.ConfigInvalid),
        ["index-traversal-backslash"] = ("""{"weight_map":{"lm_head.weight":"..\\outside.safetensors"}}""", ModelFormatError.ConfigInvalid),
        ["index-absolute"] = ("""{"weight_map":{"lm_head.weight":"/etc/outside.safetensors"}}""", ModelFormatError.ConfigInvalid),
        ["index-names-itself"] = ("""{"weight_map":{"lm_head.weight":"model.safetensors.index.json"}}""", ModelFormatError.ConfigInvalid),
        ["index-cyclic"] = ("""{"weight_map":{"lm_head.weight":"one.safetensors","one.safetensors":"model.safetensors.index.json"}}""", ModelFormatError.ConfigInvalid),
        ["index-missing-shard"] = ("""{"weight_map":{"lm_head.weight":"two.safetensors"}}""", ModelFormatError.FileMissing),
        ["index-no-map"] = ("""{"weight_map":["one.safetensors"]}""", ModelFormatError.ConfigInvalid),
    };

    public static TheoryData<string> FileNames => [.. Files.Keys];

    public static TheoryData<string> IndexNames => [.. Indexes.Keys];

    private static string AttackFolder => Path.Combine(RepositoryRoot.Path, "tests", "attacks", "safetensors");

    [Theory]
    [MemberData(nameof(FileNames))]
    public void Open_AttackFile_IsRefusedWithItsReason(string name)
    {
        string path = Committed(name + ".safetensors", Files[name].Bytes);
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(path));
        Assert.True(Files[name].Error == exception.Error, $"{exception.Error}: {exception.Message}");
    }

    [Theory]
    [MemberData(nameof(IndexNames))]
    public void Load_AttackIndex_IsRefusedWithItsReason(string name)
    {
        string path = Committed(name + ".json", Encoding.UTF8.GetBytes(Indexes[name].Json));
        using TemporaryFolder folder = new();
        TinyCheckpoint.All["llama"].SaveHuggingFace(folder.Path);
        System.IO.File.Move(folder.File("model.safetensors"), folder.File("one.safetensors"));
        System.IO.File.Copy(path, folder.File("model.safetensors.index.json"));
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => CausalLM.Load(folder.Path));
        Assert.True(Indexes[name].Error == exception.Error, $"{exception.Error}: {exception.Message}");
    }

    [Theory]
    [InlineData("F32", 0x7FC0_0000ul)]
    [InlineData("F32", 0xFF80_0000ul)]
    [InlineData("F16", 0x7E00ul)]
    [InlineData("BF16", 0xFF80ul)]
    [InlineData("F64", 0x7FF0_0000_0000_0000ul)]
    public void RequireFinite_NotFiniteValue_IsRefused(string type, ulong bits)
    {
        int size = type == "F64" ? 8 : type == "F32" ? 4 : 2;
        byte[] file = File($$$"""{"w":{"dtype":"{{{type}}}","shape":[100],"data_offsets":[0,{{{size * 100}}}]}}""", 100 * size);
        string path = Committed($"weights-not-finite-{type}-{bits:x}.safetensors".ToLowerInvariant(), Put(file, size, 67, bits));
        using SafetensorsFile hostile = SafetensorsFile.Open(path);
        Assert.Equal(ModelFormatError.NotFinite, Assert.Throws<ModelFormatException>(() => hostile.RequireFinite("w")).Error);

        using TemporaryFolder folder = new();
        System.IO.File.WriteAllBytes(folder.File("finite"), file);
        using SafetensorsFile finite = SafetensorsFile.Open(folder.File("finite"));
        finite.RequireFinite("w");
    }

    [Fact]
    public void AttackFiles_OnDisk_AreAllTested() =>
        Assert.Equal(Files.Count + Indexes.Count + 5, Directory.GetFiles(AttackFolder).Length);

    private static string Committed(string name, byte[] bytes)
    {
        string path = Path.Combine(AttackFolder, name);
        if (Environment.GetEnvironmentVariable("OPENLEDGER_WRITE_ATTACKS") == "1")
        {
            System.IO.File.WriteAllBytes(path, bytes);
        }

        Assert.Equal(bytes, System.IO.File.ReadAllBytes(path));
        return path;
    }

    private static byte[] Put(byte[] file, int size, int element, ulong bits)
    {
        byte[] changed = [.. file];
        int at = changed.Length - (100 * size) + (element * size);
        BitConverter.GetBytes(bits).AsSpan(0, size).CopyTo(changed.AsSpan(at));
        return changed;
    }

    private static byte[] File(string header, int dataLength) => Raw(null, Encoding.UTF8.GetBytes(header), dataLength);

    private static byte[] Raw(ulong? length, string header, int dataLength) => Raw(length, Encoding.UTF8.GetBytes(header), dataLength);

    private static byte[] Raw(ulong? length, byte[] header, int dataLength)
    {
        byte[] bytes = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length ?? (ulong)header.Length);
        header.CopyTo(bytes, 8);
        return bytes;
    }
}
