using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Thresholds of <see cref="FineWebRule"/>.</summary>
public sealed record FineWebOptions
{
    /// <summary>Least fraction of lines that end in punctuation which ends a sentence in some script.</summary>
    /// <value>0.12; 0 to 1.</value>
    public double MinPunctuatedLines { get; init; } = 0.12;

    /// <summary>Most characters (UTF-16 code units) of a short line.</summary>
    /// <value>30; 0 or more.</value>
    public int ShortLineLength { get; init; } = 30;

    /// <summary>Greatest fraction of short lines.</summary>
    /// <value>0.67; 0 to 1.</value>
    public double MaxShortLines { get; init; } = 0.67;

    /// <summary>Greatest fraction of characters in lines that stood before.</summary>
    /// <value>0.01; 0 to 1.</value>
    public double MaxDuplicateLineCharacters { get; init; } = 0.01;

    /// <summary>Most line feeds per token; symbols are tokens too.</summary>
    /// <value>0.3.</value>
    public double MaxLineFeedRatio { get; init; } = 0.3;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        OptionFaults faults = new();
        faults.Fraction(nameof(MinPunctuatedLines), MinPunctuatedLines);
        faults.Range(nameof(ShortLineLength), ShortLineLength, 0, int.MaxValue);
        faults.Fraction(nameof(MaxShortLines), MaxShortLines);
        faults.Fraction(nameof(MaxDuplicateLineCharacters), MaxDuplicateLineCharacters);
        faults.Range(nameof(MaxLineFeedRatio), MaxLineFeedRatio, 0, 1e6);
        faults.Throw();
    }

    internal JsonObject Describe() => new()
    {
        ["maxDuplicateLineCharacters"] = MaxDuplicateLineCharacters,
        ["maxLineFeedRatio"] = MaxLineFeedRatio,
        ["maxShortLines"] = MaxShortLines,
        ["minPunctuatedLines"] = MinPunctuatedLines,
        ["shortLineLength"] = ShortLineLength,
    };
}
