using System.Text;
using System.Text.Json;
using OpenLedger.Datanets.Schemas;

namespace OpenLedger.Datanets.Tests.Schemas;

public class DatanetSchemaTests
{
    internal static DatanetSchema Facts { get; } = new SchemaBuilder("facts")
        .Variant("qa", variant => variant
            .Required("question", new TextField(1, 20))
            .Required("answer", new TextField(1, 20))
            .Optional("tags", new ListField(new EnumField("easy", "hard"), 1, 2)))
        .Variant("prose", variant => variant.Required("text", new TextField(1, 50)))
        .Build();

    private static DatanetSchema Everything { get; } = new SchemaBuilder("all")
        .Variant("all", variant => variant
            .Required("t", new TextField(2, 3))
            .Optional("i", new NumberField(-1, 10, isInteger: true))
            .Optional("d", new NumberField(0.5, 1.5, isInteger: false))
            .Optional("b", new BooleanField())
            .Optional("e", new EnumField("x", "y"))
            .Optional("l", new ListField(new NumberField(0, 1, isInteger: true), 1, 3))
            .Optional("o", new ObjectField(new SchemaField("in ner", new TextField(1, 1), isRequired: true))))
        .Build();

    [Theory]
    [InlineData("""{"t":"ab"}""")]
    [InlineData("""{"t":"abc","i":-1,"d":0.5,"b":false,"e":"y","l":[1],"o":{"in ner":"é"}}""")]
    [InlineData("""{"t":"😀😀😀","i":10,"d":1.5,"l":[0,1,0]}""")]
    [InlineData("""{"t":"ab","i":1.0}""")]
    public void Validate_LegalRecord_FindsNoFault(string json) => Assert.Empty(Everything.Validate(JsonElement.Parse(json)));

    [Theory]
    [InlineData("[]", SchemaFaultCode.NotAnObject, "$")]
    [InlineData("{}", SchemaFaultCode.MissingField, "$.t")]
    [InlineData("""{"t":"ab","x":1}""", SchemaFaultCode.UnexpectedField, "$.x")]
    [InlineData("""{"t":"ab","T":1}""", SchemaFaultCode.UnexpectedField, "$.T")]
    [InlineData("""{"t":1}""", SchemaFaultCode.WrongType, "$.t")]
    [InlineData("""{"t":null}""", SchemaFaultCode.WrongType, "$.t")]
    [InlineData("""{"t":"a"}""", SchemaFaultCode.TextTooShort, "$.t")]
    [InlineData("""{"t":"😀"}""", SchemaFaultCode.TextTooShort, "$.t")]
    [InlineData("""{"t":"abcd"}""", SchemaFaultCode.TextTooLong, "$.t")]
    [InlineData("""{"t":"ab","i":-2}""", SchemaFaultCode.NumberTooSmall, "$.i")]
    [InlineData("""{"t":"ab","i":11}""", SchemaFaultCode.NumberTooLarge, "$.i")]
    [InlineData("""{"t":"ab","i":1e999}""", SchemaFaultCode.NumberTooLarge, "$.i")]
    [InlineData("""{"t":"ab","i":1.5}""", SchemaFaultCode.NotAnInteger, "$.i")]
    [InlineData("""{"t":"ab","d":"1"}""", SchemaFaultCode.WrongType, "$.d")]
    [InlineData("""{"t":"ab","b":0}""", SchemaFaultCode.WrongType, "$.b")]
    [InlineData("""{"t":"ab","e":"z"}""", SchemaFaultCode.NotInEnumeration, "$.e")]
    [InlineData("""{"t":"ab","e":1}""", SchemaFaultCode.WrongType, "$.e")]
    [InlineData("""{"t":"ab","l":[]}""", SchemaFaultCode.ListTooShort, "$.l")]
    [InlineData("""{"t":"ab","l":[0,0,0,0]}""", SchemaFaultCode.ListTooLong, "$.l")]
    [InlineData("""{"t":"ab","l":[0,2]}""", SchemaFaultCode.NumberTooLarge, "$.l[1]")]
    [InlineData("""{"t":"ab","l":{}}""", SchemaFaultCode.WrongType, "$.l")]
    [InlineData("""{"t":"ab","o":[]}""", SchemaFaultCode.WrongType, "$.o")]
    [InlineData("""{"t":"ab","o":{}}""", SchemaFaultCode.MissingField, "$.o[\"in ner\"]")]
    [InlineData("""{"t":"ab","t":"ab"}""", SchemaFaultCode.RepeatedField, "$.t")]
    public void Validate_OneFault_HasItsCodeAndPath(string json, SchemaFaultCode code, string path)
    {
        SchemaFault fault = Assert.Single(Everything.Validate(JsonElement.Parse(json)));
        Assert.Equal((code, path), (fault.Code, fault.Path));
        Assert.NotEmpty(fault.Expected);
    }

    [Fact]
    public void Validate_SeveralFaults_ReportsAllWithValueAndRange()
    {
        IReadOnlyList<SchemaFault> faults = Everything.Validate(JsonElement.Parse("""{"t":"abcd","i":10.5,"x":"y"}"""));
        Assert.Equal(
            [
                "$.t: TextTooLong: 4 characters; expected text of 2 to 3 characters",
                "$.i: NumberTooLarge: 10.5; expected an integer from -1 to 10",
                "$.i: NotAnInteger: 10.5; expected an integer from -1 to 10",
                "$.x: UnexpectedField: \"y\"; expected only 't', 'i', 'd', 'b', 'e', 'l', 'o'",
            ],
            faults.Select(fault => fault.ToString()));
    }

    [Fact]
    public void Validate_TwoVariants_AcceptsEitherAndNamesTheClosest()
    {
        Assert.Equal("qa", Facts.FindVariant(JsonElement.Parse("""{"question":"q","answer":"a"}"""))?.Name);
        Assert.Equal("prose", Facts.FindVariant(JsonElement.Parse("""{"text":"t"}"""))?.Name);
        IReadOnlyList<SchemaFault> faults = Facts.Validate(JsonElement.Parse("""{"question":"q"}"""));
        Assert.Equal([SchemaFaultCode.NoVariantMatches, SchemaFaultCode.MissingField], faults.Select(fault => fault.Code));
        Assert.Contains("'qa'", faults[0].Value, StringComparison.Ordinal);
        Assert.Equal("$.answer", faults[1].Path);
        // Both variants at once is neither of them.
        Assert.Null(Facts.FindVariant(JsonElement.Parse("""{"question":"q","answer":"a","text":"t"}""")));
    }

    [Fact]
    public void Validate_RecordThatFitsTwoVariants_IsAmbiguous()
    {
        DatanetSchema schema = new("x", new RecordVariant("a", new SchemaField("f", new TextField(0, 9), true)), new RecordVariant("b", new SchemaField("f", new TextField(0, 5), true)));
        Assert.Equal(SchemaFaultCode.SeveralVariantsMatch, Assert.Single(schema.Validate(JsonElement.Parse("""{"f":"short"}"""))).Code);
        Assert.Empty(schema.Validate(JsonElement.Parse("""{"f":"longer"}""")));
    }

    [Fact]
    public void Validate_ThousandsOfFaults_ListsTheFirstHundred()
    {
        string json = "{" + string.Join(",", Enumerable.Range(0, 5000).Select(i => $"\"f{i}\":1")) + "}";
        IReadOnlyList<SchemaFault> faults = Everything.Validate(JsonElement.Parse(json));
        Assert.Equal(DatanetSchema.MaxFaults + 1, faults.Count);
        Assert.Equal(SchemaFaultCode.TooManyFaults, faults[^1].Code);
    }

    [Fact]
    public void Validate_HalfASurrogatePair_IsTheDocumentedException()
    {
        Assert.Throws<DatanetException>(() => Everything.Validate(JsonElement.Parse("""{"t":"\ud800"}""")));
        Assert.Throws<DatanetException>(() => Everything.Validate(JsonElement.Parse("""{"\ud800":1}""")));
    }

    [Fact]
    public void Validate_LongValue_IsCut()
    {
        SchemaFault fault = Assert.Single(Everything.Validate(JsonElement.Parse("{\"t\":\"ab\",\"e\":\"" + new string('z', 500) + "\"}")));
        Assert.Equal(81, fault.Value.Length);
    }

    [Fact]
    public void Parse_Document_GivesTheSameSchema()
    {
        DatanetSchema copy = DatanetSchema.Parse(Everything.Document.Span);
        Assert.Equal(Everything.Digest, copy.Digest);
        Assert.Equal(Everything.Document.ToArray(), copy.Document.ToArray());
        Assert.Single(copy.Validate(JsonElement.Parse("""{"t":"ab","l":[0,2]}""")));
        Assert.NotEqual(Everything.Digest, Facts.Digest);
        Assert.Equal(
            """{"format":"openledger-schema/1","name":"p","variants":[{"fields":[{"name":"f","required":true,"type":{"kind":"text","maxLength":2,"minLength":1}}],"name":"v"}]}""",
            Encoding.UTF8.GetString(new DatanetSchema("p", new RecordVariant("v", new SchemaField("f", new TextField(1, 2), true))).Document.Span));
    }

    [Theory]
    [InlineData("{}", "$.format is missing")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("""{"format":"openledger-schema/2","name":"n","variants":[]}""", "openledger-schema/2")]
    [InlineData("""{"format":"openledger-schema/1","name":"n","variants":[]}""", "1 to 64 variants")]
    [InlineData("""{"format":"openledger-schema/1","name":"n","variants":[],"x":1}""", "$.x")]
    [InlineData("""{"format":"openledger-schema/1","name":"n","variants":[{"name":"v","fields":[{"name":"f","required":1,"type":{"kind":"boolean"}}]}]}""", "$.variants[0].fields[0].required")]
    [InlineData("""{"format":"openledger-schema/1","name":"n","variants":[{"name":"v","fields":[{"name":"f","required":true,"type":{"kind":"magic"}}]}]}""", "magic")]
    [InlineData("""{"format":"openledger-schema/1","name":"n","variants":[{"name":"v","fields":[{"name":"f","required":true,"type":{"kind":"text","minLength":5,"maxLength":1}}]}]}""", "maxLength")]
    [InlineData("""{"format":"openledger-schema/1","name":"n","variants":[{"name":"v","fields":[{"name":"f","required":true,"type":{"kind":"enum","values":["a","a"]}}]}]}""", "twice")]
    public void Parse_WhatIsNoSchema_IsRefusedWithItsPlace(string json, string reason)
    {
        DatanetException exception = Assert.Throws<DatanetException>(() => DatanetSchema.Parse(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(DatanetError.InvalidSchema, exception.Error);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_FlippedBytes_GivesASchemaOrTheDocumentedException()
    {
        byte[] valid = Everything.Document.ToArray();
        Random random = new(42);
        int accepted = 0;
        for (int i = 0; i < 10_000; i++)
        {
            byte[] bytes = random.Next(4) == 0 ? valid[..random.Next(valid.Length)] : [.. valid];
            for (int flips = random.Next(1, 3); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                DatanetSchema schema = DatanetSchema.Parse(bytes);
                Assert.Equal(schema.Digest, DatanetSchema.Parse(schema.Document.Span).Digest);
                accepted++;
            }
            catch (DatanetException)
            {
                continue;
            }
        }

        Assert.True(accepted > 20, $"only {accepted} flips gave another legal schema");
    }

    [Fact]
    public void Constructors_IllegalArguments_NameTheRange()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextField(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextField(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NumberField(double.NaN, 1, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NumberField(0, double.PositiveInfinity, false));
        Assert.Throws<ArgumentException>(() => new EnumField());
        Assert.Throws<ArgumentException>(() => new SchemaField("a\n", new BooleanField(), true));
        Assert.Throws<ArgumentException>(() => new ObjectField());
        Assert.Throws<ArgumentException>(() => new DatanetSchema("n"));
        SchemaField field = new("f", new BooleanField(), true);
        Assert.Throws<ArgumentException>(() => new RecordVariant("v", field, field));
        Assert.Throws<ArgumentException>(() => new DatanetSchema("n", new RecordVariant("v", field), new RecordVariant("v", field)));
        FieldType deep = new BooleanField();
        for (int i = 0; i < 17; i++)
        {
            deep = new ListField(deep, 0, 1);
        }

        Assert.Throws<ArgumentException>(() => new DatanetSchema("n", new RecordVariant("v", new SchemaField("f", deep, true))));
    }

    [Fact]
    public void Build_Twice_IsRefused()
    {
        SchemaBuilder builder = new SchemaBuilder("n").Variant("v", v => v.Required("f", new BooleanField()));
        builder.Build();
        Assert.Throws<InvalidOperationException>(() => builder.Build());
        Assert.Throws<InvalidOperationException>(() => builder.Variant("w", v => v.Required("f", new BooleanField())));
    }
}
