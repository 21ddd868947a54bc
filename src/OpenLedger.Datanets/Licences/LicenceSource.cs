namespace OpenLedger.Datanets.Licences;

/// <summary>One source of a mix and its licence.</summary>
public sealed record LicenceSource
{
    /// <summary>What people call the source, for explanations: a data set, a file, a contribution.</summary>
    public required string Name { get; init; }

    /// <summary>Its licence.</summary>
    public required LicenceExpression Licence { get; init; }
}
