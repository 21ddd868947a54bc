using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Manifests;

/// <summary>A file, or a set of files, that a dataset consists of.</summary>
public sealed record CroissantResource
{
    /// <summary>One file or a set.</summary>
    public required CroissantResourceKind Kind { get; init; }

    /// <summary>What other parts of the document refer to; <see langword="null"/> when the document gives none.</summary>
    public required string? Id { get; init; }

    /// <summary>The name for people.</summary>
    public string? Name { get; init; }

    /// <summary>What it holds.</summary>
    public string? Description { get; init; }

    /// <summary>Where a file is: a URL, or a path relative to the document. Not checked here; see <see cref="CroissantDataset.FindIssues"/>.</summary>
    public string? ContentUrl { get; init; }

    /// <summary>The size as written, for example <c>117743 B</c>.</summary>
    public string? ContentSize { get; init; }

    /// <summary>SHA-256 of the file, 64 hexadecimal digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>MD5 of the file, where the document has nothing better.</summary>
    public string? Md5 { get; init; }

    /// <summary>Media types, usually one, for example <c>application/jsonlines</c>.</summary>
    public IReadOnlyList<string> EncodingFormats { get; init; } = [];

    /// <summary>Ids of the resources this one is inside of.</summary>
    public IReadOnlyList<string> ContainedIn { get; init; } = [];

    /// <summary>Patterns of the files in a set.</summary>
    public IReadOnlyList<string> Includes { get; init; } = [];

    /// <summary>Patterns of files that are not in the set.</summary>
    public IReadOnlyList<string> Excludes { get; init; } = [];

    /// <summary>Members this package has no property for; kept and written back.</summary>
    public JsonObject Extra { get; init; } = [];
}
