using System.Text;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Tests.Models;

public class JsonConfigTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2,"a":1}""", "'a'")]
    [InlineData("""{"a":1,"\u0061":2}""", "'a'")]
    [InlineData("""{"outer":{"x":null,"inner":{"deep":0,"deep":0}}}""", "'deep'")]
    [InlineData("""{"list":[1,[{"y":1},{"z":1,"z":2}]]}""", "'z'")]
    public void Parse_NameTwiceInOneObject_IsRefusedByName(string json, string expected)
    {
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => JsonConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json"));
        Assert.Equal(ModelFormatError.ConfigInvalid, exception.Error);
        Assert.Contains($"{expected} occurs twice", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OneNameInSeveralObjects_IsNoDuplicate()
    {
        JsonConfig config = JsonConfig.Parse("""{"a":{"a":[{"a":1},{"a":2}]},"A":1}"""u8.ToArray(), "config.json");
        Assert.True(config.TryGet("a", out _));
        Assert.True(config.TryGet("A", out _));
    }

    [Fact]
    public void Parse_HalfASurrogatePairInANestedName_IsRefused() => Assert.Equal(
        ModelFormatError.ConfigInvalid,
        Assert.Throws<ModelFormatException>(() => JsonConfig.Parse("""{"a":{"\ud800":1}}"""u8.ToArray(), "config.json")).Error);
}
