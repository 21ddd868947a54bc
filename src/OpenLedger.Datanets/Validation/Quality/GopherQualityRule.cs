using System.Collections.Frozen;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Validation.Language;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Is the body of a record prose, by its words, symbols and lines? The quality filter of Gopher.</summary>
/// <remarks>
/// Rae et al. 2021, "Scaling Language Models: Methods, Analysis and Insights from Training Gopher", appendix A.1, with the thresholds and
/// reason codes of huggingface/datatrove. Every threshold that is crossed is reported, not only the first. Rules for web text: they
/// refuse good short records of other kinds. Immutable; safe for concurrent use.
/// </remarks>
public sealed class GopherQualityRule : IRecordRule
{
    private readonly GopherQualityOptions _options;
    private readonly ILanguageIdentifier _identifier;
    private readonly FrozenDictionary<string, FrozenSet<string>> _stopWords;
    private readonly JsonObject _description;

    /// <summary>Creates the rule.</summary>
    /// <param name="options">The thresholds, or <see langword="null"/> for the defaults.</param>
    /// <param name="identifier">Picks the list of stop words; <see langword="null"/> for the bundled heuristic.</param>
    /// <exception cref="ArgumentException">A threshold is outside its range.</exception>
    public GopherQualityRule(GopherQualityOptions? options = null, ILanguageIdentifier? identifier = null)
    {
        _options = options ?? new GopherQualityOptions();
        _options.Validate();
        _identifier = identifier ?? HeuristicLanguageIdentifier.Default;
        _stopWords = _options.StopWords.ToFrozenDictionary(
            pair => pair.Key, pair => pair.Value.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
        _description = _options.Describe();
        _description["identifier"] = _identifier.Name;
        _description["rule"] = "gopher_quality";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Codes { get; } =
    [
        "gopher_short_doc", "gopher_long_doc", "gopher_below_avg_threshold", "gopher_above_avg_threshold", "gopher_too_many_hashes",
        "gopher_too_many_ellipsis", "gopher_too_many_bullets", "gopher_too_many_end_ellipsis", "gopher_below_alpha_threshold",
        "gopher_enough_stop_words",
    ];

    /// <inheritdoc/>
    public JsonObject Describe() => (JsonObject)_description.DeepClone();

    /// <inheritdoc/>
    public void Examine(ExaminedRecord record, FindingCollector findings)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(findings);
        foreach (RecordText text in record.Body)
        {
            ExamineWords(text, findings);
            ExamineLines(text, findings);
        }
    }

    private void ExamineWords(RecordText text, FindingCollector findings)
    {
        TextAnalysis analysis = text.Analysis;
        int words = analysis.Words.Length;
        findings.Below("gopher_short_doc", text, "Words", words, _options.MinWords);
        findings.Above("gopher_long_doc", text, "Words", words, _options.MaxWords);
        string language = text.Analysis.LanguageBy(_identifier).Language;
        long letters = 0;
        int spaced = 0;
        int alphabetic = 0;
        foreach (TextToken token in analysis.Tokens)
        {
            alphabetic += token.HasLetter ? 1 : 0;
            if (token.Kind == TokenKind.Word)
            {
                letters += token.Letters;
                spaced++;
            }
        }

        if (2 * spaced > words) // characters of Chinese, Japanese or Thai have no length to speak of
        {
            double mean = (double)letters / spaced;
            double minimum = language == "vi" ? _options.MinMeanSyllableLength : _options.MinMeanWordLength;
            findings.Below("gopher_below_avg_threshold", text, "Mean letters per word", mean, minimum);
            findings.Above("gopher_above_avg_threshold", text, "Mean letters per word", mean, _options.MaxMeanWordLength);
        }

        int tokens = analysis.Tokens.Count;
        if (tokens > 0)
        {
            int hashes = text.Value.AsSpan().Count('#');
            int ellipses = text.Value.AsSpan().Count("...") + text.Value.AsSpan().Count('…');
            findings.Above("gopher_too_many_hashes", text, "Signs # per token", (double)hashes / tokens, _options.MaxSymbolRatio);
            findings.Above("gopher_too_many_ellipsis", text, "Ellipses per token", (double)ellipses / tokens, _options.MaxSymbolRatio);
            findings.Below(
                "gopher_below_alpha_threshold", text, "Fraction of tokens with a letter", (double)alphabetic / tokens, _options.MinAlphabeticFraction);
        }

        findings.Below("gopher_enough_stop_words", text, "Different stop words", CountStopWords(text, language), _options.MinStopWords);
    }

    private void ExamineLines(RecordText text, FindingCollector findings)
    {
        IReadOnlyList<string> lines = text.Analysis.Lines;
        if (lines.Count == 0)
        {
            return;
        }

        int bullets = 0;
        int ellipses = 0;
        foreach (string line in lines)
        {
            ReadOnlySpan<char> trimmed = line.AsSpan().Trim();
            bullets += trimmed.StartsWith("•") || trimmed.StartsWith("-") ? 1 : 0;
            ellipses += trimmed.EndsWith("...") || trimmed.EndsWith("…") ? 1 : 0;
        }

        findings.Above("gopher_too_many_bullets", text, "Fraction of bullet lines", (double)bullets / lines.Count, _options.MaxBulletLineFraction);
        findings.Above(
            "gopher_too_many_end_ellipsis", text, "Fraction of lines ending in an ellipsis", (double)ellipses / lines.Count, _options.MaxEllipsisLineFraction);
    }

    private int CountStopWords(RecordText text, string language)
    {
        if (!_stopWords.TryGetValue(language, out FrozenSet<string>? stopWords))
        {
            language = "en";
            stopWords = _stopWords["en"];
        }

        if (language is "zh" or "ja" or "th")
        {
            return stopWords.Count(word => text.Value.Contains(word, StringComparison.Ordinal));
        }

        FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup = stopWords.GetAlternateLookup<ReadOnlySpan<char>>();
        HashSet<string> found = new(StringComparer.Ordinal);
        bool isComposed = language != "vi" || !ComposedText.HasCombiningMarks(text.Value);
        foreach (int word in text.Analysis.Words)
        {
            ReadOnlySpan<char> spelled = text.Analysis.Tokens[word].Of(text.Value);
            if (isComposed ? lookup.TryGetValue(spelled, out string? known) : stopWords.TryGetValue(ComposedText.Of(spelled.ToString()), out known))
            {
                found.Add(known);
            }
        }

        return found.Count;
    }
}
