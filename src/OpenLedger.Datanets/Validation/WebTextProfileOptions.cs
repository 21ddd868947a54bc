using OpenLedger.Datanets.Validation.Language;
using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Validation;

/// <summary>Thresholds of <see cref="BuiltInProfiles.WebText"/>; each part is validated when the profile is made.</summary>
public sealed record WebTextProfileOptions
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

    /// <summary>Thresholds of the language rule.</summary>
    public LanguageOptions Language { get; init; } = new();

    /// <summary>Thresholds of the Gopher repetition rule.</summary>
    public GopherRepetitionOptions Repetition { get; init; } = new();

    /// <summary>Thresholds of the Gopher quality rule.</summary>
    public GopherQualityOptions Quality { get; init; } = new();

    /// <summary>Thresholds of the C4 rule.</summary>
    /// <value>C4's, without the rule about the ends of lines.</value>
    public C4Options C4 { get; init; } = new() { RequireTerminalPunctuation = false };

    /// <summary>Thresholds of the FineWeb rule.</summary>
    public FineWebOptions FineWeb { get; init; } = new();
}
