using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation.Contamination;

/// <summary>What a contamination index looks for.</summary>
public sealed record ContaminationOptions
{
    /// <summary>Words of an n-gram; characters in Chinese, Japanese and Thai.</summary>
    /// <value>12, datatrove's (and GPT-3's upper end); 2 to 64.</value>
    public int NGramLength { get; init; } = 12;

    /// <summary>Whether n-grams of answers count.</summary>
    /// <value><see langword="true"/>.</value>
    public bool SearchLabels { get; init; } = true;

    /// <summary>Whether n-grams that begin in the question and end in the answer count.</summary>
    /// <value><see langword="true"/>.</value>
    public bool SearchOverlap { get; init; } = true;

    /// <summary>Whether n-grams of questions count.</summary>
    /// <value><see langword="false"/>: questions are often quoted, and harmless without their answers.</value>
    public bool SearchQueries { get; init; }

    /// <summary>
    /// Fewest different words of an n-gram. Numbers are all the same word, so that without this a table of numbers is contaminated by
    /// every worked sum.
    /// </summary>
    /// <value>5; 1, which is datatrove's, to <see cref="NGramLength"/>.</value>
    public int MinDistinctWords { get; init; } = 5;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range, or nothing is looked for.</exception>
    public void Validate()
    {
        OptionFaults faults = new();
        faults.Range(nameof(NGramLength), NGramLength, 2, 64);
        faults.Range(nameof(MinDistinctWords), MinDistinctWords, 1, 64);
        faults.Order(nameof(MinDistinctWords), MinDistinctWords, nameof(NGramLength), NGramLength);
        if (!SearchLabels && !SearchOverlap && !SearchQueries)
        {
            faults.Add("Nothing is looked for; set SearchLabels, SearchOverlap or SearchQueries.");
        }

        faults.Throw();
    }

    internal JsonObject Describe() => new()
    {
        ["minDistinctWords"] = MinDistinctWords,
        ["nGramLength"] = NGramLength,
        ["searchLabels"] = SearchLabels,
        ["searchOverlap"] = SearchOverlap,
        ["searchQueries"] = SearchQueries,
    };
}
