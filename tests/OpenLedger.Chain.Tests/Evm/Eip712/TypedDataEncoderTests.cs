using System.Globalization;
using System.Numerics;
using System.Text.Json;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Evm.Eip712;
using OpenLedger.Chain.Tests.Reference;

namespace OpenLedger.Chain.Tests.Evm.Eip712;

public class TypedDataEncoderTests
{
    [Fact]
    public void Digest_PublishedVectors_Equal()
    {
        JsonElement vectors = JsonVectors.Read("chain/ethers_typed_data.json.gz");
        Assert.Equal(130, vectors.GetArrayLength());
        foreach (JsonElement vector in vectors.EnumerateArray())
        {
            Dictionary<string, IReadOnlyList<TypedDataField>> types = vector.GetProperty("types").EnumerateObject().ToDictionary(
                type => type.Name,
                type => (IReadOnlyList<TypedDataField>)[.. type.Value.EnumerateArray().Select(f => new TypedDataField(f.Text("name"), f.Text("type")))]);
            TypedDataEncoder encoder = new(types);
            string primary = vector.Text("primaryType");
            Dictionary<string, object> value = Struct(types, primary, vector.GetProperty("data"));
            Assert.Equal(vector.Text("encoded"), "0x" + Convert.ToHexStringLower(encoder.EncodeData(primary, value)));
            Bytes32 digest = encoder.Digest(Domain(vector.GetProperty("domain")), primary, value);
            Assert.Equal(vector.Text("digest"), digest.ToString());
            if (vector.TryGetProperty("privateKey", out JsonElement key))
            {
                Assert.Equal(vector.Text("signature"), EthereumAccount.FromPrivateKey(key.Bytes()).SignHash(digest).ToString());
            }
        }
    }

    [Fact]
    public void EncodeType_NestedStructs_SortsReferencedTypes()
    {
        TypedDataEncoder encoder = new(new Dictionary<string, IReadOnlyList<TypedDataField>>
        {
            ["Transaction"] = [new("from", "Person"), new("to", "Person[2][]"), new("tx", "Asset")],
            ["Person"] = [new("wallet", "address"), new("name", "string")],
            ["Asset"] = [new("token", "address"), new("amount", "uint256")],
        });
        Assert.Equal(
            "Transaction(Person from,Person[2][] to,Asset tx)Asset(address token,uint256 amount)Person(address wallet,string name)",
            encoder.EncodeType("Transaction"));
        Assert.Equal(Bytes32.HashOf(encoder.EncodeType("Asset")), encoder.TypeHash("Asset"));
        Assert.Throws<ArgumentException>("structType", () => encoder.TypeHash("Nobody"));
    }

    [Theory]
    [InlineData("uint")]
    [InlineData("uint0")]
    [InlineData("uint7")]
    [InlineData("uint264")]
    [InlineData("uint08")]
    [InlineData("bytes0")]
    [InlineData("bytes33")]
    [InlineData("int-8")]
    [InlineData("Person")]
    [InlineData("uint8[")]
    [InlineData("uint8[0]")]
    [InlineData("uint8[-1]")]
    [InlineData("uint8[9999999999]")]
    [InlineData("[]")]
    [InlineData("")]
    public void Constructor_UnknownType_Throws(string type) =>
        Assert.Throws<ArgumentException>("types", () => new TypedDataEncoder(new Dictionary<string, IReadOnlyList<TypedDataField>> { ["A"] = [new("x", type)] }));

    [Fact]
    public void Constructor_BadNames_Throw()
    {
        Assert.Throws<ArgumentException>("types", () => Of("1A", new TypedDataField("x", "bool")));
        Assert.Throws<ArgumentException>("types", () => Of("uint8", new TypedDataField("x", "bool")));
        Assert.Throws<ArgumentException>("types", () => Of("A", new TypedDataField("x y", "bool")));
        Assert.Throws<ArgumentException>("types", () => Of("A", new TypedDataField("x", "bool"), new TypedDataField("x", "bool")));
    }

    [Fact]
    public void HashStruct_IntegersAtTheEdge_AreCheckedAgainstTheType()
    {
        TypedDataEncoder encoder = Of("A", new TypedDataField("x", "int8"));
        Assert.EndsWith(new string('f', 62) + "80", Convert.ToHexStringLower(Encode(-128)), StringComparison.Ordinal);
        Assert.EndsWith(new string('0', 62) + "7f", Convert.ToHexStringLower(Encode(127)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => Encode(128));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => Encode(-129));

        TypedDataEncoder unsigned = Of("A", new TypedDataField("x", "uint256"));
        BigInteger greatest = (BigInteger.One << 256) - 1;
        Assert.EndsWith(new string('f', 64), Convert.ToHexStringLower(unsigned.EncodeData("A", Value(greatest))), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => unsigned.EncodeData("A", Value(greatest + 1)));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => unsigned.EncodeData("A", Value(-1)));

        byte[] Encode(int number) => encoder.EncodeData("A", Value(number));
    }

    [Fact]
    public void HashStruct_WrongValues_Throw()
    {
        Assert.Throws<ArgumentException>("value", () => Of("A", new TypedDataField("x", "string")).HashStruct("A", Value(1)));
        Assert.Throws<ArgumentException>("value", () => Of("A", new TypedDataField("x", "bool")).HashStruct("A", Value("true")));
        Assert.Throws<ArgumentException>("value", () => Of("A", new TypedDataField("x", "bytes4")).HashStruct("A", Value(new byte[3])));
        Assert.Throws<ArgumentException>("value", () => Of("A", new TypedDataField("x", "bool[2]")).HashStruct("A", Value(new object[] { true })));
        Assert.Throws<ArgumentException>("value", () => Of("A", new TypedDataField("x", "bool")).HashStruct("A", new Dictionary<string, object>()));
        Assert.Throws<ArgumentException>("value", () => Of("A", new TypedDataField("x", "bool")).HashStruct("A", new Dictionary<string, object> { ["y"] = true }));
    }

    [Fact]
    public void HashStruct_EndlesslyNestedValue_Throws()
    {
        TypedDataEncoder encoder = Of("A", new TypedDataField("x", "A[]"));
        Dictionary<string, object> loop = [];
        loop["x"] = new object[] { loop };
        Assert.Throws<ArgumentException>("value", () => encoder.HashStruct("A", loop));
    }

    private static TypedDataEncoder Of(string name, params TypedDataField[] fields) =>
        new(new Dictionary<string, IReadOnlyList<TypedDataField>> { [name] = fields });

    private static Dictionary<string, object> Value(object x) => new() { ["x"] = x };

    private static TypedDataDomain Domain(JsonElement domain) => new()
    {
        Name = domain.TryGetProperty("name", out JsonElement name) ? name.GetString() : null,
        Version = domain.TryGetProperty("version", out JsonElement version) ? version.GetString() : null,
        ChainId = domain.TryGetProperty("chainId", out JsonElement chainId) ? chainId.GetUInt64() : null,
        VerifyingContract = domain.TryGetProperty("verifyingContract", out JsonElement contract) ? EthereumAddress.Parse(contract.GetString()!) : null,
        Salt = domain.TryGetProperty("salt", out JsonElement salt) ? Bytes32.Parse(salt.GetString()!) : null,
    };

    private static Dictionary<string, object> Struct(Dictionary<string, IReadOnlyList<TypedDataField>> types, string name, JsonElement data) =>
        types[name].ToDictionary(field => field.Name, field => Read(types, field.Type, data.GetProperty(field.Name)));

    private static object Read(Dictionary<string, IReadOnlyList<TypedDataField>> types, string type, JsonElement data)
    {
        if (type.EndsWith(']'))
        {
            string element = type[..type.LastIndexOf('[')];
            return data.EnumerateArray().Select(item => Read(types, element, item)).ToArray();
        }

        return type switch
        {
            _ when types.ContainsKey(type) => Struct(types, type, data),
            "string" => data.GetString()!,
            "bool" => data.GetBoolean(),
            "address" => EthereumAddress.Parse(data.GetString()!),
            _ when type.StartsWith("bytes", StringComparison.Ordinal) => data.Bytes(),
            _ => BigInteger.Parse(data.ToString(), CultureInfo.InvariantCulture),
        };
    }
}
