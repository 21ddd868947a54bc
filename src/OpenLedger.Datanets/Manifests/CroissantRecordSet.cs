using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Manifests;

/// <summary>Records of one shape, taken from resources or written into the document.</summary>
public sealed record CroissantRecordSet
{
    /// <summary>What other parts of the document refer to; <see langword="null"/> when the document gives none.</summary>
    public required string? Id { get; init; }

    /// <summary>The name for people.</summary>
    public string? Name { get; init; }

    /// <summary>What the records are.</summary>
    public string? Description { get; init; }

    /// <summary>Types of the set, for example <c>cr:Split</c> or <c>sc:Enumeration</c>.</summary>
    public IReadOnlyList<string> DataTypes { get; init; } = [];

    /// <summary>Ids of the fields that name a record.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>The fields.</summary>
    public IReadOnlyList<CroissantField> Fields { get; init; } = [];

    /// <summary>Records written into the document, or <see langword="null"/>.</summary>
    public JsonNode? Data { get; init; }

    /// <summary>Example records, or <see langword="null"/>.</summary>
    public JsonNode? Examples { get; init; }

    /// <summary>Members this package has no property for; kept and written back.</summary>
    public JsonObject Extra { get; init; } = [];
}
