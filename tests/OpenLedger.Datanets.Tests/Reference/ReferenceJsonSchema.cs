using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>JSON Schema 2020-12 read to the letter, keyword by keyword, for the keywords that the package writes. Slow and plain on purpose.</summary>
internal static class ReferenceJsonSchema
{
    public static bool Accepts(JsonNode? schema, JsonNode? value) => schema!.AsObject().All(keyword => Keyword(schema.AsObject(), keyword.Key, keyword.Value, value));

    private static bool Keyword(JsonObject schema, string name, JsonNode? argument, JsonNode? value) => name switch
    {
        "$schema" or "title" => true,
        _ when name.StartsWith("x-openledger", StringComparison.Ordinal) => true,
        "oneOf" => argument!.AsArray().Count(one => Accepts(one, value)) == 1,
        "anyOf" => argument!.AsArray().Any(one => Accepts(one, value)),
        "type" => IsOfType(argument!.GetValue<string>(), value),
        "enum" => argument!.AsArray().Any(one => JsonNode.DeepEquals(one, value)),
        "minLength" => value?.GetValueKind() != System.Text.Json.JsonValueKind.String || Runes(value) >= argument!.GetValue<int>(),
        "maxLength" => value?.GetValueKind() != System.Text.Json.JsonValueKind.String || Runes(value) <= argument!.GetValue<int>(),
        // '$' of ECMA-262 is the very end, that of .NET also stands before a last line feed.
        "pattern" => value?.GetValueKind() != System.Text.Json.JsonValueKind.String || Regex.IsMatch(value.GetValue<string>(), argument!.GetValue<string>()[..^1] + "\\z"),
        "minimum" => value?.GetValueKind() != System.Text.Json.JsonValueKind.Number || Double(value) >= Double(argument!),
        "maximum" => value?.GetValueKind() != System.Text.Json.JsonValueKind.Number || Double(value) <= Double(argument!),
        "properties" => value is not JsonObject members || members.All(member => !argument!.AsObject().TryGetPropertyValue(member.Key, out JsonNode? inner) || Accepts(inner, member.Value)),
        "required" => value is not JsonObject present || argument!.AsArray().All(required => present.ContainsKey(required!.GetValue<string>())),
        "additionalProperties" => value is not JsonObject open || open.All(member => schema["properties"]!.AsObject().ContainsKey(member.Key)),
        "items" => value is not JsonArray list || list.All(item => Accepts(argument, item)),
        "minItems" => value is not JsonArray few || few.Count >= argument!.GetValue<int>(),
        "maxItems" => value is not JsonArray many || many.Count <= argument!.GetValue<int>(),
        "uniqueItems" => value is not JsonArray set || !argument!.GetValue<bool>() || !set.Where((item, i) => set.Take(i).Any(other => Same(item, other))).Any(),
        _ => throw new NotSupportedException(name),
    };

    private static bool IsOfType(string type, JsonNode? value) => type switch
    {
        "string" => value?.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "number" => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number,
        "integer" => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number && Double(value) == Math.Floor(Double(value)),
        "boolean" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "array" => value is JsonArray,
        "object" => value is JsonObject,
        _ => throw new NotSupportedException(type),
    };

    private static bool Same(JsonNode? left, JsonNode? right) => left is JsonValue && right is JsonValue
        && left.GetValueKind() == System.Text.Json.JsonValueKind.Number && right.GetValueKind() == System.Text.Json.JsonValueKind.Number
            ? Double(left) == Double(right)
            : JsonNode.DeepEquals(left, right);

    private static int Runes(JsonNode value) => value.GetValue<string>().EnumerateRunes().Count();

    private static double Double(JsonNode value) => double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
}
