using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Validation;

namespace OpenLedger.Datanets.Privacy;

/// <summary>Finds personal data with a <see cref="PersonalDataScanner"/> and redacts, masks, hashes or replaces it.</summary>
/// <remarks>Immutable and safe for concurrent use when the operators are.</remarks>
public sealed class PersonalDataAnonymizer
{
    private readonly PersonalDataScanner _scanner;
    private readonly PersonalDataOperator _default;
    private readonly Dictionary<PersonalDataEntity, PersonalDataOperator> _operators;

    /// <summary>Makes an anonymizer.</summary>
    /// <param name="scanner">Finds the values.</param>
    /// <param name="options">What becomes of them, or <see langword="null"/> to redact all.</param>
    /// <exception cref="ArgumentException">An option is illegal; the message names every fault.</exception>
    public PersonalDataAnonymizer(PersonalDataScanner scanner, AnonymizerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scanner);
        options ??= new AnonymizerOptions();
        options.Validate();
        _scanner = scanner;
        _default = options.Default;
        _operators = new Dictionary<PersonalDataEntity, PersonalDataOperator>(options.Operators);
    }

    /// <summary>Changes a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The new text and how its offsets correspond.</returns>
    /// <exception cref="InvalidOperationException">A recogniser of your own reported a place outside the text.</exception>
    public AnonymizedText Apply(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Apply(text, _scanner.Scan(text), new ValueOrdinals());
    }

    /// <summary>Changes every text of a record, and whole numbers where the scanner reads them.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The new record, with the old source position. A number in which something was found becomes text.</returns>
    /// <exception cref="InvalidOperationException">A recogniser of your own reported a place outside the text.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.LimitExceeded"/>: replacements made the record too long.</exception>
    public AnonymizedRecord Apply(DatanetRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        List<PersonalDataFinding> findings = [];
        JsonNode? changed = Change(record.Element, TextPath.Root, "", findings, new ValueOrdinals());
        return findings.Count == 0
            ? new AnonymizedRecord(record, findings)
            : new AnonymizedRecord(DatanetRecord.FromObject(changed!.AsObject(), record.SourcePosition), findings);
    }

    private AnonymizedText Apply(
        string text, IReadOnlyList<PersonalDataSpan> spans, ValueOrdinals ordinals)
    {
        StringBuilder target = new(text.Length);
        List<TextEdit> edits = new(spans.Count);
        int position = 0;
        foreach (PersonalDataSpan span in spans)
        {
            string value = text.Substring(span.Start, span.Length);
            PersonalDataOperator change = _operators.GetValueOrDefault(span.Entity, _default);
            string replacement = change.Apply(span, value, ordinals.Of(span.Entity, value));
            target.Append(text, position, span.Start - position);
            edits.Add(new TextEdit(span, target.Length, replacement.Length));
            target.Append(replacement);
            position = span.End;
        }

        target.Append(text, position, text.Length - position);
        return new AnonymizedText(target.ToString(), edits);
    }

    private JsonNode? Change(
        JsonElement element,
        TextPath path,
        string label,
        List<PersonalDataFinding> findings,
        ValueOrdinals ordinals)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                JsonObject members = [];
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    string name = member.Name;
                    members.Add(name, Change(member.Value, path.Member(name), PersonalDataText.CutLabel(name), findings, ordinals));
                }

                return members;
            case JsonValueKind.Array:
                JsonArray items = [];
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    items.Add(Change(item, path.Item(index++), label, findings, ordinals));
                }

                return items;
            case JsonValueKind.String:
                return ChangeText(element.GetString()!, path, label, findings, ordinals);
            case JsonValueKind.Number when _scanner.ScansNumbers && LabelledText.WholeNumber(element) is string number:
                int before = findings.Count;
                JsonValue changed = ChangeText(number, path, label, findings, ordinals);
                return findings.Count > before && changed.GetValue<string>() != number ? changed : JsonValue.Create(element);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element);
        }
    }

    private JsonValue ChangeText(
        string text,
        TextPath path,
        string label,
        List<PersonalDataFinding> findings,
        ValueOrdinals ordinals)
    {
        IReadOnlyList<PersonalDataSpan> spans = _scanner.Scan(new PersonalDataText(text, label));
        foreach (PersonalDataSpan span in spans)
        {
            findings.Add(new PersonalDataFinding(path, span));
        }

        return JsonValue.Create(spans.Count == 0 ? text : Apply(text, spans, ordinals).Text);
    }
}
