using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Schemas;

/// <summary>One declared change of records. The kinds are closed, so that a migration can be stored, hashed and applied by anyone.</summary>
/// <remarks>Immutable; safe for concurrent use. A step that finds nothing at its path leaves the record as it is.</remarks>
public abstract class MigrationStep
{
    private protected MigrationStep(string path) => Path = FieldPath.Parse(path);

    /// <summary>The field that the step changes.</summary>
    public FieldPath Path { get; }

    /// <summary>The variant of the old schema whose records the step changes; <see langword="null"/> for all.</summary>
    public string? Variant { get; init; }

    /// <summary>The name of the kind in a migration document.</summary>
    internal abstract string Kind { get; }

    /// <summary>Changes every place; the answer is <see langword="null"/>, or why it cannot be changed.</summary>
    internal string? Apply(JsonObject record) =>
        Path.Find(record).ToArray().Select(place => Apply(place.Parent, place.Name, place.Index)).FirstOrDefault(static fault => fault is not null);

    internal JsonObject ToDocument()
    {
        JsonObject document = new() { ["do"] = Kind, ["path"] = Path.ToString() };
        if (Variant is not null)
        {
            document["variant"] = Variant;
        }

        Describe(document);
        return document;
    }

    private protected abstract string? Apply(JsonNode parent, string? name, int index);

    private protected abstract void Describe(JsonObject document);

    private protected static JsonNode? Get(JsonNode parent, string? name, int index) => name is null ? parent.AsArray()[index] : parent.AsObject()[name];

    private protected static void Set(JsonNode parent, string? name, int index, JsonNode? value)
    {
        if (name is null)
        {
            parent.AsArray()[index] = value;
        }
        else
        {
            parent.AsObject()[name] = value;
        }
    }

    private protected static void RefuseItems(FieldPath path, string parameterName)
    {
        if (path.Segments[^1] is null)
        {
            throw new ArgumentException($"'{path}' names the items of a list; this step needs a field.", parameterName);
        }
    }
}
