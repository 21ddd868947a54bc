using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Manifests;

/// <summary>A person, an organisation or an account.</summary>
public sealed record CroissantAgent
{
    /// <summary>The type, for example <c>sc:Person</c> or <c>prov:Agent</c>; <see langword="null"/> when the document gives a bare name.</summary>
    public string? Type { get; init; }

    /// <summary>An identifier, for example an account.</summary>
    public string? Id { get; init; }

    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>A page about the agent.</summary>
    public string? Url { get; init; }

    /// <summary>An address for letters.</summary>
    public string? Email { get; init; }

    /// <summary>Members this package has no property for; kept and written back.</summary>
    public JsonObject Extra { get; init; } = [];
}
