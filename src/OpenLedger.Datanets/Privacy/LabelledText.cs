using System.Text.Json;
using OpenLedger.Datanets.Validation;

namespace OpenLedger.Datanets.Privacy;

/// <summary>A text or whole number inside a record: where it stands and what it is called.</summary>
internal readonly record struct LabelledText(TextPath Path, string Label, string Text)
{
    // Shorter numbers are no personal data that this package knows.
    private const int MinNumberLength = 7;

    /// <summary>Every text of an element, in its order.</summary>
    public static List<LabelledText> Of(JsonElement root, bool withNumbers)
    {
        List<LabelledText> leaves = [];
        Walk(root, TextPath.Root, "", withNumbers, leaves);
        return leaves;
    }

    /// <summary>The text of a number that is scanned, or <see langword="null"/>.</summary>
    public static string? WholeNumber(JsonElement number)
    {
        string text = number.GetRawText();
        return text.Length >= MinNumberLength && text.All(char.IsAsciiDigit) ? text : null;
    }

    private static void Walk(JsonElement element, TextPath path, string label, bool withNumbers, List<LabelledText> leaves)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    string name = member.Name;
                    Walk(member.Value, path.Member(name), PersonalDataText.CutLabel(name), withNumbers, leaves);
                }

                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Walk(item, path.Item(index++), label, withNumbers, leaves);
                }

                break;
            case JsonValueKind.String:
                leaves.Add(new LabelledText(path, label, element.GetString()!));
                break;
            case JsonValueKind.Number when withNumbers && WholeNumber(element) is string number:
                leaves.Add(new LabelledText(path, label, number));
                break;
            default:
                break;
        }
    }
}
