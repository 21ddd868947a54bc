using System.Globalization;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Does the body of a record repeat itself? The repetition filter of Gopher.</summary>
/// <remarks>
/// Rae et al. 2021, table A1, with the matching and the reason codes of huggingface/datatrove: paragraphs are split at two or more line
/// feeds, lines at one or more, duplicate n-grams are matched greedily without overlap. Two differences: blank ends of a text are
/// left out, and an n-gram must occur twice to be the top one, so that three words are no repetition. Characters are UTF-16 code units;
/// the n-grams are of tokens, symbols included, characters in scripts without spaces. Immutable; safe for concurrent use; linear time.
/// </remarks>
public sealed class GopherRepetitionRule : IRecordRule
{
    private const int FirstTop = 2;
    private const int FirstDuplicate = 5;

    private readonly GopherRepetitionOptions _options;
    private readonly double[] _top;
    private readonly double[] _duplicate;
    private readonly JsonObject _description;

    /// <summary>Creates the rule.</summary>
    /// <param name="options">The thresholds, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">A threshold is outside its range.</exception>
    public GopherRepetitionRule(GopherRepetitionOptions? options = null)
    {
        _options = options ?? new GopherRepetitionOptions();
        _options.Validate();
        _top = [.. _options.MaxTopNGramCharacters];
        _duplicate = [.. _options.MaxDuplicateNGramCharacters];
        _description = _options.Describe();
        _description["rule"] = "gopher_repetition";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Codes { get; } =
    [
        "dup_para_frac", "dup_para_char_frac", "dup_line_frac", "dup_line_char_frac", "top_2_gram", "top_3_gram", "top_4_gram",
        "duplicated_5_n_grams", "duplicated_6_n_grams", "duplicated_7_n_grams", "duplicated_8_n_grams", "duplicated_9_n_grams",
        "duplicated_10_n_grams",
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
            ReadOnlySpan<char> trimmed = text.Value.AsSpan().Trim();
            int length = trimmed.Length - trimmed.Count("\r\n"); // a CR LF is one character
            if (length > 0)
            {
                ExamineParts(text, length, findings);
                ExamineNGrams(text, length, findings);
            }
        }
    }

    private void ExamineParts(RecordText text, int length, FindingCollector findings)
    {
        List<string> paragraphs = TextSegmenter.SplitAtLineFeeds(text.Value, fewest: 2);
        (int parts, long characters) = TextRepetition.Duplicates(paragraphs);
        findings.Above("dup_para_frac", text, "Fraction of repeated paragraphs", (double)parts / paragraphs.Count, _options.MaxDuplicateParagraphs);
        findings.Above(
            "dup_para_char_frac", text, "Fraction of characters in repeated paragraphs", (double)characters / length, _options.MaxDuplicateParagraphCharacters);

        List<string> lines = TextSegmenter.SplitAtLineFeeds(text.Value, fewest: 1);
        (parts, characters) = TextRepetition.Duplicates(lines);
        findings.Above("dup_line_frac", text, "Fraction of repeated lines", (double)parts / lines.Count, _options.MaxDuplicateLines);
        findings.Above(
            "dup_line_char_frac", text, "Fraction of characters in repeated lines", (double)characters / length, _options.MaxDuplicateLineCharacters);
    }

    private void ExamineNGrams(RecordText text, int length, FindingCollector findings)
    {
        IReadOnlyList<TextToken> tokens = text.Analysis.Tokens;
        int[] unigrams = TextRepetition.Unigrams(text.Analysis);
        int[] nGrams = unigrams;
        for (int n = 2; n < FirstDuplicate + _duplicate.Length; n++)
        {
            nGrams = TextRepetition.Extend(nGrams, unigrams, n - 1);
            if (nGrams.Length < 2)
            {
                return; // nothing of this length or longer can repeat
            }

            if (n < FirstTop + _top.Length)
            {
                double top = (double)TextRepetition.TopCharacters(nGrams, tokens, n) / length;
                findings.Above(Code("top_", n, "_gram"), text, Code("Fraction of characters in the top ", n, "-gram"), top, _top[n - FirstTop]);
            }
            else if (n >= FirstDuplicate)
            {
                double duplicate = (double)TextRepetition.DuplicateCharacters(nGrams, tokens, n) / length;
                findings.Above(
                    Code("duplicated_", n, "_n_grams"), text, Code("Fraction of characters in repeated ", n, "-grams"), duplicate, _duplicate[n - FirstDuplicate]);
            }
        }
    }

    private static string Code(string before, int n, string after) => string.Create(CultureInfo.InvariantCulture, $"{before}{n}{after}");
}
