using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Thresholds of <see cref="C4Rule"/>.</summary>
public sealed record C4Options
{
    /// <summary>Longest word of a line that counts, in characters between white space.</summary>
    /// <value>1,000; at least 1.</value>
    public int MaxWordLength { get; init; } = 1000;

    /// <summary>Fewest words of a line that counts. In lines of mostly Chinese, Japanese or Thai each character is a word.</summary>
    /// <value>3; 0 turns the rule off.</value>
    public int MinWordsPerLine { get; init; } = 3;

    /// <summary>Fewest sentences in the lines that count.</summary>
    /// <value>5; 0 turns the rule off.</value>
    public int MinSentences { get; init; } = 5;

    /// <summary>Whether a line counts only when it ends in <c>. ? ! " '</c> (or such a mark of another script) and not in <c>...</c>.</summary>
    /// <value><see langword="true"/>, as in C4; the web text profile turns it off, as FineWeb does.</value>
    public bool RequireTerminalPunctuation { get; init; } = true;

    /// <summary>Whether a line with the word "javascript" does not count.</summary>
    /// <value><see langword="true"/>.</value>
    public bool DropJavaScriptLines { get; init; } = true;

    /// <summary>Whether a line with a phrase of <see cref="PolicyPhrases"/> does not count.</summary>
    /// <value><see langword="true"/>.</value>
    public bool DropPolicyLines { get; init; } = true;

    /// <summary>Phrases, in small letters, of lines about terms and cookies.</summary>
    /// <value>The six of C4.</value>
    public IReadOnlyList<string> PolicyPhrases { get; init; } =
        ["terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"];

    /// <summary>Whether "lorem ipsum" refuses the text.</summary>
    /// <value><see langword="true"/>.</value>
    public bool RefuseLoremIpsum { get; init; } = true;

    /// <summary>Whether an opening brace refuses the text.</summary>
    /// <value><see langword="true"/>.</value>
    public bool RefuseCurlyBrackets { get; init; } = true;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        OptionFaults faults = new();
        faults.Range(nameof(MaxWordLength), MaxWordLength, 1, int.MaxValue);
        faults.Range(nameof(MinWordsPerLine), MinWordsPerLine, 0, int.MaxValue);
        faults.Range(nameof(MinSentences), MinSentences, 0, int.MaxValue);
        faults.Texts(nameof(PolicyPhrases), PolicyPhrases);
        faults.Throw();
    }

    internal JsonObject Describe() => new()
    {
        ["dropJavaScriptLines"] = DropJavaScriptLines,
        ["dropPolicyLines"] = DropPolicyLines,
        ["maxWordLength"] = MaxWordLength,
        ["minSentences"] = MinSentences,
        ["minWordsPerLine"] = MinWordsPerLine,
        ["policyPhrases"] = OptionFaults.Array(PolicyPhrases),
        ["refuseCurlyBrackets"] = RefuseCurlyBrackets,
        ["refuseLoremIpsum"] = RefuseLoremIpsum,
        ["requireTerminalPunctuation"] = RequireTerminalPunctuation,
    };
}
