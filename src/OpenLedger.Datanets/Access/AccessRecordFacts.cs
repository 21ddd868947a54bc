using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Access;

/// <summary>What is known about a record when a scope decides whether it is covered.</summary>
public sealed record AccessRecordFacts
{
    /// <summary>Who gave it.</summary>
    public required ContributorId Contributor { get; init; }

    /// <summary>The split it belongs to.</summary>
    /// <value><see langword="null"/>: none. A scope with splits does not cover it.</value>
    public string? Split { get; init; }

    /// <summary>Its licence.</summary>
    /// <value><see langword="null"/>: unknown. A scope with licences does not cover it.</value>
    public string? Licence { get; init; }

    /// <summary>Its tags.</summary>
    /// <value>None. A scope with tags covers a record that has one of them.</value>
    public IReadOnlyCollection<string> Tags { get; init; } = [];
}
