using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>How the columns of a file become the fields of a schema, and back.</summary>
/// <example>
/// <code>
/// ColumnMapping mapping = new ColumnMapping { Unmapped = UnmappedColumns.Drop }
///     .Rename("q", "question").Join("answer", "\n", "short_answer", "explanation").Constant("lang", "en");
/// JsonElement record = mapping.Import(row);
/// </code>
/// </example>
/// <remarks>Immutable: every method gives a new mapping. Safe for concurrent use.</remarks>
public sealed record ColumnMapping
{
    private readonly Rule[] _rules = [];

    /// <summary>Columns that no rule names.</summary>
    /// <value><see cref="UnmappedColumns.Drop"/>.</value>
    public UnmappedColumns Unmapped { get; init; }

    /// <summary>Gives a column another name. The value stays what it is.</summary>
    /// <param name="column">The column in the file.</param>
    /// <param name="field">The field of the record; the same name keeps the column as it is.</param>
    /// <exception cref="ArgumentException">A name is empty, or a rule has the column or the field already.</exception>
    public ColumnMapping Rename(string column, string field) => With(new Rule(field, [column], null, default));

    /// <summary>Keeps a column under its name.</summary>
    /// <param name="column">The column and the field.</param>
    /// <exception cref="ArgumentException">The name is empty, or a rule has the column or the field already.</exception>
    public ColumnMapping Keep(string column) => Rename(column, column);

    /// <summary>Puts the texts of several columns together. Empty and missing ones count as empty text.</summary>
    /// <param name="field">The field of the record.</param>
    /// <param name="separator">What stands between them; on the way back the text is cut there, so it must not be empty.</param>
    /// <param name="columns">At least two columns in the file.</param>
    /// <exception cref="ArgumentException">A name or the separator is empty, there is one column only, or a rule has one of the names already.</exception>
    public ColumnMapping Join(string field, string separator, params IReadOnlyList<string> columns)
    {
        ArgumentException.ThrowIfNullOrEmpty(separator);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count < 2)
        {
            throw new ArgumentException("Two columns are the fewest to join; use Rename for one.", nameof(columns));
        }

        return With(new Rule(field, [.. columns], separator, default));
    }

    /// <summary>Gives every record a field with the same value; on the way back the field is left out.</summary>
    /// <param name="field">The field of the record.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The name is empty, or a rule has the field already.</exception>
    public ColumnMapping Constant(string field, JsonElement value) => With(new Rule(field, [], null, value.Clone()));

    /// <summary>Gives every record a field with the same text.</summary>
    /// <param name="field">The field of the record.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The name is empty, or a rule has the field already.</exception>
    public ColumnMapping Constant(string field, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStringValue(text);
        }

        return Constant(field, JsonElement.Parse(buffer.WrittenSpan));
    }

    /// <summary>Makes a record of a row.</summary>
    /// <param name="row">A row of the file.</param>
    /// <returns>The fields in the order of the rules, then the columns that are kept.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidMapping"/>: a renamed column is missing, a joined one is no text, a column is not named by any rule and
    /// <see cref="Unmapped"/> refuses it, or a kept column has the name of a field.
    /// </exception>
    public JsonElement Import(JsonElement row)
    {
        RowFault.ThrowIfNotAnObject(row);
        return Make(json =>
        {
            foreach (Rule rule in _rules)
            {
                json.WritePropertyName(rule.Field);
                switch (rule)
                {
                    case { Columns: [] }:
                        rule.Value.WriteTo(json);
                        break;
                    case { Separator: { } separator }:
                        json.WriteStringValue(string.Join(separator, rule.Columns.Select(column => Text(row, column))));
                        break;
                    default:
                        Require(row, rule.Columns[0]).WriteTo(json);
                        break;
                }
            }

            WriteOthers(json, row, name => _rules.Any(rule => rule.Columns.Contains(name)), name => _rules.Any(rule => rule.Field == name));
        });
    }

    /// <summary>Makes a row of a record: the way back of <see cref="Import"/>.</summary>
    /// <param name="record">A record.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidMapping"/>: a field is missing, a constant has another value, or a joined text has not one separator less than
    /// the join has columns, so that it cannot be cut without a doubt.
    /// </exception>
    public JsonElement Export(JsonElement record)
    {
        RowFault.ThrowIfNotAnObject(record);
        return Make(json =>
        {
            foreach (Rule rule in _rules)
            {
                JsonElement value = Require(record, rule.Field);
                switch (rule)
                {
                    case { Columns: [] }:
                        if (!JsonElement.DeepEquals(value, rule.Value))
                        {
                            throw Fault($"the field '{rule.Field}' is constant in the mapping and has another value in the record");
                        }

                        break;
                    case { Separator: { } separator }:
                        WriteParts(json, rule, value, separator);
                        break;
                    default:
                        json.WritePropertyName(rule.Columns[0]);
                        value.WriteTo(json);
                        break;
                }
            }

            WriteOthers(json, record, name => _rules.Any(rule => rule.Field == name), name => _rules.Any(rule => rule.Columns.Contains(name)));
        });
    }

    private static void WriteParts(Utf8JsonWriter json, Rule rule, JsonElement value, string separator)
    {
        string[] parts = value.ValueKind == JsonValueKind.String ? value.GetString()!.Split(separator) : [];
        if (parts.Length != rule.Columns.Length)
        {
            throw Fault($"the field '{rule.Field}' has {parts.Length} parts and {rule.Columns.Length} columns");
        }

        for (int i = 0; i < parts.Length; i++)
        {
            json.WriteString(rule.Columns[i], parts[i]);
        }
    }

    private static JsonElement Require(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) ? value : throw Fault($"the row has no '{name}'");

    private static string Text(JsonElement row, string name)
    {
        if (!row.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return "";
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Fault($"the column '{name}' is {value.ValueKind} and only text can be joined");
    }

    private static JsonElement Make(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static DatanetException Fault(string reason) => new(DatanetError.InvalidMapping, $"The columns do not fit the mapping: {reason}.");

    private void WriteOthers(Utf8JsonWriter json, JsonElement row, Func<string, bool> isUsed, Func<string, bool> isTaken)
    {
        if (Unmapped == UnmappedColumns.Drop)
        {
            return;
        }

        foreach (JsonProperty member in row.EnumerateObject())
        {
            if (isUsed(member.Name))
            {
                continue;
            }

            if (Unmapped == UnmappedColumns.Refuse || isTaken(member.Name))
            {
                throw Fault(Unmapped == UnmappedColumns.Refuse ? $"no rule names '{member.Name}'" : $"'{member.Name}' would be there twice");
            }

            json.WritePropertyName(member.Name);
            member.Value.WriteTo(json);
        }
    }

    private ColumnMapping With(Rule rule)
    {
        ArgumentException.ThrowIfNullOrEmpty(rule.Field, "field");
        if (rule.Columns.Any(string.IsNullOrEmpty) || rule.Columns.Distinct(StringComparer.Ordinal).Count() != rule.Columns.Length
            || _rules.Any(other => other.Field == rule.Field || other.Columns.Intersect(rule.Columns, StringComparer.Ordinal).Any()))
        {
            throw new ArgumentException($"The rule for '{rule.Field}' has an empty name, or a name that another rule has.");
        }

        return new ColumnMapping(this, [.. _rules, rule]);
    }

    private ColumnMapping(ColumnMapping original, Rule[] rules)
    {
        Unmapped = original.Unmapped;
        _rules = rules;
    }

    /// <summary>Creates a mapping without rules.</summary>
    public ColumnMapping()
    {
    }

    private sealed record Rule(string Field, string[] Columns, string? Separator, JsonElement Value);
}
