using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Manifests;

/// <summary>A field of a record set: its type, and where its values come from.</summary>
public sealed record CroissantField
{
    /// <summary>What other parts of the document refer to, usually <c>record-set/field</c>; <see langword="null"/> when the document gives none.</summary>
    public required string? Id { get; init; }

    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>What the values are.</summary>
    public string? Description { get; init; }

    /// <summary>Types of the values, for example <c>sc:Text</c>; the first is the atomic one.</summary>
    public IReadOnlyList<string> DataTypes { get; init; } = [];

    /// <summary>Whether a record has a list of values; <see langword="null"/> when the document does not say.</summary>
    public bool? IsRepeated { get; init; }

    /// <summary>Where the values come from.</summary>
    public CroissantSource? Source { get; init; }

    /// <summary>The field of another record set that the values refer to.</summary>
    public CroissantSource? References { get; init; }

    /// <summary>A field of the same record set that this one describes.</summary>
    public CroissantSource? ParentField { get; init; }

    /// <summary>Fields inside this one.</summary>
    public IReadOnlyList<CroissantField> SubFields { get; init; } = [];

    /// <summary>Fields that say something about each value of this one; <see cref="EquivalentProperties"/> says what.</summary>
    public IReadOnlyList<CroissantField> Annotations { get; init; } = [];

    /// <summary>Properties the values are of, for example <c>prov:wasAttributedTo</c>.</summary>
    public IReadOnlyList<string> EquivalentProperties { get; init; } = [];

    /// <summary>Members this package has no property for; kept and written back.</summary>
    public JsonObject Extra { get; init; } = [];
}
