using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Validation;

/// <summary>Thresholds of <see cref="BuiltInProfiles.Chat"/>; each part is validated when the profile is made.</summary>
public sealed record ChatProfileOptions
{
    /// <summary>Where records keep their texts.</summary>
    public RecordFields Fields { get; init; } = new();

    /// <summary>How findings become a score and a verdict.</summary>
    public ScoreOptions Scoring { get; init; } = new();

    /// <summary>Thresholds of the encoding rule.</summary>
    public EncodingOptions Encoding { get; init; } = new();

    /// <summary>Thresholds of the chat rule.</summary>
    public ChatOptions Chat { get; init; } = new();
}
