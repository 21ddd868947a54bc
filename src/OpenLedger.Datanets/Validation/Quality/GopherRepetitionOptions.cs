using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Thresholds of <see cref="GopherRepetitionRule"/>, all fractions of 0 to 1; 1 turns one off.</summary>
public sealed record GopherRepetitionOptions
{
    /// <summary>Greatest fraction of paragraphs that stood before in the text.</summary>
    /// <value>0.30.</value>
    public double MaxDuplicateParagraphs { get; init; } = 0.30;

    /// <summary>Greatest fraction of characters in paragraphs that stood before.</summary>
    /// <value>0.20.</value>
    public double MaxDuplicateParagraphCharacters { get; init; } = 0.20;

    /// <summary>Greatest fraction of lines that stood before.</summary>
    /// <value>0.30.</value>
    public double MaxDuplicateLines { get; init; } = 0.30;

    /// <summary>Greatest fraction of characters in lines that stood before.</summary>
    /// <value>0.20.</value>
    public double MaxDuplicateLineCharacters { get; init; } = 0.20;

    /// <summary>Greatest fraction of characters in the most frequent 2-, 3- and 4-gram.</summary>
    /// <value>0.20, 0.18, 0.16.</value>
    public IReadOnlyList<double> MaxTopNGramCharacters { get; init; } = [0.20, 0.18, 0.16];

    /// <summary>Greatest fraction of characters in 5- to 10-grams that stood before.</summary>
    /// <value>0.15, 0.14, 0.13, 0.12, 0.11, 0.10.</value>
    public IReadOnlyList<double> MaxDuplicateNGramCharacters { get; init; } = [0.15, 0.14, 0.13, 0.12, 0.11, 0.10];

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range, or a list has another length.</exception>
    public void Validate()
    {
        OptionFaults faults = new();
        faults.Fraction(nameof(MaxDuplicateParagraphs), MaxDuplicateParagraphs);
        faults.Fraction(nameof(MaxDuplicateParagraphCharacters), MaxDuplicateParagraphCharacters);
        faults.Fraction(nameof(MaxDuplicateLines), MaxDuplicateLines);
        faults.Fraction(nameof(MaxDuplicateLineCharacters), MaxDuplicateLineCharacters);
        Fractions(faults, nameof(MaxTopNGramCharacters), MaxTopNGramCharacters, 3);
        Fractions(faults, nameof(MaxDuplicateNGramCharacters), MaxDuplicateNGramCharacters, 6);
        faults.Throw();
    }

    internal JsonObject Describe() => new()
    {
        ["maxDuplicateLineCharacters"] = MaxDuplicateLineCharacters,
        ["maxDuplicateLines"] = MaxDuplicateLines,
        ["maxDuplicateNGramCharacters"] = Numbers(MaxDuplicateNGramCharacters),
        ["maxDuplicateParagraphCharacters"] = MaxDuplicateParagraphCharacters,
        ["maxDuplicateParagraphs"] = MaxDuplicateParagraphs,
        ["maxTopNGramCharacters"] = Numbers(MaxTopNGramCharacters),
    };

    private static void Fractions(OptionFaults faults, string name, IReadOnlyList<double>? values, int count)
    {
        if (values is null || values.Count != count)
        {
            faults.Add($"{name} must hold {count} fractions.");
            return;
        }

        for (int i = 0; i < count; i++)
        {
            faults.Fraction($"{name}[{i}]", values[i]);
        }
    }

    private static JsonArray Numbers(IReadOnlyList<double> values) => new([.. values.Select(value => (JsonNode)JsonValue.Create(value))]);
}
