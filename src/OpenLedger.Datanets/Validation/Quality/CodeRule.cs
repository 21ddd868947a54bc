using System.Text.Json.Nodes;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Is the body of a record code that a person wrote? Heuristics of any language, without parsing.</summary>
/// <remarks>Immutable; safe for concurrent use; linear time.</remarks>
public sealed class CodeRule : IRecordRule
{
    private const int DataWordLength = 100;
    private const int FewestBrackets = 20;

    private readonly CodeOptions _options;
    private readonly string[] _generatedMarks;
    private readonly string[] _licenceMarks;
    private readonly JsonObject _description;

    /// <summary>Creates the rule.</summary>
    /// <param name="options">The thresholds, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">A threshold is outside its range.</exception>
    public CodeRule(CodeOptions? options = null)
    {
        _options = options ?? new CodeOptions();
        _options.Validate();
        _generatedMarks = [.. _options.GeneratedMarks];
        _licenceMarks = [.. _options.LicenceMarks];
        _description = _options.Describe();
        _description["rule"] = "code";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Codes { get; } =
    [
        "code_empty", "code_alphanumeric_fraction", "code_mean_line_length", "code_max_line_length", "code_auto_generated", "code_data",
        "code_unpaired_brackets", "code_licence_header",
    ];

    /// <inheritdoc/>
    public JsonObject Describe() => (JsonObject)_description.DeepClone();

    /// <inheritdoc/>
    public void Examine(ExaminedRecord record, FindingCollector findings)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(findings);
        if (record.Body.Count == 0)
        {
            findings.Add("code_empty", "$", "The record holds no text.");
        }

        foreach (RecordText text in record.Body)
        {
            if (string.IsNullOrWhiteSpace(text.Value))
            {
                findings.Add("code_empty", text.Path, "The text is empty or blank.");
            }
            else
            {
                ExamineCharacters(text, findings);
                ExamineLines(text, findings);
            }
        }
    }

    private void ExamineCharacters(RecordText text, FindingCollector findings)
    {
        int alphanumeric = 0;
        int run = 0;
        int data = 0;
        foreach (char character in text.Value)
        {
            bool isAlphanumeric = char.IsLetterOrDigit(character);
            alphanumeric += isAlphanumeric ? 1 : 0;
            run = isAlphanumeric || character is '+' or '/' ? run + 1 : 0; // base 64 is data too
            data += run == DataWordLength ? DataWordLength : run > DataWordLength ? 1 : 0;
        }

        double length = text.Value.Length;
        findings.Below("code_alphanumeric_fraction", text, "Fraction of letters and digits", alphanumeric / length, _options.MinAlphanumericFraction);
        findings.Above("code_data", text, "Fraction of characters in words of 100 or more", data / length, _options.MaxDataFraction);
        (int unpaired, int brackets) = CountBrackets(text.Value);
        if (brackets >= FewestBrackets)
        {
            findings.Above(
                "code_unpaired_brackets", text, "Fraction of brackets without a partner", (double)unpaired / brackets, _options.MaxUnpairedBrackets, RuleSeverity.Warning);
        }
    }

    private void ExamineLines(RecordText text, FindingCollector findings)
    {
        IReadOnlyList<string> lines = text.Analysis.Lines;
        double mean = (double)lines.Sum(line => (long)line.Length) / lines.Count; // not blank, so there is a line
        findings.Above("code_mean_line_length", text, "Mean length of a line", mean, _options.MaxMeanLineLength);
        findings.Above("code_max_line_length", text, "Length of the longest line", lines.Max(line => line.Length), _options.MaxLineLength);
        string header = string.Join('\n', lines.Take(_options.HeaderLines)).ToLowerInvariant();
        if (Array.Exists(_generatedMarks, mark => header.Contains(mark, StringComparison.Ordinal)))
        {
            findings.Add("code_auto_generated", text.Path, "The first lines say that the code was generated.");
        }

        if (Array.Exists(_licenceMarks, mark => header.Contains(mark, StringComparison.Ordinal)))
        {
            findings.Add("code_licence_header", text.Path, "The first lines hold a licence or copyright notice; compare it with the record's licence.", severity: RuleSeverity.Info);
        }
    }

    private static (int Unpaired, int All) CountBrackets(string code)
    {
        Span<int> open = stackalloc int[3];
        open.Clear();
        int unpaired = 0;
        int all = 0;
        foreach (char character in code)
        {
            int kind = "([{".IndexOf(character, StringComparison.Ordinal);
            int closing = ")]}".IndexOf(character, StringComparison.Ordinal);
            if (kind >= 0)
            {
                open[kind]++;
                all++;
            }
            else if (closing >= 0)
            {
                all++;
                unpaired += open[closing] == 0 ? 1 : 0;
                open[closing] -= open[closing] == 0 ? 0 : 1;
            }
        }

        return (unpaired + open[0] + open[1] + open[2], all);
    }
}
