using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json.Serialization;
using CsCheck;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;

namespace OpenLedger.Datanets.Tests.Schemas;

public enum Level
{
    Easy,
    Hard,
}

public sealed record Source([property: Length(1, 20)] string Title, Uri? Link);

public sealed record Question
{
    [JsonPropertyName("question"), Length(1, 100)]
    public required string Text { get; init; }

    [StringLength(100), RegularExpression("[^<>]*")]
    public string Answer { get; init; } = "";

    public string? Hint { get; init; }

    [Range(0, 1)]
    public double Weight { get; init; }

    public int? Year { get; init; }

    public Level Level { get; init; }

    [AllowedValues("vi", "en")]
    public required string Language { get; init; }

    [MaxLength(3)]
    public required IReadOnlyList<Source> Sources { get; init; }

    [PrivateField]
    public string? Author { get; init; }

    [JsonIgnore]
    public int Length => Text.Length;
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Circle), "circle")]
[JsonDerivedType(typeof(Box), "box")]
public abstract record Shape;

public sealed record Circle(double Radius) : Shape;

public sealed record Box(double Width, double Height) : Shape;

[JsonDerivedType(typeof(BadCircle), "circle")]
public abstract record BadShape;

public sealed record BadCircle(double Radius) : BadShape;

public sealed record Chain(string Name, Chain? Next);

public sealed record Untyped(object Anything);

public sealed record Counts(IReadOnlyDictionary<string, int> ByName);

public sealed record Numbered(DayOfWeek Day);

public sealed record Open
{
    public string Name { get; set; } = "";

    [JsonExtensionData]
    public IDictionary<string, object?>? Rest { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Question))]
[JsonSerializable(typeof(Shape))]
[JsonSerializable(typeof(BadShape))]
[JsonSerializable(typeof(Chain))]
[JsonSerializable(typeof(Untyped))]
[JsonSerializable(typeof(Counts))]
[JsonSerializable(typeof(Open))]
[JsonSerializable(typeof(int[]))]
internal sealed partial class NamedContext : JsonSerializerContext;

[JsonSerializable(typeof(Numbered))]
internal sealed partial class PlainContext : JsonSerializerContext;

public class TypeSchemaTests
{
    [Fact]
    public void For_Record_IsTheSchemaWrittenByHand()
    {
        DatanetSchema expected = new SchemaBuilder("Question")
            .Variant("record", variant => variant
                .Required("question", new TextField(1, 100))
                .Required("answer", new TextField(0, 100, "[^<>]*"))
                .Optional("hint", new TextField(0, 1 << 20))
                .Required("weight", new NumberField(0, 1, isInteger: false))
                .Optional("year", new NumberField(int.MinValue, int.MaxValue, isInteger: true))
                .Required("level", new EnumField("Easy", "Hard"))
                .Required("language", new EnumField("vi", "en"))
                .Required("sources", new ListField(
                    new ObjectField(new SchemaField("title", new TextField(1, 20), true), new SchemaField("link", new TextField(0, 1 << 20), false)), 0, 3))
                .Private("author", new TextField(0, 1 << 20), isRequired: false))
            .Build();
        DatanetSchema schema = DatanetSchema.For(NamedContext.Default.Question);
        Assert.Equal(Encoding.UTF8.GetString(expected.Document.Span), Encoding.UTF8.GetString(schema.Document.Span));
        Assert.Equal(expected.Digest, schema.Digest);
        Assert.Equal("questions", DatanetSchema.For(NamedContext.Default.Question, "questions").Name);
    }

    [Fact]
    public void From_Values_FitTheirSchemaAndComeBack()
    {
        DatanetSchema schema = DatanetSchema.For(NamedContext.Default.Question);
        Gen.Select(Gen.String[Gen.Char['a', 'ỹ'], 1, 20], Gen.Int[1900, 2100].Nullable(), Gen.Double[0, 1], Gen.Bool, Gen.Int[0, 3]).Sample((text, year, weight, isEasy, count) =>
        {
            Question value = new()
            {
                Text = text,
                Answer = "chào",
                Year = year,
                Weight = weight,
                Hint = isEasy ? null : text,
                Level = isEasy ? Level.Easy : Level.Hard,
                Language = "vi",
                Sources = [.. Enumerable.Range(0, count).Select(i => new Source($"s{i}", i == 0 ? null : new Uri("https://example.org/")))],
            };
            DatanetRecord record = DatanetRecord.From(value, NamedContext.Default.Question).WithSalt(new byte[16]);
            Assert.Empty(schema.Validate(record.Element));
            Question copy = record.To(NamedContext.Default.Question);
            Assert.Equal(value with { Sources = copy.Sources }, copy);
            Assert.Equal(value.Sources, copy.Sources);
        });
    }

    [Fact]
    public void For_PolymorphicBase_GivesOneVariantPerType()
    {
        DatanetSchema schema = DatanetSchema.For(NamedContext.Default.Shape);
        Assert.Equal(["circle", "box"], schema.Variants.Select(variant => variant.Name));
        DatanetRecord circle = DatanetRecord.From(new Circle(2), NamedContext.Default.Shape);
        Assert.Equal("circle", schema.FindVariant(circle.Element)?.Name);
        Assert.Equal(new Circle(2), circle.To(NamedContext.Default.Shape));
        Assert.Equal("box", schema.FindVariant(DatanetRecord.From(new Box(1, 2), NamedContext.Default.Shape).Element)?.Name);
    }

    [Fact]
    public void For_TypesWithoutAMeaning_AreRefusedWithTheProperty()
    {
        (Action Make, string Reason)[] cases =
        [
            (() => DatanetSchema.For(NamedContext.Default.BadShape), "TypeDiscriminatorPropertyName"),
            (() => DatanetSchema.For(NamedContext.Default.Chain), "Chain.next"),
            (() => DatanetSchema.For(NamedContext.Default.Untyped), "Untyped.anything"),
            (() => DatanetSchema.For(NamedContext.Default.Counts), "Counts.byName"),
            (() => DatanetSchema.For(NamedContext.Default.Open), "Open.Rest"),
            (() => DatanetSchema.For(NamedContext.Default.Int32Array), "not as an object"),
            (() => DatanetSchema.For(PlainContext.Default.Numbered), "JsonStringEnumConverter<DayOfWeek>"),
        ];
        foreach ((Action make, string reason) in cases)
        {
            Assert.Contains(reason, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void FromAndTo_WhatDoesNotFit_IsTheDocumentedException()
    {
        Assert.Equal(DatanetError.InvalidJson, Assert.Throws<DatanetException>(() => DatanetRecord.From([1], NamedContext.Default.Int32Array)).Error);
        Assert.Equal(DatanetError.InvalidJson, Assert.Throws<DatanetException>(() => DatanetRecord.From(new Circle(double.NaN), NamedContext.Default.Shape)).Error);
        Assert.Equal(DatanetError.InvalidJson, Assert.Throws<DatanetException>(() => DatanetRecord.Parse("""{"question":1}""").To(NamedContext.Default.Question)).Error);
        Assert.Equal(DatanetError.InvalidJson, Assert.Throws<DatanetException>(() => DatanetRecord.Parse("""{"answer":"x"}""").To(NamedContext.Default.Question)).Error);
    }
}
