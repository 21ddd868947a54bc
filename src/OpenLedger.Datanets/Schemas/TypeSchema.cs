using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Schemas;

/// <summary>Makes schemas from the contracts of System.Text.Json, which a source generator writes: nothing here looks at a type itself.</summary>
internal static class TypeSchema
{
    private const int MaxCount = DatanetRecord.MaxLength; // no record holds more
    private const double MaxSafeInteger = 9_007_199_254_740_991;

    private static readonly Dictionary<Type, (double Minimum, double Maximum, bool IsInteger)> Numbers = new()
    {
        [typeof(byte)] = (byte.MinValue, byte.MaxValue, true),
        [typeof(sbyte)] = (sbyte.MinValue, sbyte.MaxValue, true),
        [typeof(short)] = (short.MinValue, short.MaxValue, true),
        [typeof(ushort)] = (ushort.MinValue, ushort.MaxValue, true),
        [typeof(int)] = (int.MinValue, int.MaxValue, true),
        [typeof(uint)] = (uint.MinValue, uint.MaxValue, true),
        [typeof(long)] = (-MaxSafeInteger, MaxSafeInteger, true),
        [typeof(ulong)] = (0, MaxSafeInteger, true),
        [typeof(float)] = (float.MinValue, float.MaxValue, false),
        [typeof(double)] = (double.MinValue, double.MaxValue, false),
        [typeof(decimal)] = ((double)decimal.MinValue, (double)decimal.MaxValue, false),
    };

    // Types that System.Text.Json writes as text of a known length.
    private static readonly Dictionary<Type, (int MinLength, int MaxLength)> Texts = new()
    {
        [typeof(char)] = (1, 1),
        [typeof(Guid)] = (36, 36),
        [typeof(DateOnly)] = (10, 10),
        [typeof(TimeOnly)] = (8, 16),
        [typeof(DateTime)] = (19, 33),
        [typeof(DateTimeOffset)] = (20, 33),
        [typeof(TimeSpan)] = (8, 26),
        [typeof(Uri)] = (0, MaxCount),
        [typeof(Version)] = (3, 47),
        [typeof(byte[])] = (0, MaxCount),
    };

    public static DatanetSchema Of(JsonTypeInfo typeInfo, string name)
    {
        if (typeInfo.PolymorphismOptions is not { } polymorphism)
        {
            return new DatanetSchema(name, new RecordVariant("record", Fields(typeInfo, typeInfo.Type.Name, [])));
        }

        string discriminator = polymorphism.TypeDiscriminatorPropertyName;
        if (discriminator.StartsWith('$'))
        {
            throw new ArgumentException(
                $"{typeInfo.Type.Name}: the discriminator '{discriminator}' is reserved; set TypeDiscriminatorPropertyName of [JsonPolymorphic].", nameof(typeInfo));
        }

        return new DatanetSchema(name, polymorphism.DerivedTypes.Select(derived =>
        {
            string label = derived.TypeDiscriminator as string
                ?? throw new ArgumentException($"{derived.DerivedType.Name} has no text as its type discriminator; name one in [JsonDerivedType].", nameof(typeInfo));
            SchemaField tag = new(discriminator, new EnumField(label), isRequired: true);
            JsonTypeInfo contract = typeInfo.Options.GetTypeInfo(derived.DerivedType);
            return new RecordVariant(label, (SchemaField[])[tag, .. OptionalFields(contract, derived.DerivedType.Name, [])]);
        }));
    }

    private static SchemaField[] Fields(JsonTypeInfo typeInfo, string path, Stack<Type> open)
    {
        SchemaField[] fields = OptionalFields(typeInfo, path, open);
        return fields.Length > 0 ? fields : throw Fault(path, "has no properties to make fields of");
    }

    private static SchemaField[] OptionalFields(JsonTypeInfo typeInfo, string path, Stack<Type> open)
    {
        if (typeInfo.Kind != JsonTypeInfoKind.Object)
        {
            throw Fault(path, $"is written as {typeInfo.Kind}, not as an object with properties");
        }

        if (open.Contains(typeInfo.Type))
        {
            throw Fault(path, $"{typeInfo.Type.Name} contains itself; datanet fields have a fixed depth");
        }

        open.Push(typeInfo.Type);
        SchemaField[] fields = [.. typeInfo.Properties.Where(static property => property.Get is not null).Select(property => Field(property, path, open))];
        open.Pop();
        return fields;
    }

    private static SchemaField Field(JsonPropertyInfo property, string path, Stack<Type> open)
    {
        string place = $"{path}.{property.Name}";
        if (property.IsExtensionData)
        {
            throw Fault(place, "collects members without a meaning; datanet objects are closed");
        }

        JsonTypeInfo typeInfo = property.Options.GetTypeInfo(property.PropertyType);
        if (property.CustomConverter is not null && property.CustomConverter is not JsonStringEnumConverter && !property.PropertyType.IsEnum)
        {
            throw Fault(place, "has a converter of its own, whose output nobody can foresee; declare the schema with SchemaBuilder");
        }

        // What is not always written cannot be required; null is written as absence by DatanetRecord.From.
        bool isOptional = (property.IsGetNullable && !property.PropertyType.IsValueType)
            || Nullable.GetUnderlyingType(property.PropertyType) is not null
            || property.ShouldSerialize is not null
            || property.Options.DefaultIgnoreCondition == JsonIgnoreCondition.WhenWritingDefault;
        Bounds bounds = Bounds.Of(property.AttributeProvider);
        return new SchemaField(property.Name, Type(typeInfo, bounds, place, open), !isOptional) { IsPrivate = bounds.IsPrivate };
    }

    private static FieldType Type(JsonTypeInfo typeInfo, Bounds bounds, string path, Stack<Type> open)
    {
        Type type = Nullable.GetUnderlyingType(typeInfo.Type) ?? typeInfo.Type;
        if (bounds.AllowedTexts is { } allowed)
        {
            return type == typeof(string) ? new EnumField(allowed) : throw Fault(path, "[AllowedValues] is read for texts only");
        }

        if (type == typeof(string) || Texts.ContainsKey(type))
        {
            (int least, int most) = type == typeof(string) ? (0, MaxCount) : Texts[type];
            least = Math.Max(least, bounds.MinLength ?? 0);
            most = Math.Min(most, bounds.MaxLength ?? MaxCount);
            return bounds.Pattern is null ? new TextField(least, most) : new TextField(least, most, bounds.Pattern);
        }

        if (type == typeof(bool))
        {
            return new BooleanField();
        }

        if (Numbers.TryGetValue(type, out (double Minimum, double Maximum, bool IsInteger) range))
        {
            if ((typeInfo.NumberHandling ?? typeInfo.Options.NumberHandling).HasFlag(JsonNumberHandling.WriteAsString))
            {
                throw Fault(path, "writes numbers as text; drop JsonNumberHandling.WriteAsString");
            }

            return new NumberField(Math.Max(range.Minimum, bounds.Minimum ?? double.MinValue), Math.Min(range.Maximum, bounds.Maximum ?? double.MaxValue), range.IsInteger);
        }

        if (type.IsEnum)
        {
            JsonTypeInfo contract = typeInfo.Options.GetTypeInfo(type);
            return contract.GetJsonSchemaAsNode() is JsonObject schema && schema["enum"] is JsonArray names
                ? new EnumField(names.Select(static value => value!.GetValue<string>()))
                : throw Fault(path, $"{type.Name} is written as a number; give it a JsonStringEnumConverter<{type.Name}>");
        }

        switch (typeInfo.Kind)
        {
            case JsonTypeInfoKind.Enumerable when typeInfo.ElementType is Type element:
                FieldType item = Type(typeInfo.Options.GetTypeInfo(element), Bounds.None, path + "[]", open);
                return new ListField(item, bounds.MinLength ?? 0, bounds.MaxLength ?? MaxCount);
            case JsonTypeInfoKind.Object when typeInfo.PolymorphismOptions is null && type != typeof(object):
                return new ObjectField(Fields(typeInfo, path, open));
            default:
                throw Fault(path, $"the type {type.Name} has no kind of field; use text, numbers, booleans, enumerations, lists or objects");
        }
    }

    private static ArgumentException Fault(string path, string problem) => new($"{path} {problem}.");

    /// <summary>What the attributes of a property say.</summary>
    private sealed record Bounds
    {
        public static Bounds None { get; } = new();

        public int? MinLength { get; private init; }

        public int? MaxLength { get; private init; }

        public double? Minimum { get; private init; }

        public double? Maximum { get; private init; }

        public string? Pattern { get; private init; }

        public string[]? AllowedTexts { get; private init; }

        public bool IsPrivate { get; private init; }

        public static Bounds Of(ICustomAttributeProvider? provider) =>
            (provider?.GetCustomAttributes(inherit: true) ?? []).Aggregate(None, static (bounds, attribute) => attribute switch
            {
                LengthAttribute length => bounds with { MinLength = length.MinimumLength, MaxLength = length.MaximumLength },
                StringLengthAttribute length => bounds with { MinLength = length.MinimumLength, MaxLength = length.MaximumLength },
                MinLengthAttribute length => bounds with { MinLength = length.Length },
                MaxLengthAttribute length => bounds with { MaxLength = length.Length },
                RangeAttribute { Minimum: int or double, Maximum: int or double } range => bounds with
                {
                    Minimum = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture),
                    Maximum = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture),
                },
                RangeAttribute => throw new ArgumentException("[Range] is read with int or double bounds only."),
                RegularExpressionAttribute pattern => bounds with { Pattern = pattern.Pattern },
                AllowedValuesAttribute allowed => bounds with { AllowedTexts = [.. allowed.Values.Select(static value => value as string ?? throw new ArgumentException("[AllowedValues] is read for texts only."))] },
                PrivateFieldAttribute => bounds with { IsPrivate = true },
                _ => bounds,
            });
    }
}
