using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Schemas;

/// <summary>Takes a field away.</summary>
public sealed class DropField : MigrationStep
{
    /// <summary>Creates the step.</summary>
    /// <param name="path">The field; see <see cref="FieldPath"/>.</param>
    /// <exception cref="ArgumentException">The path is not legal.</exception>
    public DropField(string path)
        : base(path) => RefuseItems(Path, nameof(path));

    internal override string Kind => "drop";

    private protected override void Describe(JsonObject document)
    {
    }

    private protected override string? Apply(JsonNode parent, string? name, int index)
    {
        parent.AsObject().Remove(name!);
        return null;
    }
}
