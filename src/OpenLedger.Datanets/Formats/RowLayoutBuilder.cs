using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>Finds a <see cref="RowLayout"/> while rows pass by, for files too large to hold.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed class RowLayoutBuilder
{
    /// <summary>Lists and objects nested deeper than this are kept as JSON text.</summary>
    private const int MaxDepth = 8;

    /// <summary>Objects with more different members than this are maps rather than structures, and kept as JSON text.</summary>
    private const int MaxFields = 256;

    private const long MaxExactInteger = (1L << 53) - 1;

    private readonly Node _root = new();

    /// <summary>The number of rows so far.</summary>
    public long RowCount { get; private set; }

    /// <summary>Takes a row into account.</summary>
    /// <param name="row">A JSON object.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.InvalidMapping"/>: the row is no object, or there are too many columns.</exception>
    public void Add(JsonElement row)
    {
        RowFault.ThrowIfNotAnObject(row);
        RowCount++;
        AddObject(_root, row, 0);
        if (_root.Fields!.Count > RowLayout.MaxColumns)
        {
            throw new DatanetException(DatanetError.InvalidMapping, $"The rows have more than {RowLayout.MaxColumns} different members; map them first.");
        }
    }

    /// <summary>The layout that takes all rows so far without loss.</summary>
    /// <exception cref="ArgumentException">There is no row, or no row has a member.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.InvalidMapping"/>: a member has no name, which no file with columns can hold.</exception>
    public RowLayout Build() => _root.Fields?.ContainsKey("") == true
        ? throw new DatanetException(DatanetError.InvalidMapping, "A row has a member without a name; map it first.")
        : _root.Fields is { Count: > 0 } fields
        ? new RowLayout(fields.Select(field => ToColumn(field.Key, field.Value, RowCount)).ToArray())
        : throw new ArgumentException("There is no row with a member, so there are no columns.");

    private static void AddObject(Node node, JsonElement value, int depth)
    {
        node.Objects++;
        node.Fields ??= new OrderedDictionary<string, Node>(StringComparer.Ordinal);
        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (!node.Fields.TryGetValue(member.Name, out Node? field))
            {
                if (depth > 0 && node.Fields.Count == MaxFields)
                {
                    node.IsMixed = true;
                    return;
                }

                field = new Node();
                node.Fields.Add(member.Name, field);
            }

            field.Present++;
            AddValue(field, member.Value, depth + 1);
        }
    }

    private static void AddValue(Node node, JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                node.HasNull = true;
                break;
            case JsonValueKind.String:
                node.HasText = true;
                break;
            case JsonValueKind.True or JsonValueKind.False:
                node.HasBoolean = true;
                break;
            case JsonValueKind.Number:
                AddNumber(node, value);
                break;
            case JsonValueKind.Array when depth < MaxDepth:
                node.HasList = true;
                node.Items ??= new Node();
                foreach (JsonElement element in value.EnumerateArray())
                {
                    AddValue(node.Items, element, depth + 1);
                }

                break;
            case JsonValueKind.Object when depth < MaxDepth:
                AddObject(node, value, depth);
                break;
            default:
                node.IsMixed = true;
                break;
        }
    }

    private static void AddNumber(Node node, JsonElement value)
    {
        if (value.TryGetInt64(out long integer))
        {
            node.HasInteger = true;
            node.HasLargeInteger |= integer is < -MaxExactInteger or > MaxExactInteger;
        }
        else if (value.TryGetDouble(out double number) && double.IsFinite(number) && Math.Abs(number) <= MaxExactInteger)
        {
            node.HasNumber = true;
        }
        else
        {
            // A large number without a fraction may be an integer that a double would change.
            bool isExponent = value.GetRawText().AsSpan().IndexOfAny('e', 'E', '.') >= 0;
            node.HasNumber |= isExponent && double.IsFinite(number);
            node.IsMixed |= !isExponent || !double.IsFinite(number);
        }
    }

    private static RowColumn ToColumn(string name, Node node, long parents)
    {
        bool isMissing = node.Present < parents;
        bool isNumeric = node.HasInteger || node.HasNumber;
        int kinds = (node.HasText ? 1 : 0) + (node.HasBoolean ? 1 : 0) + (isNumeric ? 1 : 0) + (node.HasList ? 1 : 0) + (node.Objects > 0 ? 1 : 0);
        if (node.IsMixed || kinds > 1 || (isMissing && node.HasNull)
            || (node.HasNumber && node.HasLargeInteger) || (node.Objects > 0 && node.Fields!.Count == 0))
        {
            return new RowColumn(name, RowValueKind.Json, isMissing);
        }

        if (node.HasList)
        {
            RowColumn items = ToColumn("element", node.Items!, 0);
            return RowColumn.ListOf(name, items, isMissing);
        }

        if (node.Objects > 0)
        {
            // Parquet and CSV have no member without a name.
            return node.Fields!.ContainsKey("")
                ? new RowColumn(name, RowValueKind.Json, isMissing)
                : RowColumn.StructureOf(name, node.Fields!.Select(field => ToColumn(field.Key, field.Value, node.Objects)).ToArray(), isMissing);
        }

        RowValueKind kind = node.HasBoolean ? RowValueKind.Boolean : node.HasNumber ? RowValueKind.Number : node.HasInteger ? RowValueKind.WholeNumber : RowValueKind.Text;
        return new RowColumn(name, kind, isMissing);
    }

    private sealed class Node
    {
        public long Present { get; set; }

        public long Objects { get; set; }

        public bool HasNull { get; set; }

        public bool HasText { get; set; }

        public bool HasBoolean { get; set; }

        public bool HasInteger { get; set; }

        public bool HasLargeInteger { get; set; }

        public bool HasNumber { get; set; }

        public bool HasList { get; set; }

        public bool IsMixed { get; set; }

        public Node? Items { get; set; }

        public OrderedDictionary<string, Node>? Fields { get; set; }
    }
}
