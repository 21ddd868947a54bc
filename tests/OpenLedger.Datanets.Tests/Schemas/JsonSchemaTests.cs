using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Schemas;

public class JsonSchemaTests
{
    [Fact]
    public void Write_Schema_IsTheExpectedText() => Assert.Equal(
        """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "câu hỏi",
          "oneOf": [
            {
              "title": "qa",
              "type": "object",
              "properties": {
                "question": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 9,
                  "pattern": "^(?:[^\\n\\r]+)$"
                },
                "score": {
                  "type": "integer",
                  "minimum": 0,
                  "maximum": 10
                }
              },
              "required": [
                "question"
              ],
              "additionalProperties": false
            }
          ]
        }
        """,
        Encoding.UTF8.GetString(JsonSchema.Write(new SchemaBuilder("câu hỏi")
            .Variant("qa", variant => variant.Required("question", new TextField(1, 9, ".+")).Optional("score", new NumberField(0, 10, isInteger: true)))
            .Build())));

    [Fact]
    public void Read_WhatWasWritten_IsTheSameSchema() => SchemaGen.Schema.Sample(schema =>
    {
        DatanetSchema copy = JsonSchema.Read(JsonSchema.Write(schema));
        Assert.Equal(Encoding.UTF8.GetString(schema.Document.Span), Encoding.UTF8.GetString(copy.Document.Span));
        Assert.Equal(schema.Digest, copy.Digest);
    });

    [Fact]
    public void Validate_RandomRecords_AgreesWithJsonSchemaReadToTheLetter()
    {
        int accepted = 0;
        int refused = 0;
        Gen.Select(SchemaGen.Schema, Gen.Int).Sample(
            (schema, seed) =>
            {
                JsonNode json = JsonNode.Parse(JsonSchema.Write(schema))!;
                Random random = new(seed);
                for (int i = 0; i < 20; i++)
                {
                    JsonObject record = SchemaGen.Record(schema, random);
                    IReadOnlyList<SchemaFault> faults = schema.Validate(JsonElement.Parse(record.ToJsonString()));
                    Assert.True(
                        ReferenceJsonSchema.Accepts(json, record) == (faults.Count == 0),
                        $"{json}\n{record}\n{string.Join('\n', faults)}");
                    Interlocked.Increment(ref faults.Count == 0 ? ref accepted : ref refused);
                }
            },
            iter: 500);
        Assert.True(accepted > 1000 && refused > 1000, $"{accepted} accepted, {refused} refused");
    }

    [Fact]
    public void Read_ForeignSchema_UnderstandsItsUsualForms()
    {
        const string json = """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "$id": "https://example.org/person",
              "$defs": {"code": {"type": "string", "pattern": "^\\d{3}[\\w-]$"}, "a/b~": {"$ref": "#/$defs/code"}},
              "title": "person",
              "description": "dropped",
              "type": "object",
              "additionalProperties": false,
              "required": ["name"],
              "properties": {
                "name": {"type": "string", "maxLength": 10.0, "examples": ["x"], "format": "name"},
                "kind": {"enum": ["x", "y"]},
                "only": {"const": "x"},
                "code": {"$ref": "#/$defs/code", "description": "why not"},
                "codes": {"type": "array", "items": {"$ref": "#/$defs/a~1b~0"}},
                "weight": {"type": "number"}
              }
            }
            """;
        DatanetSchema schema = JsonSchema.Read(Encoding.UTF8.GetBytes(json));
        Assert.Equal(("person", "record"), (schema.Name, schema.Variants[0].Name));
        Assert.Equal(["name", "kind", "only", "code", "codes", "weight"], schema.Variants[0].Fields.Select(declared => declared.Name));
        Assert.Empty(schema.Validate(JsonElement.Parse("""{"name":"n","kind":"y","only":"x","code":"123-","codes":["000_"],"weight":1e300}""")));
        Assert.Equal(
            ["$.name", "$.only", "$.codes[0]"],
            schema.Validate(JsonElement.Parse("""{"name":"12345678901","only":"y","codes":["00_"]}""")).Select(fault => fault.Path));
    }

    [Fact]
    public void Read_OpenObject_NeedsTheOption()
    {
        byte[] json = """{"type":"object","properties":{"a":{"type":"boolean"}}}"""u8.ToArray();
        Assert.Contains("#/additionalProperties", Assert.Throws<DatanetException>(() => JsonSchema.Read(json)).Message, StringComparison.Ordinal);
        DatanetSchema schema = JsonSchema.Read(json, new JsonSchemaOptions { ClosesObjects = true, DefaultName = "mine" });
        Assert.Equal("mine", schema.Name);
        Assert.NotEmpty(schema.Validate(JsonElement.Parse("""{"b":1}""")));
    }

    [Theory]
    [InlineData("""{"not":{}}""", "#/properties/x/not")]
    [InlineData("""{"type":"string","contentEncoding":"base64"}""", "contentEncoding")]
    [InlineData("""{"type":["string","null"]}""", "#/properties/x/type")]
    [InlineData("""{"type":"null"}""", "'null'")]
    [InlineData("""{"type":"number","multipleOf":2}""", "'multipleOf'")]
    [InlineData("""{"type":"number","exclusiveMinimum":2}""", "'exclusiveMinimum'")]
    [InlineData("""{"type":"number","minimum":2,"maximum":1}""", "maximum")]
    [InlineData("""{"type":"string","minLength":1.5}""", "#/properties/x/minLength")]
    [InlineData("""{"type":"string","maxLength":-1}""", "#/properties/x/maxLength")]
    [InlineData("""{"type":"string","pattern":"a"}""", "anchored")]
    [InlineData("""{"type":"string","pattern":"^a|b$"}""", "group")]
    [InlineData("""{"type":"string","pattern":"^(?:a)|(?:b)$"}""", "#/properties/x/pattern")]
    [InlineData("""{"type":"string","pattern":"^(a+)+\\1$"}""", "#/properties/x/pattern")]
    [InlineData("""{"type":"string","pattern":"^(?=a)a$"}""", "#/properties/x/pattern")]
    [InlineData("""{"type":"array"}""", "items")]
    [InlineData("""{"type":"array","items":{"type":"string"},"contains":{}}""", "'contains'")]
    [InlineData("""{"type":"array","items":true}""", "#/properties/x/items")]
    [InlineData("""{"type":"array","items":{"type":"string","x-openledger-private":true}}""", "privacy")]
    [InlineData("""{"enum":["a",1]}""", "#/properties/x/enum")]
    [InlineData("""{"enum":[]}""", "1 to 1000 values")]
    [InlineData("""{"const":1}""", "#/properties/x/const")]
    [InlineData("""{"anyOf":[]}""", "'anyOf'")]
    [InlineData("""{"type":"object","properties":{},"additionalProperties":false}""", "1 to 256 fields")]
    [InlineData("""{"type":"object","properties":{"y":{"type":"boolean"}},"additionalProperties":{}}""", "#/properties/x/additionalProperties")]
    [InlineData("""{"type":"object","properties":{"y":{"type":"boolean"}},"additionalProperties":false,"required":["z"]}""", "'z'")]
    [InlineData("""{"$ref":"https://example.org/x"}""", "local reference")]
    [InlineData("""{"$ref":"#/$defs/x/y"}""", "local reference")]
    [InlineData("""{"$ref":"#"}""", "local reference")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "not defined")]
    [InlineData("""{"$ref":"#/$defs/loop"}""", "refers to itself")]
    [InlineData("""{"$ref":"#/$defs/tree"}""", "refers to itself")]
    [InlineData("""{"$ref":"#/$defs/bomb1"}""", "unfolds")]
    [InlineData("""{"type":"array","items":{"type":"string"},"x-openledger-kind":{"kind":"text","minLength":1,"maxLength":2}}""", "contradicts")]
    [InlineData("""{"x-openledger-kind":{"kind":"magic"}}""", "magic")]
    [InlineData("""{"type":"boolean","x-openledger-private":true}""", "$salt")]
    [InlineData("true", "true and false")]
    public void Read_WhatHasNoEquivalent_IsRefusedByNameAndPlace(string property, string reason)
    {
        string bombs = string.Join(',', Enumerable.Range(1, 12).Select(i =>
            """
            "bomb@i":{"type":"object","additionalProperties":false,"properties":{"a":{"$ref":"#/$defs/bomb@n"},"b":{"$ref":"#/$defs/bomb@n"},"c":{"$ref":"#/$defs/bomb@n"}}}
            """.Replace("@i", $"{i}", StringComparison.Ordinal).Replace("@n", $"{i + 1}", StringComparison.Ordinal)));
        string json = """
            {"type":"object","additionalProperties":false,"properties":{"x":@property},
             "$defs":{"loop":{"$ref":"#/$defs/loop"},"tree":{"type":"array","items":{"$ref":"#/$defs/tree"}},@bombs,"bomb13":{"type":"boolean"}}}
            """.Replace("@property", property, StringComparison.Ordinal).Replace("@bombs", bombs, StringComparison.Ordinal);
        DatanetException exception = Assert.Throws<DatanetException>(() => JsonSchema.Read(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(DatanetError.InvalidJsonSchema, exception.Error);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","type":"object"}""", "#/$schema")]
    [InlineData("""{"oneOf":1}""", "#/oneOf")]
    [InlineData("""{"oneOf":[]}""", "1 to 64 variants")]
    [InlineData("""{"oneOf":[1]}""", "#/oneOf/0")]
    [InlineData("""{"oneOf":[{"type":"string"}]}""", "#/oneOf/0/type")]
    [InlineData("""{"type":"object","properties":{"$salt":{"type":"string"}},"required":["$salt"],"additionalProperties":false}""", "#/properties/$salt")]
    [InlineData("""{"type":"object","patternProperties":{}}""", "'patternProperties'")]
    [InlineData("[]", "#")]
    public void Read_RootsThatAreNoRecords_AreRefused(string json, string reason)
    {
        DatanetException exception = Assert.Throws<DatanetException>(() => JsonSchema.Read(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(DatanetError.InvalidJsonSchema, exception.Error);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FlippedBytes_GivesASchemaOrTheDocumentedException()
    {
        Random random = new(17);
        int accepted = 0;
        byte[][] seeds = [.. Enumerable.Range(0, 40).Select(_ => JsonSchema.Write(SchemaGen.Schema.Single()))];
        for (int i = 0; i < 10_000; i++)
        {
            byte[] bytes = [.. seeds[i % seeds.Length]];
            bytes = random.Next(8) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
            for (int flips = random.Next(1, 3); flips > 0 && bytes.Length > 0; flips--)
            {
                int place = random.Next(bytes.Length);
                bytes[place] = char.IsAsciiDigit((char)bytes[place]) ? (byte)random.Next('0', ':') : (byte)(bytes[place] ^ (1 << random.Next(8)));
            }

            try
            {
                DatanetSchema schema = JsonSchema.Read(bytes);
                Assert.Equal(schema.Digest, JsonSchema.Read(JsonSchema.Write(schema)).Digest);
                accepted++;
            }
            catch (DatanetException exception)
            {
                Assert.True(exception.Error is DatanetError.InvalidJson or DatanetError.InvalidUtf8 or DatanetError.InvalidJsonSchema, exception.Message);
            }
        }

        Assert.True(accepted > 20, $"{accepted}");
    }
}
