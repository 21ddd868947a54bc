using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Canonical;

public class CanonicalJsonTests
{
    // RFC 8785, appendix B: bits of a double and its only spelling.
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Serialize_NumbersOfTheRfc_AreSpelledAsItSays(string bits, string expected)
    {
        double value = BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        Assert.Equal(expected, Text(CanonicalJson.Serialize(JsonValue.Create(value))));
    }

    // The example of RFC 8785, sections 3.2.2 and 3.2.3.
    [Fact]
    public void Canonicalize_ExampleOfTheRfc_MatchesItsOutput()
    {
        const string input = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;
        const string expected =
            """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""";
        Assert.Equal(expected, Text(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(input))));
    }

    [Fact]
    public void Canonicalize_NamesOfTheRfc_AreSortedByUtf16CodeUnits()
    {
        const string input = """{"\u20ac":"Euro","\r":"CR","\ufb33":"Dalet","1":"One","\ud83d\ude00":"Smiley","\u0080":"Control","\u00f6":"o"}""";
        string output = Text(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(input)));
        string[] expected = ["CR", "One", "Control", "o", "Euro", "Smiley", "Dalet"];
        Assert.Equal(expected, JsonNode.Parse(output)!.AsObject().Select(member => member.Value!.GetValue<string>()));
    }

    [Fact]
    public void Canonicalize_ControlCharacters_UseTheShortestEscapes()
    {
        string all = string.Concat(Enumerable.Range(0, 0x21).Select(c => (char)c)) + "\u007f";
        string output = Text(CanonicalJson.Serialize(JsonValue.Create(all)));
        Assert.Equal(
            "\"" + """\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f""" +
            """\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f """ + "\u007f\"",
            output);
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}", "twice")]
    [InlineData("{\"a\":1,\"\\u0061\":2}", "twice")]
    [InlineData("[\"\\ud800\"]", "surrogate")]
    [InlineData("[\"\\ude00\\ud83d\"]", "surrogate")]
    [InlineData("{\"\\ud800\":1}", "surrogate")]
    [InlineData("[1e400]", "double")]
    [InlineData("[-1e400]", "double")]
    [InlineData("[NaN]", "Not valid JSON")]
    [InlineData("[1,]", "Not valid JSON")]
    [InlineData("{} {}", "Not valid JSON")]
    [InlineData("", "Not valid JSON")]
    [InlineData("// c\n1", "Not valid JSON")]
    [InlineData("\uFEFF1", "Not valid JSON")]
    public void Canonicalize_TextWithoutCanonicalForm_IsRefused(string json, string reason)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        DatanetException exception = Assert.Throws<DatanetException>(() => CanonicalJson.Canonicalize(utf8));
        Assert.Equal(DatanetError.InvalidJson, exception.Error);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.False(CanonicalJson.IsCanonical(utf8));
    }

    [Fact]
    public void Canonicalize_InvalidUtf8_IsRefused() =>
        Assert.Equal(DatanetError.InvalidUtf8, Assert.Throws<DatanetException>(() => CanonicalJson.Canonicalize([0x22, 0xC3, 0x28, 0x22])).Error);

    [Fact]
    public void Serialize_NodesWithoutCanonicalForm_AreRefused()
    {
        JsonNode?[] nodes =
        [
            JsonValue.Create(double.NaN), JsonValue.Create(double.PositiveInfinity), JsonValue.Create("\ud800"), JsonValue.Create('\ud800'),
            new JsonObject { ["\udc00"] = 1 }, JsonNode.Parse("{\"a\":1,\"a\":2}"), JsonNode.Parse("\"\\ud800\""), JsonNode.Parse("[1e999]"),
        ];
        foreach (JsonNode? node in nodes)
        {
            Assert.Equal(DatanetError.InvalidJson, Assert.Throws<DatanetException>(() => CanonicalJson.Serialize(node)).Error);
        }
    }

    [Fact]
    public void Serialize_Depth_IsCappedAt64()
    {
        string legal = new string('[', 64) + new string(']', 64);
        Assert.True(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(legal)));
        Assert.Throws<DatanetException>(() => CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes("[" + legal + "]")));
        JsonNode node = new JsonArray();
        for (int i = 1; i < 64; i++)
        {
            node = i % 2 == 0 ? new JsonArray(node) : new JsonObject { ["a"] = node };
        }

        Assert.NotEmpty(CanonicalJson.Serialize(node));
        Assert.Throws<DatanetException>(() => CanonicalJson.Serialize(new JsonArray(node)));
        using JsonDocument deep = JsonDocument.Parse("[" + legal + "]", new JsonDocumentOptions { MaxDepth = 100 });
        Assert.Throws<DatanetException>(() => CanonicalJson.Serialize(deep.RootElement));
    }

    [Fact]
    public void Serialize_ClrValues_AreSpelledAsJson()
    {
        JsonObject node = new()
        {
            ["l"] = 9007199254740993L,
            ["d"] = 1.50m,
            ["g"] = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc),
            ["b"] = true,
            ["n"] = null,
        };
        Assert.Equal("""{"b":true,"d":1.5,"g":"2030-01-02T03:04:05Z","l":9007199254740992,"n":null}""", Text(CanonicalJson.Serialize(node)));
        Assert.Throws<ArgumentException>(() => CanonicalJson.Serialize(default(JsonElement)));
    }

    [Fact]
    public void Serialize_AnyDouble_RoundTripsAndHasTheFormOfEcmaScript()
    {
        Gen.ULong.Select(BitConverter.UInt64BitsToDouble).Where(double.IsFinite).Sample(value =>
        {
            string text = Text(CanonicalJson.Serialize(JsonValue.Create(value)));
            Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
            Assert.Equal(ReferenceCanonicalJson.Number(value), text);
            Assert.True(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(text)));
        }, iter: 20_000);
        // Magnitudes around the changes of layout are rare among random bits.
        Gen.Select(Gen.Double[-1, 1], Gen.Int[-12, 26]).Sample((mantissa, exponent) =>
        {
            double value = mantissa * Math.Pow(10, exponent);
            Assert.Equal(ReferenceCanonicalJson.Number(value), Text(CanonicalJson.Serialize(JsonValue.Create(value))));
        }, iter: 20_000);
    }

    [Fact]
    public void Canonicalize_AnyOrderAndSpacing_GivesOneForm()
    {
        Gen<string> name = Gen.String[Gen.Char["ab€\u0080 \"\\ö\n"], 0, 4];
        Gen.Dictionary(name, Gen.Double[-1e6, 1e6])[0, 8].Sample(members =>
        {
            JsonObject forward = new(members.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value)));
            JsonObject backward = new(members.Reverse().Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value)));
            byte[] canonical = CanonicalJson.Serialize(forward);
            Assert.Equal(canonical, CanonicalJson.Serialize(backward));
            byte[] indented = Encoding.UTF8.GetBytes(backward.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            Assert.Equal(canonical, CanonicalJson.Canonicalize(indented));
            Assert.True(CanonicalJson.IsCanonical(canonical));
            Assert.Equal(members.Count == 0, CanonicalJson.IsCanonical(indented));
        });
    }

    [Fact]
    public void Canonicalize_FlippedBytes_GivesAFormOrTheDocumentedException()
    {
        byte[] valid = CanonicalJson.Canonicalize("""{"é😀":[1.5,-2e-9,"a\u0001\"",{"x":null}],"z":[true,false,""]}"""u8);
        Random random = new(20260101);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = valid[..random.Next(valid.Length + 1)];
            for (int flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                byte[] canonical = CanonicalJson.Canonicalize(bytes);
                Assert.True(CanonicalJson.IsCanonical(canonical));
                accepted++;
            }
            catch (DatanetException exception)
            {
                Assert.True(exception.Error is DatanetError.InvalidJson or DatanetError.InvalidUtf8);
            }
        }

        Assert.True(accepted > 50, $"only {accepted} inputs were valid");
    }

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
