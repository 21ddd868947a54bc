using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Formats;

/// <summary>The columns of a table of rows: what a file with columns needs to know before the first row is written.</summary>
/// <remarks>
/// JSON Lines need none. Parquet and CSV do, and a CSV file read with the layout it was written with gives the same rows again. Immutable;
/// safe for concurrent use.
/// </remarks>
public sealed class RowLayout
{
    /// <summary>Most columns at the top.</summary>
    public const int MaxColumns = 4096;

    /// <summary>Creates a layout.</summary>
    /// <param name="columns">1 to <see cref="MaxColumns"/> columns with distinct names, in the order of the file.</param>
    /// <exception cref="ArgumentException">The number is out of range, or two columns have one name.</exception>
    public RowLayout(params IEnumerable<RowColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        RowColumn[] copy = [.. columns];
        if (copy.Length is 0 or > MaxColumns || copy.Select(column => column.Name).Distinct(StringComparer.Ordinal).Count() != copy.Length)
        {
            throw new ArgumentException($"A layout has 1 to {MaxColumns} columns with distinct names, not {copy.Length}.", nameof(columns));
        }

        Columns = Array.AsReadOnly(copy);
    }

    /// <summary>The columns in the order of the file.</summary>
    public IReadOnlyList<RowColumn> Columns { get; }

    /// <summary>Finds the layout that takes all of the rows without loss.</summary>
    /// <param name="rows">JSON objects; at least one, since no rows have no columns.</param>
    /// <exception cref="ArgumentException">There is no row, or no row has a member.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.InvalidMapping"/>: a row is no object, or there are too many columns.</exception>
    public static RowLayout Infer(IEnumerable<JsonElement> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        RowLayoutBuilder builder = new();
        foreach (JsonElement row in rows)
        {
            builder.Add(row);
        }

        return builder.Build();
    }

    /// <summary>Reads a layout that <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">JSON, UTF-8, at most 1 MiB.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/>, <see cref="DatanetError.LimitExceeded"/> or
    /// <see cref="DatanetError.InvalidMapping"/>.
    /// </exception>
    public static RowLayout Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > 1 << 20)
        {
            throw new DatanetException(DatanetError.LimitExceeded, $"The layout has {json.Length} bytes; at most {1 << 20} are allowed.");
        }

        JsonElement root = CanonicalJson.Parse(json);
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("columns", out JsonElement columns) || columns.ValueKind != JsonValueKind.Array)
        {
            throw NotALayout("it has no list of columns");
        }

        try
        {
            return new RowLayout(columns.EnumerateArray().Select(ReadColumn).ToArray());
        }
        catch (ArgumentException exception)
        {
            throw new DatanetException(DatanetError.InvalidMapping, $"The text is no layout: {exception.Message}", exception);
        }
    }

    /// <summary>Writes the layout as JSON, UTF-8, for <see cref="Parse"/>; <see cref="ParquetRowWriter"/> keeps it in the file.</summary>
    public byte[] ToJson() => CanonicalJson.Serialize(new JsonObject { ["columns"] = new JsonArray([.. Columns.Select(WriteColumn)]) });

    private static JsonObject WriteColumn(RowColumn column)
    {
        JsonObject document = new() { ["name"] = column.Name, ["kind"] = column.Kind.ToString() };
        if (column.AbsentIsMissing)
        {
            document["absentIsMissing"] = true;
        }

        if (column.Items is not null)
        {
            document["items"] = WriteColumn(column.Items);
        }

        if (column.Fields.Count > 0)
        {
            document["fields"] = new JsonArray([.. column.Fields.Select(WriteColumn)]);
        }

        return document;
    }

    private static RowColumn ReadColumn(JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Object
            || !document.TryGetProperty("name", out JsonElement name) || name.ValueKind != JsonValueKind.String
            || !document.TryGetProperty("kind", out JsonElement kind) || kind.ValueKind != JsonValueKind.String
            || !Enum.TryParse(kind.GetString(), out RowValueKind value) || !Enum.IsDefined(value))
        {
            throw NotALayout("a column has no name or no known kind");
        }

        bool absentIsMissing = document.TryGetProperty("absentIsMissing", out JsonElement flag) && flag.ValueKind == JsonValueKind.True;
        string text = name.GetString()!;
        return value switch
        {
            RowValueKind.List when document.TryGetProperty("items", out JsonElement items) => RowColumn.ListOf(text, ReadColumn(items), absentIsMissing),
            RowValueKind.Structure when document.TryGetProperty("fields", out JsonElement fields) && fields.ValueKind == JsonValueKind.Array =>
                RowColumn.StructureOf(text, fields.EnumerateArray().Select(ReadColumn).ToArray(), absentIsMissing),
            RowValueKind.List or RowValueKind.Structure => throw NotALayout($"the column '{text}' has no parts"),
            _ => new RowColumn(text, value, absentIsMissing),
        };
    }

    private static DatanetException NotALayout(string reason) => new(DatanetError.InvalidMapping, $"The text is no layout: {reason}.");
}
