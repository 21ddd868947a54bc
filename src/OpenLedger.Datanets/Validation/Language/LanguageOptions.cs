using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation.Language;

/// <summary>Thresholds of <see cref="LanguageRule"/>.</summary>
public sealed record LanguageOptions
{
    /// <summary>Least score of the identified language.</summary>
    /// <value>0.65, FineWeb's for fastText lid.176; 0 to 1.</value>
    public double MinScore { get; init; } = 0.65;

    /// <summary>Languages that are allowed, ISO 639-1; empty allows every one that is identified.</summary>
    /// <value>Empty.</value>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>Fewest letters of a text that is held against the rule; "42" is in no language.</summary>
    /// <value>20; 0 or more.</value>
    public int MinLetters { get; init; } = 20;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        OptionFaults faults = new();
        faults.Fraction(nameof(MinScore), MinScore);
        faults.Texts(nameof(Allowed), Allowed);
        faults.Range(nameof(MinLetters), MinLetters, 0, int.MaxValue);
        faults.Throw();
    }

    internal JsonObject Describe() => new()
    {
        ["allowed"] = OptionFaults.Array(Allowed.Order(StringComparer.Ordinal)),
        ["minLetters"] = MinLetters,
        ["minScore"] = MinScore,
    };
}
