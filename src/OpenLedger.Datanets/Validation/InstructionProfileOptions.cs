using OpenLedger.Datanets.Validation.Language;
using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Validation;

/// <summary>Thresholds of <see cref="BuiltInProfiles.Instruction"/>; each part is validated when the profile is made.</summary>
public sealed record InstructionProfileOptions
{
    /// <summary>Where records keep their texts.</summary>
    public RecordFields Fields { get; init; } = new();

    /// <summary>How findings become a score and a verdict.</summary>
    public ScoreOptions Scoring { get; init; } = new();

    /// <summary>Thresholds of the encoding rule.</summary>
    public EncodingOptions Encoding { get; init; } = new();

    /// <summary>Tells languages apart.</summary>
    /// <value><see langword="null"/>: the bundled heuristic.</value>
    public ILanguageIdentifier? Identifier { get; init; }

    /// <summary>Thresholds of the instruction rule.</summary>
    public InstructionOptions Instruction { get; init; } = new();
}
