using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Thresholds of <see cref="InstructionRule"/>.</summary>
public sealed record InstructionOptions
{
    /// <summary>Fewest characters (UTF-16 code units, trimmed) of a question; those of Chinese, Japanese and Thai count twice.</summary>
    /// <value>2, so that "hi" is a question; 1 or more.</value>
    public int MinQuestionLength { get; init; } = 2;

    /// <summary>Most characters of a question with its context.</summary>
    /// <value>32,768.</value>
    public int MaxQuestionLength { get; init; } = 32_768;

    /// <summary>Fewest characters (trimmed) of an answer; those of Chinese, Japanese and Thai count twice.</summary>
    /// <value>1, since "7" is an answer; 1 or more.</value>
    public int MinAnswerLength { get; init; } = 1;

    /// <summary>Most characters of an answer.</summary>
    /// <value>65,536.</value>
    public int MaxAnswerLength { get; init; } = 65_536;

    /// <summary>Greatest fraction of an answer's 5-grams of words that stand in the question or its context.</summary>
    /// <value>0.8; 0 to 1. Answers of fewer than <see cref="MinWordsForCopy"/> words are not measured: short answers are often quotations.</value>
    public double MaxCopiedFraction { get; init; } = 0.8;

    /// <summary>Fewest words of an answer whose copying is measured.</summary>
    /// <value>12; 5 or more.</value>
    public int MinWordsForCopy { get; init; } = 12;

    /// <summary>Beginnings, in small letters, of answers that refuse; looked for in the first 200 characters.</summary>
    /// <value>The phrases of <see cref="AnswerPhrases.Refusals"/>.</value>
    public IReadOnlyList<string> RefusalPhrases { get; init; } = AnswerPhrases.Refusals;

    /// <summary>Phrases, in small letters, that assistants say of themselves; looked for anywhere in the answer.</summary>
    /// <value>The phrases of <see cref="AnswerPhrases.Boilerplate"/>.</value>
    public IReadOnlyList<string> BoilerplatePhrases { get; init; } = AnswerPhrases.Boilerplate;

    /// <summary>Least score of both languages before a difference counts.</summary>
    /// <value>0.8; 0 to 1.</value>
    public double MinLanguageScore { get; init; } = 0.8;

    /// <summary>Fewest letters of question and answer before their languages are compared.</summary>
    /// <value>80; fewer tell the heuristic too little where they are mostly names and numbers.</value>
    public int MinLettersForLanguage { get; init; } = 80;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        OptionFaults faults = new();
        faults.Range(nameof(MinQuestionLength), MinQuestionLength, 1, int.MaxValue);
        faults.Order(nameof(MinQuestionLength), MinQuestionLength, nameof(MaxQuestionLength), MaxQuestionLength);
        faults.Range(nameof(MinAnswerLength), MinAnswerLength, 1, int.MaxValue);
        faults.Order(nameof(MinAnswerLength), MinAnswerLength, nameof(MaxAnswerLength), MaxAnswerLength);
        faults.Fraction(nameof(MaxCopiedFraction), MaxCopiedFraction);
        faults.Range(nameof(MinWordsForCopy), MinWordsForCopy, 5, int.MaxValue);
        faults.Texts(nameof(RefusalPhrases), RefusalPhrases);
        faults.Texts(nameof(BoilerplatePhrases), BoilerplatePhrases);
        faults.Fraction(nameof(MinLanguageScore), MinLanguageScore);
        faults.Range(nameof(MinLettersForLanguage), MinLettersForLanguage, 0, int.MaxValue);
        faults.Throw();
    }

    internal JsonObject Describe() => new()
    {
        ["boilerplatePhrases"] = OptionFaults.Array(BoilerplatePhrases),
        ["maxAnswerLength"] = MaxAnswerLength,
        ["maxCopiedFraction"] = MaxCopiedFraction,
        ["maxQuestionLength"] = MaxQuestionLength,
        ["minAnswerLength"] = MinAnswerLength,
        ["minLanguageScore"] = MinLanguageScore,
        ["minLettersForLanguage"] = MinLettersForLanguage,
        ["minQuestionLength"] = MinQuestionLength,
        ["minWordsForCopy"] = MinWordsForCopy,
        ["refusalPhrases"] = OptionFaults.Array(RefusalPhrases),
    };
}
