namespace PayableAi.Reporting;

/// <summary>The machine of a run.</summary>
public sealed record MachineResult
{
    /// <summary>Operating system and its version.</summary>
    public required string Os { get; init; }

    /// <summary>Logical processors the process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Version of the .NET runtime.</summary>
    public required string Dotnet { get; init; }
}
