using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenLedger.Datanets.Deduplication;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;

namespace OpenLedger.Datanets.Tests.Schemas;

public class PrivateFieldTests
{
    private const string Salt = "AAAAAAAAAAAAAAAAAAAAAA";

    private static DatanetSchema Patients { get; } = new SchemaBuilder("patients")
        .Variant("case", variant => variant.Required("text", new TextField(1, 50)).Private("diagnosis", new TextField(1, 50), isRequired: true))
        .Variant("note", variant => variant.Required("note", new TextField(1, 50)))
        .Build();

    private static DatanetSchema Public { get; } = new("public", new RecordVariant("v", new SchemaField("text", new TextField(1, 50), true)));

    [Theory]
    [InlineData("\"$salt\":\"" + Salt + "\",", null)]
    [InlineData("", SchemaFaultCode.MissingSalt)]
    [InlineData("\"$salt\":1,", SchemaFaultCode.MalformedSalt)]
    [InlineData("\"$salt\":\"\",", SchemaFaultCode.MalformedSalt)]
    [InlineData("\"$salt\":\"AAAAAAAAAAAAAAAAAAAAAB\",", SchemaFaultCode.MalformedSalt)] // bits beyond the 16 bytes
    [InlineData("\"$salt\":\"AAAAAAAAAAAAAAAAAAAAAA==\",", SchemaFaultCode.MalformedSalt)]
    [InlineData("\"$salt\":\"AAAAAAAAAAA/AAAAAAAAAA\",", SchemaFaultCode.MalformedSalt)]
    [InlineData("\"$salt\":\"" + Salt + "\",\"$salt\":\"" + Salt + "\",", SchemaFaultCode.RepeatedField)]
    public void Validate_SchemaWithPrivateFields_WantsASalt(string salt, SchemaFaultCode? code)
    {
        IReadOnlyList<SchemaFault> faults = Patients.Validate(JsonElement.Parse("{" + salt + """ "text":"t","diagnosis":"d"}"""));
        Assert.Equal(code is null ? [] : [SchemaFaultCode.NoVariantMatches, code.Value], faults.Select(fault => fault.Code));
        if (code is not null)
        {
            Assert.Equal("$[\"$salt\"]", faults[1].Path);
        }
    }

    [Fact]
    public void Validate_OtherVariantOfThatSchema_WantsASaltToo()
    {
        Assert.Empty(Patients.Validate(JsonElement.Parse("{\"$salt\":\"" + Salt + "\",\"note\":\"n\"}")));
        Assert.NotEmpty(Patients.Validate(JsonElement.Parse("{\"note\":\"n\"}")));
    }

    [Fact]
    public void Validate_SchemaWithoutPrivateFields_TakesNoSalt() =>
        Assert.Equal(SchemaFaultCode.UnexpectedField, Assert.Single(Public.Validate(JsonElement.Parse("{\"$salt\":\"" + Salt + "\",\"text\":\"t\"}"))).Code);

    [Fact]
    public void Validate_SaltInsideAnObject_IsUnexpected()
    {
        DatanetSchema nested = new("n", new RecordVariant("v", new SchemaField("o", new ObjectField(new SchemaField("p", new TextField(0, 5), true) { IsPrivate = true }), true)));
        Assert.True(nested.HasPrivateFields);
        Assert.Empty(nested.Validate(JsonElement.Parse("{\"$salt\":\"" + Salt + "\",\"o\":{\"p\":\"x\"}}")));
        Assert.Contains(
            nested.Validate(JsonElement.Parse("{\"$salt\":\"" + Salt + "\",\"o\":{\"p\":\"x\",\"$salt\":\"" + Salt + "\"}}")),
            fault => fault.Code == SchemaFaultCode.UnexpectedField);
    }

    [Fact]
    public void WithSalt_ChangesTheDigestButNotTheContent()
    {
        DatanetRecord bare = DatanetRecord.Parse("""{"text":"t","diagnosis":"d"}""", "here:1");
        using RandomNumberGenerator random = RandomNumberGenerator.Create();
        DatanetRecord[] salted = [.. Enumerable.Range(0, 200).Select(_ => bare.WithSalt(random))];
        Assert.Equal(200, salted.Select(record => record.Digest).Distinct().Count());
        Assert.All(salted, record =>
        {
            Assert.Empty(Patients.Validate(record.Element));
            Assert.Equal(NormalizedDigest.Of(bare), NormalizedDigest.Of(record));
            Assert.Equal("here:1", record.SourcePosition);
        });
        Assert.Equal(bare.WithSalt(new byte[16]), salted[0].WithSalt(new byte[16]));
        Assert.Equal("""{"$salt":"AAAAAAAAAAAAAAAAAAAAAA","diagnosis":"d","text":"t"}""", Encoding.UTF8.GetString(bare.WithSalt(new byte[16]).Payload.Span));
        Assert.Throws<ArgumentException>(() => bare.WithSalt(new byte[15]));
    }

    [Fact]
    public void IsWellFormed_RandomBytes_IsTheirOnlySpelling()
    {
        Random random = new(7);
        byte[] salt = new byte[16];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(salt);
            string text = System.Buffers.Text.Base64Url.EncodeToString(salt);
            Assert.True(RecordSalt.IsWellFormed(JsonElement.Parse($"\"{text}\"")));
            int last = random.Next(64);
            string other = text[..^1] + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last];
            bool isSpelling = last % 16 == 0; // 22 digits carry 132 bits: the last four are zero
            Assert.Equal(isSpelling, RecordSalt.IsWellFormed(JsonElement.Parse($"\"{other}\"")));
        }
    }

    [Fact]
    public void SchemaField_NameWithDollar_IsReserved()
    {
        Assert.Contains("reserved", Assert.Throws<ArgumentException>(() => new SchemaField("$salt", new BooleanField(), true)).Message, StringComparison.Ordinal);
        Assert.Contains("reserved", Assert.Throws<ArgumentException>(() => new SchemaField("$x", new BooleanField(), true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Document_FlagsThatAreNotSet_LeaveNoTrace()
    {
        const string before =
            """{"format":"openledger-schema/1","name":"p","variants":[{"fields":[{"name":"l","required":true,"type":{"item":{"kind":"text","maxLength":2,"minLength":1},"kind":"list","maxCount":3,"minCount":0}}],"name":"v"}]}""";
        DatanetSchema schema = DatanetSchema.Parse(Encoding.UTF8.GetBytes(before));
        Assert.Equal(before, Encoding.UTF8.GetString(schema.Document.Span));

        // A flag that says false would give one schema two documents.
        foreach (string change in new[] { "\"unique\":false,\"minCount\"", "\"private\":false,\"minCount\"" })
        {
            byte[] document = Encoding.UTF8.GetBytes(before.Replace("\"minCount\"", change, StringComparison.Ordinal));
            Assert.Throws<DatanetException>(() => DatanetSchema.Parse(document));
        }

        DatanetSchema flagged = new("p", new RecordVariant("v", new SchemaField("l", new ListField(new TextField(1, 2, "a+"), 0, 3) { RequiresUniqueItems = true }, true) { IsPrivate = true }));
        Assert.Equal(
            """{"format":"openledger-schema/1","name":"p","variants":[{"fields":[{"name":"l","private":true,"required":true,"type":{"item":{"kind":"text","maxLength":2,"minLength":1,"pattern":"a+"},"kind":"list","maxCount":3,"minCount":0,"unique":true}}],"name":"v"}]}""",
            Encoding.UTF8.GetString(flagged.Document.Span));
        Assert.Equal(flagged.Digest, DatanetSchema.Parse(flagged.Document.Span).Digest);
    }

    [Theory]
    [InlineData("[1,2]", null)]
    [InlineData("[1,2,1.0]", "$.l[2]")]
    [InlineData("[1,true,1]", "$.l[1]")] // the wrong type only; what is not sound is not compared
    public void Validate_UniqueItems_ComparesCanonically(string list, string? path)
    {
        DatanetSchema schema = new("u", new RecordVariant("v", new SchemaField("l", new ListField(new NumberField(0, 9, false), 0, 9) { RequiresUniqueItems = true }, true)));
        Assert.Equal(path, schema.Validate(JsonElement.Parse("{\"l\":" + list + "}")).Select(fault => fault.Path).FirstOrDefault());
    }

    [Fact]
    public void Validate_UniqueObjects_IgnoreTheOrderOfMembers()
    {
        ObjectField item = new(new SchemaField("a", new NumberField(0, 9, true), true), new SchemaField("b", new NumberField(0, 9, true), true));
        DatanetSchema schema = new("u", new RecordVariant("v", new SchemaField("l", new ListField(item, 0, 9) { RequiresUniqueItems = true }, true)));
        SchemaFault fault = Assert.Single(schema.Validate(JsonElement.Parse("""{"l":[{"a":1,"b":2},{"b":2,"a":1}]}""")));
        Assert.Equal((SchemaFaultCode.RepeatedItem, "$.l[1]"), (fault.Code, fault.Path));
    }
}
