using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Validation;

/// <summary>Thresholds of <see cref="BuiltInProfiles.Code"/>; each part is validated when the profile is made.</summary>
public sealed record CodeProfileOptions
{
    /// <summary>Where records keep their texts.</summary>
    public RecordFields Fields { get; init; } = new();

    /// <summary>How findings become a score and a verdict.</summary>
    public ScoreOptions Scoring { get; init; } = new();

    /// <summary>Thresholds of the encoding rule.</summary>
    public EncodingOptions Encoding { get; init; } = new() { RefuseAllDirectionControls = true };

    /// <summary>Thresholds of the code rule.</summary>
    public CodeOptions Code { get; init; } = new();
}
