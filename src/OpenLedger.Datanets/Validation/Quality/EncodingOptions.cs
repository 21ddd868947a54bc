using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Thresholds of <see cref="EncodingRule"/>.</summary>
public sealed record EncodingOptions
{
    /// <summary>Most U+FFFD characters, which stand where something could not be decoded.</summary>
    /// <value>0.</value>
    public int MaxReplacementCharacters { get; init; }

    /// <summary>Most control characters other than tab, line feed and carriage return.</summary>
    /// <value>0.</value>
    public int MaxControlCharacters { get; init; }

    /// <summary>Most private use characters, which mean nothing outside the font they were made for.</summary>
    /// <value>0.</value>
    public int MaxPrivateUse { get; init; }

    /// <summary>Most characters that are invisible and that their neighbours have no use for.</summary>
    /// <value>0.</value>
    public int MaxZeroWidth { get; init; }

    /// <summary>Most combining marks on one base character.</summary>
    /// <value>5; Vietnamese needs 2, pointed Hebrew 4.</value>
    public int MaxMarksPerBase { get; init; } = 5;

    /// <summary>Fewest sequences that look like UTF-8 read as Windows-1252, for those that real text may hold too.</summary>
    /// <value>3; at least 1. Sequences that real text hardly holds (such as "Ã©" and "â€™") count from the first.</value>
    public int MinUncertainMojibake { get; init; } = 3;

    /// <summary>Whether direction controls that are properly closed are a finding too, as they are in code (CVE-2021-42574, "Trojan Source").</summary>
    /// <value><see langword="false"/>: only those that are not closed on their line.</value>
    public bool RefuseAllDirectionControls { get; init; }

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        OptionFaults faults = new();
        faults.Range(nameof(MaxReplacementCharacters), MaxReplacementCharacters, 0, int.MaxValue);
        faults.Range(nameof(MaxControlCharacters), MaxControlCharacters, 0, int.MaxValue);
        faults.Range(nameof(MaxPrivateUse), MaxPrivateUse, 0, int.MaxValue);
        faults.Range(nameof(MaxZeroWidth), MaxZeroWidth, 0, int.MaxValue);
        faults.Range(nameof(MaxMarksPerBase), MaxMarksPerBase, 0, int.MaxValue);
        faults.Range(nameof(MinUncertainMojibake), MinUncertainMojibake, 1, int.MaxValue);
        faults.Throw();
    }

    internal JsonObject Describe() => new()
    {
        ["maxControlCharacters"] = MaxControlCharacters,
        ["maxMarksPerBase"] = MaxMarksPerBase,
        ["maxPrivateUse"] = MaxPrivateUse,
        ["maxReplacementCharacters"] = MaxReplacementCharacters,
        ["maxZeroWidth"] = MaxZeroWidth,
        ["minUncertainMojibake"] = MinUncertainMojibake,
        ["refuseAllDirectionControls"] = RefuseAllDirectionControls,
    };
}
