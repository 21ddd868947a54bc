using System.Text.Json;
using OpenLedger.Datanets.Schemas;

namespace OpenLedger.Datanets.Tests.Schemas;

public class BinaryFieldTests
{
    // SHA-256 of the empty text, and its CIDv1 with codec raw, a pair that IPFS documentation prints.
    private const string Sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Cid = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";

    private static DatanetSchema Images { get; } = new(
        "images", new RecordVariant("image", new SchemaField("image", new BinaryField(["image/png", "image/jpeg"], 1000), isRequired: true)));

    [Theory]
    [InlineData("{\"sha256\":\"" + Sha256 + "\",\"mediaType\":\"image/png\",\"length\":0}")]
    [InlineData("{\"cid\":\"" + Cid + "\",\"mediaType\":\"image/jpeg\",\"length\":1000}")]
    [InlineData("{\"cid\":\"" + Cid + "\",\"sha256\":\"" + Sha256 + "\",\"mediaType\":\"image/jpeg\",\"length\":1}")]
    public void Validate_LegalReference_FindsNoFault(string json) => Assert.Empty(Validate(json));

    [Theory]
    [InlineData("1", SchemaFaultCode.WrongType, "$.image")]
    [InlineData("{\"mediaType\":\"image/png\",\"length\":0}", SchemaFaultCode.MissingField, "$.image.sha256")]
    [InlineData("{\"sha256\":\"00\",\"mediaType\":\"image/png\",\"length\":0}", SchemaFaultCode.HashMalformed, "$.image.sha256")]
    [InlineData("{\"sha256\":1,\"mediaType\":\"image/png\",\"length\":0}", SchemaFaultCode.WrongType, "$.image.sha256")]
    [InlineData("{\"cid\":\"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykv\",\"mediaType\":\"image/png\",\"length\":0}", SchemaFaultCode.HashMalformed, "$.image.cid")]
    [InlineData("{\"cid\":\"QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH\",\"mediaType\":\"image/png\",\"length\":0}", SchemaFaultCode.HashMalformed, "$.image.cid")]
    [InlineData("{\"cid\":\"" + Cid + "\",\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"mediaType\":\"image/png\",\"length\":0}", SchemaFaultCode.HashMalformed, "$.image.cid")]
    [InlineData("{\"sha256\":\"" + Sha256 + "\",\"mediaType\":\"image/gif\",\"length\":0}", SchemaFaultCode.MediaTypeNotAllowed, "$.image.mediaType")]
    [InlineData("{\"sha256\":\"" + Sha256 + "\",\"length\":0}", SchemaFaultCode.MissingField, "$.image.mediaType")]
    [InlineData("{\"sha256\":\"" + Sha256 + "\",\"mediaType\":\"image/png\"}", SchemaFaultCode.MissingField, "$.image.length")]
    [InlineData("{\"sha256\":\"" + Sha256 + "\",\"mediaType\":\"image/png\",\"length\":1001}", SchemaFaultCode.NumberTooLarge, "$.image.length")]
    [InlineData("{\"sha256\":\"" + Sha256 + "\",\"mediaType\":\"image/png\",\"length\":0.5}", SchemaFaultCode.NotAnInteger, "$.image.length")]
    [InlineData("{\"sha256\":\"" + Sha256 + "\",\"mediaType\":\"image/png\",\"length\":1,\"url\":\"x\"}", SchemaFaultCode.UnexpectedField, "$.image.url")]
    [InlineData("{\"sha256\":\"" + Sha256 + "\",\"sha256\":\"" + Sha256 + "\",\"mediaType\":\"image/png\",\"length\":1}", SchemaFaultCode.RepeatedField, "$.image.sha256")]
    public void Validate_OneFault_HasItsCodeAndPath(string json, SchemaFaultCode code, string path)
    {
        SchemaFault fault = Assert.Single(Validate(json));
        Assert.Equal((code, path), (fault.Code, fault.Path));
    }

    [Fact]
    public void Validate_NoMediaTypes_AllowsEveryWellFormedOne()
    {
        DatanetSchema any = new("any", new RecordVariant("any", new SchemaField("image", new BinaryField([], BinaryField.GreatestLength), isRequired: true)));
        Assert.Empty(any.Validate(JsonElement.Parse("{\"image\":{\"sha256\":\"" + Sha256 + "\",\"mediaType\":\"application/vnd.api+json\",\"length\":9007199254740991}}")));
        Assert.Equal(
            SchemaFaultCode.MediaTypeNotAllowed,
            Assert.Single(any.Validate(JsonElement.Parse("{\"image\":{\"sha256\":\"" + Sha256 + "\",\"mediaType\":\"Image/PNG; q=1\",\"length\":1}}"))).Code);
    }

    [Fact]
    public void Cid_PatternAndDecoder_AgreeOnRandomChanges()
    {
        TextPattern pattern = TextPattern.Parse(BinaryField.CidPattern);
        Random random = new(3);
        int legal = 0;
        for (int i = 0; i < 20_000; i++)
        {
            char[] cid = Cid.ToCharArray();
            int place = random.Next(cid.Length);
            cid[place] = "abcdefghijklmnopqrstuvwxyz23456701A"[random.Next(35)];
            string text = new(cid);
            bool accepted = Validate("{\"cid\":\"" + text + "\",\"mediaType\":\"image/png\",\"length\":0}").Count == 0;
            Assert.Equal(pattern.IsMatch(text), accepted);
            legal += accepted ? 1 : 0;
        }

        Assert.InRange(legal, 1000, 19_999);
    }

    [Fact]
    public void Document_GivesTheSameSchema() => Assert.Equal(Images.Digest, DatanetSchema.Parse(Images.Document.Span).Digest);

    [Fact]
    public void Constructor_IllegalArguments_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new BinaryField(["image"], 1));
        Assert.Throws<ArgumentException>(() => new BinaryField(["Image/PNG"], 1));
        Assert.Throws<ArgumentException>(() => new BinaryField(["a/b", "a/b"], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BinaryField(["a/b"], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BinaryField(["a/b"], long.MaxValue));
    }

    private static IReadOnlyList<SchemaFault> Validate(string json) => Images.Validate(JsonElement.Parse("{\"image\":" + json + "}"));
}
