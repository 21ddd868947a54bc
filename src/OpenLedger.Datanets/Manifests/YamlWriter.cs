using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Manifests;

/// <summary>Writes what <see cref="YamlReader"/> reads, in the block style of dataset cards. Texts that another reader could take for
/// something else (<c>no</c>, <c>1.0</c>, dates) are quoted.</summary>
internal static class YamlWriter
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", ".nan", ".inf", "-.inf", "+.inf",
    };

    public static string Write(JsonObject root)
    {
        StringBuilder text = new();
        foreach ((string name, JsonNode? value) in root)
        {
            Member(text, name, value, "");
        }

        return text.ToString();
    }

    private static void Member(StringBuilder text, string name, JsonNode? value, string indent)
    {
        text.Append(indent).Append(Scalar(name)).Append(':');
        switch (value)
        {
            case JsonObject { Count: > 0 } members:
                text.Append('\n');
                foreach ((string inner, JsonNode? innerValue) in members)
                {
                    Member(text, inner, innerValue, indent + "  ");
                }

                break;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                Items(text, list, indent);
                break;
            default:
                text.Append(' ').Append(Leaf(value)).Append('\n');
                break;
        }
    }

    private static void Items(StringBuilder text, JsonArray list, string indent)
    {
        foreach (JsonNode? item in list)
        {
            switch (item)
            {
                case JsonObject { Count: > 0 } members:
                    string lead = indent + "- ";
                    foreach ((string name, JsonNode? value) in members)
                    {
                        StringBuilder member = new();
                        Member(member, name, value, indent + "  ");
                        text.Append(lead).Append(member, lead.Length, member.Length - lead.Length);
                        lead = indent + "  ";
                    }

                    break;
                case JsonArray { Count: > 0 } inner:
                    text.Append(indent).Append("-\n");
                    Items(text, inner, indent + "  ");
                    break;
                default:
                    text.Append(indent).Append("- ").Append(Leaf(item)).Append('\n');
                    break;
            }
        }
    }

    private static string Leaf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when value.GetValueKind() == JsonValueKind.String => Scalar(value.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    private static string Scalar(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        StringBuilder quoted = new("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsPlain(string text) =>
        text.Length > 0
        && char.IsAsciiLetter(text[0])
        && text[^1] != ' '
        && !Words.Contains(text)
        && !text.StartsWith("---", StringComparison.Ordinal)
        && text.All(c => !char.IsControl(c) && c is not ('#' or ':' or '\u2028' or '\u2029' or '\uFEFF'))
        && !text.Any(char.IsSurrogate);
}
