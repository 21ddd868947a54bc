using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Thresholds of <see cref="ChatRule"/>.</summary>
public sealed record ChatOptions
{
    /// <summary>Fewest turns.</summary>
    /// <value>2; 1 or more.</value>
    public int MinTurns { get; init; } = 2;

    /// <summary>Most turns.</summary>
    /// <value>200.</value>
    public int MaxTurns { get; init; } = 200;

    /// <summary>Most characters (UTF-16 code units) of a turn.</summary>
    /// <value>65,536.</value>
    public int MaxTurnLength { get; init; } = 65_536;

    /// <summary>Whether user and assistant must take turns, the user first. System turns at the beginning and tool turns do not count.</summary>
    /// <value><see langword="true"/>.</value>
    public bool RequireAlternation { get; init; } = true;

    /// <summary>Whether the assistant must have the last word.</summary>
    /// <value><see langword="true"/>.</value>
    public bool RequireAssistantEnd { get; init; } = true;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        OptionFaults faults = new();
        faults.Range(nameof(MinTurns), MinTurns, 1, int.MaxValue);
        faults.Order(nameof(MinTurns), MinTurns, nameof(MaxTurns), MaxTurns);
        faults.Range(nameof(MaxTurnLength), MaxTurnLength, 1, int.MaxValue);
        faults.Throw();
    }

    internal JsonObject Describe() => new()
    {
        ["maxTurnLength"] = MaxTurnLength,
        ["maxTurns"] = MaxTurns,
        ["minTurns"] = MinTurns,
        ["requireAlternation"] = RequireAlternation,
        ["requireAssistantEnd"] = RequireAssistantEnd,
    };
}
