using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Manifests;

/// <summary>Where values come from: a file, a set of files, a record set or a field, and how they are taken out.</summary>
public sealed record CroissantSource
{
    /// <summary>The id of whatever is referred to, when the document does not say of which kind it is.</summary>
    public string? Id { get; init; }

    /// <summary>The id of a file.</summary>
    public string? FileObject { get; init; }

    /// <summary>The id of a set of files.</summary>
    public string? FileSet { get; init; }

    /// <summary>The id of a record set.</summary>
    public string? RecordSet { get; init; }

    /// <summary>The id of a field.</summary>
    public string? Field { get; init; }

    /// <summary>A column of a table.</summary>
    public string? Column { get; init; }

    /// <summary>A path into JSON.</summary>
    public string? JsonPath { get; init; }

    /// <summary>A property of the file itself, such as <c>filename</c> or <c>content</c>.</summary>
    public string? FileProperty { get; init; }

    /// <summary>Rules applied to each value, in order: objects with <c>regex</c>, <c>replace</c>, <c>delimiter</c> and the like, as written.</summary>
    public IReadOnlyList<JsonNode> Transforms { get; init; } = [];

    /// <summary>How a value is spelled, for example a date format.</summary>
    public string? Format { get; init; }

    /// <summary>Members this package has no property for; kept and written back.</summary>
    public JsonObject Extra { get; init; } = [];

    /// <summary>Other members of <c>extract</c>; kept and written back.</summary>
    public JsonObject ExtractExtra { get; init; } = [];

    internal IEnumerable<string> Ids => new[] { Id, FileObject, FileSet, RecordSet, Field }.OfType<string>();
}
