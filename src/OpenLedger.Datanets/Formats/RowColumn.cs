using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>One column of a <see cref="RowLayout"/>, one member of an object in it, or the element of a list.</summary>
/// <remarks>Immutable; safe for concurrent use.</remarks>
public sealed class RowColumn
{
    /// <summary>Creates a column of a kind without parts.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="kind">Any kind but <see cref="RowValueKind.List"/> and <see cref="RowValueKind.Structure"/>.</param>
    /// <param name="absentIsMissing">See <see cref="AbsentIsMissing"/>.</param>
    /// <exception cref="ArgumentException">The name is empty, or the kind has parts.</exception>
    public RowColumn(string name, RowValueKind kind, bool absentIsMissing = false)
        : this(name, kind, absentIsMissing, null, [])
    {
        if (kind is RowValueKind.List or RowValueKind.Structure || !Enum.IsDefined(kind))
        {
            throw new ArgumentException($"A column of kind {kind} is made with ListOf or StructureOf.", nameof(kind));
        }
    }

    private RowColumn(string name, RowValueKind kind, bool absentIsMissing, RowColumn? items, RowColumn[] fields)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Kind = kind;
        AbsentIsMissing = absentIsMissing;
        Items = items;
        Fields = Array.AsReadOnly(fields);
    }

    /// <summary>The member's name; <c>element</c> for the element of a list.</summary>
    public string Name { get; }

    /// <summary>What the values are.</summary>
    public RowValueKind Kind { get; }

    /// <summary>
    /// Whether an empty cell stands for a member that is not there (<see langword="true"/>) or for one that is null (<see langword="false"/>).
    /// </summary>
    public bool AbsentIsMissing { get; }

    /// <summary>The elements of a list, otherwise <see langword="null"/>.</summary>
    public RowColumn? Items { get; }

    /// <summary>The members of an object, otherwise none.</summary>
    public IReadOnlyList<RowColumn> Fields { get; }

    /// <summary>Creates a column of lists.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="items">What the elements are; its name does not matter.</param>
    /// <param name="absentIsMissing">See <see cref="AbsentIsMissing"/>.</param>
    public static RowColumn ListOf(string name, RowColumn items, bool absentIsMissing = false)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new RowColumn(name, RowValueKind.List, absentIsMissing, items, []);
    }

    /// <summary>Creates a column of objects.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="fields">The members, at least one, with distinct names.</param>
    /// <param name="absentIsMissing">See <see cref="AbsentIsMissing"/>.</param>
    /// <exception cref="ArgumentException">There is no member, or two have one name.</exception>
    public static RowColumn StructureOf(string name, IEnumerable<RowColumn> fields, bool absentIsMissing = false)
    {
        ArgumentNullException.ThrowIfNull(fields);
        RowColumn[] copy = [.. fields];
        if (copy.Length == 0 || copy.Select(field => field.Name).Distinct(StringComparer.Ordinal).Count() != copy.Length)
        {
            throw new ArgumentException("An object has at least one member, and their names are distinct.", nameof(fields));
        }

        return new RowColumn(name, RowValueKind.Structure, absentIsMissing, null, copy);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Kind}";

    internal void ThrowIfNotFit(JsonElement value)
    {
        bool fits = Kind switch
        {
            RowValueKind.Json => true,
            RowValueKind.Text => value.ValueKind == JsonValueKind.String,
            RowValueKind.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            RowValueKind.WholeNumber => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            RowValueKind.Number => value.ValueKind == JsonValueKind.Number,
            RowValueKind.List => value.ValueKind == JsonValueKind.Array,
            _ => value.ValueKind == JsonValueKind.Object,
        };
        if (!fits)
        {
            throw new DatanetException(DatanetError.InvalidMapping, $"The column '{Name}' takes {Kind}, not {value.ValueKind}; infer the layout from all rows.");
        }
    }
}
