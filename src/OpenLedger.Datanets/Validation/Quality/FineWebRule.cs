using System.Text.Json.Nodes;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Is the body of a record running text instead of menus and lists? The quality filter of FineWeb.</summary>
/// <remarks>
/// Penedo et al. 2024, "The FineWeb Datasets", with the thresholds and reason codes of huggingface/datatrove; blank lines do not count.
/// Immutable; safe for concurrent use; linear time.
/// </remarks>
public sealed class FineWebRule : IRecordRule
{
    private readonly FineWebOptions _options;
    private readonly JsonObject _description;

    /// <summary>Creates the rule.</summary>
    /// <param name="options">The thresholds, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">A threshold is outside its range.</exception>
    public FineWebRule(FineWebOptions? options = null)
    {
        _options = options ?? new FineWebOptions();
        _options.Validate();
        _description = _options.Describe();
        _description["rule"] = "fineweb";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Codes { get; } = ["empty", "line_punct_ratio", "short_line_ratio", "char_dup_ratio", "list_ratio"];

    /// <inheritdoc/>
    public JsonObject Describe() => (JsonObject)_description.DeepClone();

    /// <inheritdoc/>
    public void Examine(ExaminedRecord record, FindingCollector findings)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(findings);
        if (record.Body.Count == 0)
        {
            findings.Add("empty", "$", "The record holds no text.");
        }

        foreach (RecordText text in record.Body)
        {
            Examine(text, findings);
        }
    }

    private void Examine(RecordText text, FindingCollector findings)
    {
        string[] lines = [.. text.Value.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => !string.IsNullOrWhiteSpace(line))];
        if (lines.Length == 0)
        {
            findings.Add("empty", text.Path, "The text is empty or blank.");
            return;
        }

        int punctuated = lines.Count(line => TextMarks.IsSentenceEnd(line[^1]) && line[^1] != '…'); // the ellipsis is not one of FineWeb's
        int shortLines = lines.Count(line => line.Length <= _options.ShortLineLength);
        (_, long duplicateCharacters) = TextRepetition.Duplicates(lines);
        long characters = lines.Sum(line => (long)line.Length); // at least one, since no line is blank
        findings.Below("line_punct_ratio", text, "Fraction of lines that end a sentence", (double)punctuated / lines.Length, _options.MinPunctuatedLines);
        findings.Above("short_line_ratio", text, "Fraction of short lines", (double)shortLines / lines.Length, _options.MaxShortLines);
        findings.Above(
            "char_dup_ratio", text, "Fraction of characters in repeated lines", (double)duplicateCharacters / characters, _options.MaxDuplicateLineCharacters);
        int tokens = text.Analysis.Tokens.Count;
        if (tokens > 0)
        {
            double lineFeeds = (double)text.Value.AsSpan().Count('\n') / tokens;
            findings.Above("list_ratio", text, "Line feeds per token", lineFeeds, _options.MaxLineFeedRatio);
        }
    }
}
