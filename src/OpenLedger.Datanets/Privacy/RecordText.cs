using System.Globalization;
using System.Text.Json;

namespace OpenLedger.Datanets.Privacy;

/// <summary>A text or whole number inside a record: where it stands and what it is called.</summary>
internal readonly record struct RecordText(string Path, string Label, string Text)
{
    // Shorter numbers are no personal data that this package knows.
    private const int MinNumberLength = 7;

    /// <summary>Every text of an element, in its order.</summary>
    public static IEnumerable<RecordText> Of(JsonElement root, bool withNumbers)
    {
        List<RecordText> leaves = [];
        Walk(root, "$", "", withNumbers, leaves);
        return leaves;
    }

    /// <summary>The path of a member.</summary>
    public static string MemberPath(string path, string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(name[0])
            ? $"{path}.{name}"
            : $"{path}['{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']";

    /// <summary>The path of an item.</summary>
    public static string ItemPath(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    /// <summary>The text of a number that is scanned, or <see langword="null"/>.</summary>
    public static string? WholeNumber(JsonElement number)
    {
        string text = number.GetRawText();
        return text.Length >= MinNumberLength && text.All(char.IsAsciiDigit) ? text : null;
    }

    private static void Walk(JsonElement element, string path, string label, bool withNumbers, List<RecordText> leaves)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    Walk(member.Value, MemberPath(path, member.Name), member.Name, withNumbers, leaves);
                }

                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Walk(item, ItemPath(path, index++), label, withNumbers, leaves);
                }

                break;
            case JsonValueKind.String:
                leaves.Add(new RecordText(path, label, element.GetString()!));
                break;
            case JsonValueKind.Number when withNumbers && WholeNumber(element) is string number:
                leaves.Add(new RecordText(path, label, number));
                break;
            default:
                break;
        }
    }
}
