using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;

namespace OpenLedger.Datanets.Tests.Schemas;

public class SchemaMigrationTests
{
    private static DatanetSchema Old { get; } = new SchemaBuilder("facts")
        .Variant("qa", variant => variant
            .Required("question", new TextField(1, 50))
            .Required("level", new EnumField("easy", "hard"))
            .Optional("year", new NumberField(0, 3000, isInteger: true))
            .Optional("isTrue", new BooleanField())
            .Optional("tag", new TextField(1, 9))
            .Optional("links", new ListField(new ObjectField(new SchemaField("url", new TextField(1, 50), true), new SchemaField("rank", new NumberField(0, 9, true), false)), 0, 5))
            .Optional("junk", new TextField(0, 9)))
        .Variant("prose", variant => variant.Required("text", new TextField(1, 50)))
        .Build();

    private static DatanetSchema New { get; } = new SchemaBuilder("facts 2")
        .Variant("qa", variant => variant
            .Required("prompt", new TextField(1, 80))
            .Required("level", new EnumField("low", "high"))
            .Required("language", new EnumField("vi", "en"))
            .Optional("year", new TextField(1, 9))
            .Optional("isTrue", new TextField(1, 9))
            .Optional("tag", new ListField(new TextField(1, 9), 0, 3))
            .Optional("links", new ListField(new ObjectField(new SchemaField("address", new TextField(1, 50), true), new SchemaField("rank", new TextField(1, 9), true)), 0, 5)))
        .Variant("prose", variant => variant.Required("text", new TextField(1, 50)))
        .Build();

    private static SchemaMigration Migration { get; } = new(
        Old.Digest,
        New.Digest,
        new RenameField("/question", "prompt"),
        new MapValues("/level", new Dictionary<string, string> { ["easy"] = "low", ["hard"] = "high" }),
        new AddField("/language", "vi") { Variant = "qa" },
        new ConvertField("/year", FieldConversion.NumberToText),
        new ConvertField("/isTrue", FieldConversion.BooleanToText),
        new ConvertField("/tag", FieldConversion.WrapInList),
        new DropField("/junk"),
        new RenameField("/links/*/url", "address"),
        new AddField("/links/*/rank", 0),
        new ConvertField("/links/*/rank", FieldConversion.NumberToText));

    [Theory]
    [InlineData("""{"question":"q","level":"easy"}""", """{"language":"vi","level":"low","prompt":"q"}""")]
    [InlineData(
        """{"question":"q","level":"hard","year":1e3,"isTrue":false,"tag":"t","junk":"x","links":[{"url":"a"},{"url":"b","rank":7}]}""",
        """{"isTrue":"false","language":"vi","level":"high","links":[{"address":"a","rank":"0"},{"address":"b","rank":"7"}],"prompt":"q","tag":["t"],"year":"1000"}""")]
    [InlineData("""{"text":"t"}""", """{"text":"t"}""")]
    public void Apply_Record_GivesTheNewOne(string before, string after)
    {
        MigrationPlan plan = new(Old, New, Migration);
        DatanetRecord result = plan.Apply(DatanetRecord.Parse(before, "f:1"));
        Assert.Equal(after, Encoding.UTF8.GetString(result.Payload.Span));
        Assert.Equal("f:1", result.SourcePosition);
        Assert.Empty(New.Validate(result.Element));
    }

    [Theory]
    [InlineData("""{"question":"q"}""", "$.level")]
    [InlineData("""{"question":"q","level":"easy","tag":1}""", "$.tag")]
    public void Apply_RecordThatIsNotOfTheOldSchema_NamesTheField(string json, string path)
    {
        DatanetException exception = Assert.Throws<DatanetException>(() => new MigrationPlan(Old, New, Migration).Apply(DatanetRecord.Parse(json)));
        Assert.Equal(DatanetError.MigrationFailed, exception.Error);
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_StepThatCannotBeDone_NamesTheField()
    {
        DatanetRecord record = DatanetRecord.Parse("""{"question":"q","level":"easy","tag":"t"}""");
        (MigrationStep Step, string Reason)[] cases =
        [
            (new RenameField("/question", "tag"), "'rename' at /question: a field 'tag' is there already"),
            (new ConvertField("/question", FieldConversion.NumberToText), "'convert' at /question: holds no number"),
            (new ConvertField("/question", FieldConversion.BooleanToText), "holds no boolean"),
            (new RenameField("/question", "prompt"), "does not fit 'facts 2': $."), // and nothing else
        ];
        foreach ((MigrationStep step, string reason) in cases)
        {
            DatanetException exception = Assert.Throws<DatanetException>(
                () => new MigrationPlan(Old, New, new SchemaMigration(Old.Digest, New.Digest, step)).Apply(record));
            Assert.Equal(DatanetError.MigrationFailed, exception.Error);
            Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Apply_PrivateFields_WantTheSaltBeforehandAndKeepIt()
    {
        DatanetSchema open = new("open", new RecordVariant("v", new SchemaField("a", new TextField(0, 9), true)));
        DatanetSchema secret = new("secret", new RecordVariant("v", new SchemaField("a", new TextField(0, 9), true) { IsPrivate = true }));
        DatanetRecord bare = DatanetRecord.Parse("""{"a":"x"}""");
        MigrationPlan hide = new(open, secret, new SchemaMigration(open.Digest, secret.Digest));
        Assert.Contains("MissingSalt", Assert.Throws<DatanetException>(() => hide.Apply(bare)).Message, StringComparison.Ordinal);
        DatanetRecord salted = bare.WithSalt(new byte[16]);
        Assert.Equal(salted, hide.Apply(salted));
        Assert.Equal(bare, new MigrationPlan(secret, open, new SchemaMigration(secret.Digest, open.Digest)).Apply(salted));
        Assert.Contains(MigrationPlan.Check(open, secret), change => change.Impact == ChangeImpact.NeedsStep);
    }

    [Fact]
    public void Plan_OtherSchemasOrUnknownVariant_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new MigrationPlan(New, Old, Migration));
        Assert.Throws<ArgumentException>(() => new MigrationPlan(Old, New, new SchemaMigration(Old.Digest, New.Digest, new DropField("/a") { Variant = "none" })));
        Assert.Throws<ArgumentException>(() => new SchemaMigration(Old.Digest, Old.Digest));
        Assert.Throws<ArgumentException>(() => new SchemaMigration(Old.Digest, New.Digest, Enumerable.Repeat(new DropField("/a"), 257)));
    }

    [Fact]
    public void Check_Differences_SayWhatTheyMean()
    {
        string[] changes = [.. MigrationPlan.Check(Old, New).Select(change => $"{change.Impact} {change.Variant}{change.Path}")];
        Assert.Equal(
            [
                "NeedsStep qa/question", "NeedsStep qa/level", "NeedsStep qa/year", "NeedsStep qa/isTrue", "NeedsStep qa/tag",
                "NeedsStep qa/links/*/url", "NeedsStep qa/links/*/rank", "NeedsStep qa/links/*/rank", "NeedsStep qa/links/*/address",
                "NeedsStep qa/junk", "NeedsStep qa/prompt", "NeedsStep qa/language", "Narrowing qa",
            ],
            changes);
        Assert.Empty(MigrationPlan.Check(Old, DatanetSchema.Parse(Old.Document.Span)));
    }

    [Fact]
    public void Check_OnlyCompatibleChanges_KeepEveryRecordLegal()
    {
        int compatible = 0;
        int kept = 0;
        Gen.Select(SchemaGen.Type(1), SchemaGen.Type(1), Gen.Int, Gen.Int[0, 3], Gen.Bool).Sample(
            (first, second, seed, widen, isRequired) =>
            {
                DatanetSchema old = Of(first, isRequired);
                DatanetSchema target = Of(widen == 0 ? second : Widen(first, widen), isRequired && widen != 3);
                if (!MigrationPlan.Check(old, target).All(change => change.Impact == ChangeImpact.Compatible))
                {
                    return;
                }

                Interlocked.Increment(ref compatible);
                Random random = new(seed);
                for (int i = 0; i < 20; i++)
                {
                    JsonElement record = JsonElement.Parse(SchemaGen.Record(old, random).ToJsonString());
                    if (old.Validate(record).Count == 0)
                    {
                        Assert.Empty(target.Validate(record));
                        Interlocked.Increment(ref kept);
                    }
                }
            },
            iter: 2000);
        Assert.True(compatible > 300 && kept > 2000, $"{compatible} compatible pairs, {kept} records");
    }

    [Fact]
    public void Parse_Document_GivesTheSameMigration()
    {
        SchemaMigration copy = SchemaMigration.Parse(Migration.Document.Span);
        Assert.Equal(Migration.Digest, copy.Digest);
        Assert.Equal(Migration.Document.ToArray(), copy.Document.ToArray());
        Assert.Equal(
            $$$"""{"format":"openledger-migration/1","from":"{{{Old.Digest}}}","steps":[{"do":"add","path":"/a~1b/*/~2","value":{"x":[1]},"variant":"qa"},{"as":"wrapInList","do":"convert","path":"/a/*"},{"do":"map","path":"/a","values":{"x":"y"}},{"do":"rename","path":"/a","to":"b"},{"do":"drop","path":"/a"}],"to":"{{{New.Digest}}}"}""",
            Encoding.UTF8.GetString(new SchemaMigration(
                Old.Digest,
                New.Digest,
                new AddField("/a~1b/*/~2", new JsonObject { ["x"] = new JsonArray(1) }) { Variant = "qa" },
                new ConvertField("/a/*", FieldConversion.WrapInList),
                new MapValues("/a", new Dictionary<string, string> { ["x"] = "y" }),
                new RenameField("/a", "b"),
                new DropField("/a")).Document.Span));
    }

    [Fact]
    public void Parse_FlippedBytes_GivesAMigrationOrTheDocumentedException()
    {
        Random random = new(4);
        int accepted = 0;
        MigrationPlan? plan = null;
        DatanetRecord record = DatanetRecord.Parse("""{"question":"q","level":"hard","year":3,"isTrue":false,"tag":"t","junk":"x","links":[{"url":"a"}]}""");
        for (int i = 0; i < 8_000; i++)
        {
            byte[] bytes = Migration.Document.ToArray();
            bytes = random.Next(8) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
            for (int flips = random.Next(1, 3); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                SchemaMigration migration = SchemaMigration.Parse(bytes);
                Assert.Equal(migration.Digest, SchemaMigration.Parse(migration.Document.Span).Digest);
                accepted++;
                if (migration.From == Old.Digest && migration.To == New.Digest && migration.Steps.All(step => step.Variant is null or "qa"))
                {
                    plan = new MigrationPlan(Old, New, migration);
                    _ = plan.Apply(record);
                }
            }
            catch (DatanetException exception)
            {
                Assert.True(
                    exception.Error is DatanetError.InvalidJson or DatanetError.InvalidUtf8 or DatanetError.InvalidMigration or DatanetError.MigrationFailed,
                    exception.Message);
            }
        }

        Assert.NotNull(plan);
        Assert.True(accepted > 200, $"{accepted}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("/")]
    [InlineData("/a//b")]
    [InlineData("/*")]
    [InlineData("/a~")]
    [InlineData("/a~3")]
    [InlineData("/a~2")]
    [InlineData("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18")]
    public void FieldPath_WhatIsNone_IsRefused(string text) => Assert.Throws<ArgumentException>(() => FieldPath.Parse(text));

    [Fact]
    public void FieldPath_StarAndEscapes_FindTheirFields()
    {
        DatanetRecord record = DatanetRecord.Parse("""{"*":1,"a/b":{"~":2}}""");
        DatanetSchema old = new("o", new RecordVariant("v", new SchemaField("*", new NumberField(0, 9, true), true), new SchemaField("a/b", new ObjectField(new SchemaField("~", new NumberField(0, 9, true), true)), true)));
        DatanetSchema target = new("t", new RecordVariant("v", new SchemaField("s", new NumberField(0, 9, true), true), new SchemaField("a/b", new ObjectField(new SchemaField("t", new NumberField(0, 9, true), true)), true)));
        SchemaMigration migration = new(old.Digest, target.Digest, new RenameField("/~2", "s"), new RenameField("/a~1b/~0", "t"));
        Assert.Equal("""{"a/b":{"t":2},"s":1}""", Encoding.UTF8.GetString(new MigrationPlan(old, target, migration).Apply(record).Payload.Span));
        Assert.Throws<ArgumentException>(() => new RenameField("/a/*", "x"));
        Assert.Throws<ArgumentException>(() => new RenameField("/a", "$salt"));
        Assert.Throws<ArgumentException>(() => new AddField("/a", JsonValue.Create(double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvertField("/a", (FieldConversion)9));
    }

    private static DatanetSchema Of(FieldType type, bool isRequired) => new("s", new RecordVariant("v", new SchemaField("f", type, isRequired)));

    private static FieldType Widen(FieldType type, int by) => type switch
    {
        TextField text => new TextField(Math.Max(0, text.MinLength - by), text.MaxLength + by),
        NumberField number => new NumberField(number.Minimum - by, number.Maximum + by, number.IsInteger && by == 1),
        EnumField values => by == 1 ? new TextField(0, 9) : new EnumField([.. values.Values, "more"]),
        ListField list => new ListField(Widen(list.Item, by), Math.Max(0, list.MinCount - by), list.MaxCount + by) { RequiresUniqueItems = list.RequiresUniqueItems && by == 1 },
        BinaryField binary => new BinaryField(by == 1 ? [] : binary.MediaTypes, binary.MaxLength + by),
        ChatField chat => new ChatField([.. chat.Roles, "more"], Math.Max(0, chat.MinMessages - by), chat.MaxMessages + by, chat.MaxContentLength) { AllowsToolCalls = chat.AllowsToolCalls || by == 2 },
        _ => type,
    };
}
