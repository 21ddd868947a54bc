using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Schemas;

/// <summary>Gives a field another name in its object.</summary>
public sealed class RenameField : MigrationStep
{
    /// <summary>Creates the step.</summary>
    /// <param name="path">The field; see <see cref="FieldPath"/>.</param>
    /// <param name="newName">A legal field name; see <see cref="SchemaField"/>.</param>
    /// <exception cref="ArgumentException">The path or the name is not legal.</exception>
    public RenameField(string path, string newName)
        : base(path)
    {
        RefuseItems(Path, nameof(path));
        NewName = new SchemaField(newName, new BooleanField(), isRequired: false).Name; // one rule for names
    }

    /// <summary>The new name.</summary>
    public string NewName { get; }

    internal override string Kind => "rename";

    private protected override void Describe(JsonObject document) => document["to"] = NewName;

    private protected override string? Apply(JsonNode parent, string? name, int index)
    {
        JsonObject members = parent.AsObject();
        if (!members.ContainsKey(name!) || name == NewName)
        {
            return null;
        }

        if (members.ContainsKey(NewName))
        {
            return $"a field '{NewName}' is there already";
        }

        JsonNode? value = members[name!];
        members.Remove(name!);
        members[NewName] = value;
        return null;
    }
}
