using System.Text;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Deduplication;
using OpenLedger.Datanets.Validation.Language;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Does a record ask something and answer it?</summary>
/// <remarks>
/// For records of a question or instruction and an answer; see <see cref="RecordFields"/>. Immutable; safe for concurrent use; linear time.
/// </remarks>
public sealed class InstructionRule : IRecordRule
{
    private const int CopyN = 5;
    private const int RefusalWindow = 200;

    private readonly InstructionOptions _options;
    private readonly ILanguageIdentifier _identifier;
    private readonly string[] _refusals;
    private readonly string[] _boilerplate;
    private readonly JsonObject _description;

    /// <summary>Creates the rule.</summary>
    /// <param name="options">The thresholds, or <see langword="null"/> for the defaults.</param>
    /// <param name="identifier">Compares the languages of question and answer; <see langword="null"/> for the bundled heuristic.</param>
    /// <exception cref="ArgumentException">A threshold is outside its range.</exception>
    public InstructionRule(InstructionOptions? options = null, ILanguageIdentifier? identifier = null)
    {
        _options = options ?? new InstructionOptions();
        _options.Validate();
        _identifier = identifier ?? HeuristicLanguageIdentifier.Default;
        _refusals = [.. _options.RefusalPhrases];
        _boilerplate = [.. _options.BoilerplatePhrases];
        _description = _options.Describe();
        _description["identifier"] = _identifier.Name;
        _description["rule"] = "instruction";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Codes { get; } =
    [
        "question_missing", "question_short", "question_long", "answer_missing", "answer_short", "answer_long", "answer_equals_question",
        "answer_copies_question", "answer_refusal", "answer_boilerplate", "language_mismatch",
    ];

    /// <inheritdoc/>
    public JsonObject Describe() => (JsonObject)_description.DeepClone();

    /// <inheritdoc/>
    public void Examine(ExaminedRecord record, FindingCollector findings)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(findings);
        bool hasQuestion = ExamineQuestion(record, findings);
        bool hasAnswer = ExamineAnswer(record.Answer, findings);
        if (hasQuestion && hasAnswer)
        {
            Compare(record, findings);
        }
    }

    private bool ExamineQuestion(ExaminedRecord record, FindingCollector findings)
    {
        if (record.Question is not RecordText question || string.IsNullOrWhiteSpace(question.Value))
        {
            findings.Add("question_missing", record.Question?.Path ?? "$", "There is no question or instruction, or it is blank.");
            return false;
        }

        findings.Below("question_short", question, "Characters of the question", Weight(question), _options.MinQuestionLength);
        int length = question.Value.Length + (record.Context?.Value.Length ?? 0);
        findings.Above("question_long", question, "Characters of the question with its context", length, _options.MaxQuestionLength);
        return true;
    }

    private bool ExamineAnswer(RecordText? answer, FindingCollector findings)
    {
        if (answer is null || string.IsNullOrWhiteSpace(answer.Value))
        {
            findings.Add("answer_missing", answer?.Path ?? "$", "There is no answer, or it is blank.");
            return false;
        }

        findings.Below("answer_short", answer, "Characters of the answer", Weight(answer), _options.MinAnswerLength);
        findings.Above("answer_long", answer, "Characters of the answer", answer.Value.Length, _options.MaxAnswerLength);
        string lower = answer.Value.Trim().ToLowerInvariant().Replace('’', '\'');
        string beginning = lower[..Math.Min(lower.Length, RefusalWindow)];
        if (Array.Exists(_refusals, phrase => beginning.Contains(phrase, StringComparison.Ordinal)))
        {
            findings.Add("answer_refusal", answer.Path, "The answer refuses.", severity: RuleSeverity.Warning);
        }

        if (Array.Exists(_boilerplate, phrase => lower.Contains(phrase, StringComparison.Ordinal)))
        {
            findings.Add("answer_boilerplate", answer.Path, "The answer speaks of the assistant instead of the matter.", severity: RuleSeverity.Warning);
        }

        return true;
    }

    private void Compare(ExaminedRecord record, FindingCollector findings)
    {
        RecordText question = record.Question!;
        RecordText answer = record.Answer!;
        if (NormalizedDigest.NormalizeText(question.Value) == NormalizedDigest.NormalizeText(answer.Value))
        {
            findings.Add("answer_equals_question", answer.Path, "The answer is the question.");
            return;
        }

        if (answer.Analysis.Words.Length >= _options.MinWordsForCopy)
        {
            double copied = CopiedFraction(record, answer);
            findings.Above(
                "answer_copies_question", answer, "Fraction of the answer's 5-grams that stand in the question", copied, _options.MaxCopiedFraction, RuleSeverity.Warning);
        }

        if (Letters(question) >= _options.MinLettersForLanguage && Letters(answer) >= _options.MinLettersForLanguage)
        {
            LanguageGuess asked = question.Analysis.LanguageBy(_identifier);
            LanguageGuess answered = answer.Analysis.LanguageBy(_identifier);
            if (asked.IsKnown && answered.IsKnown && asked.Language != answered.Language
                && Math.Min(asked.Score, answered.Score) >= _options.MinLanguageScore)
            {
                findings.Add(
                    "language_mismatch",
                    answer.Path,
                    $"The question is in '{asked.Language}', the answer in '{answered.Language}'.",
                    Math.Round(Math.Min(asked.Score, answered.Score), 6),
                    _options.MinLanguageScore,
                    RuleSeverity.Warning);
            }
        }
    }

    // A character of a script without spaces is a word: the greeting of one Chinese character is a question as "hi" is.
    private static int Weight(RecordText text) =>
        text.Value.AsSpan().Trim().Length + text.Analysis.Tokens.Count(token => token.Kind == TokenKind.Character);

    private static double CopiedFraction(ExaminedRecord record, RecordText answer)
    {
        // Case is folded and symbols are left out, so that a copy with other punctuation is a copy.
        HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);
        foreach (RecordText? source in (ReadOnlySpan<RecordText?>)[record.Question, record.Context])
        {
            if (source is not null)
            {
                known.UnionWith(TextSegmenter.NGrams(source.Value, CopyN));
            }
        }

        int copied = 0;
        int all = 0;
        foreach (string nGram in TextSegmenter.NGrams(answer.Value, CopyN))
        {
            copied += known.Contains(nGram) ? 1 : 0;
            all++;
        }

        return all == 0 ? 0 : (double)copied / all;
    }

    private static int Letters(RecordText text)
    {
        int letters = 0;
        foreach (Rune rune in text.Value.EnumerateRunes())
        {
            letters += Rune.IsLetter(rune) ? 1 : 0;
        }

        return letters;
    }
}
