using System.Text;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Do enough lines of the body of a record read like sentences of a page? The filter of C4.</summary>
/// <remarks>
/// Raffel et al. 2020, "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer", section 2.2, in the order and
/// with the reason codes of huggingface/datatrove. Lines are only left out of the count: the record itself is never changed; how many were is an
/// <see cref="RuleSeverity.Info"/> finding. Immutable; safe for concurrent use; linear time.
/// </remarks>
public sealed class C4Rule : IRecordRule
{
    private readonly C4Options _options;
    private readonly string[] _policyPhrases;
    private readonly JsonObject _description;

    /// <summary>Creates the rule.</summary>
    /// <param name="options">The thresholds, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">A threshold is outside its range.</exception>
    public C4Rule(C4Options? options = null)
    {
        _options = options ?? new C4Options();
        _options.Validate();
        _policyPhrases = [.. _options.PolicyPhrases];
        _description = _options.Describe();
        _description["rule"] = "c4";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Codes { get; } = ["lorem_ipsum", "curly_bracket", "too_few_sentences", "c4_lines_left_out"];

    /// <inheritdoc/>
    public JsonObject Describe() => (JsonObject)_description.DeepClone();

    /// <inheritdoc/>
    public void Examine(ExaminedRecord record, FindingCollector findings)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(findings);
        foreach (RecordText text in record.Body)
        {
            Examine(text, findings);
        }
    }

    private void Examine(RecordText text, FindingCollector findings)
    {
        int sentences = 0;
        int leftOut = 0;
        foreach (string line in text.Analysis.Lines)
        {
            LineVerdict verdict = Judge(line, out string cleaned);
            if (verdict is LineVerdict.LoremIpsum)
            {
                findings.Add("lorem_ipsum", text.Path, "The text holds the filler 'lorem ipsum'.");
                return;
            }

            if (verdict is LineVerdict.CurlyBracket)
            {
                findings.Add("curly_bracket", text.Path, "The text holds an opening brace, as code and templates do.");
                return;
            }

            leftOut += verdict == LineVerdict.LeftOut ? 1 : 0;
            sentences += verdict == LineVerdict.Kept ? TextSegmenter.Sentences(cleaned).Count : 0;
        }

        if (leftOut > 0)
        {
            findings.Add("c4_lines_left_out", text.Path, "Lines that do not read like sentences were left out of the count.", leftOut, null, RuleSeverity.Info);
        }

        findings.Below("too_few_sentences", text, "Sentences in lines that count", sentences, _options.MinSentences);
    }

    private LineVerdict Judge(string line, out string cleaned)
    {
        ReadOnlySpan<char> trimmed = line.AsSpan().Trim();
        cleaned = "";
        int words = CountWords(trimmed, out int longest);
        if (longest > _options.MaxWordLength)
        {
            return LineVerdict.LeftOut;
        }

        cleaned = WithoutCitations(trimmed);
        if (_options.RequireTerminalPunctuation && !EndsSentence(cleaned))
        {
            return LineVerdict.LeftOut;
        }

        if (words < _options.MinWordsPerLine)
        {
            return LineVerdict.LeftOut;
        }

        string lower = cleaned.ToLowerInvariant();
        if (_options.RefuseLoremIpsum && lower.Contains("lorem ipsum", StringComparison.Ordinal))
        {
            return LineVerdict.LoremIpsum;
        }

        if (_options.DropJavaScriptLines && lower.Contains("javascript", StringComparison.Ordinal))
        {
            return LineVerdict.LeftOut;
        }

        if (_options.RefuseCurlyBrackets && cleaned.Contains('{', StringComparison.Ordinal))
        {
            return LineVerdict.CurlyBracket;
        }

        return _options.DropPolicyLines && _policyPhrases.Any(phrase => lower.Contains(phrase, StringComparison.Ordinal))
            ? LineVerdict.LeftOut
            : LineVerdict.Kept;
    }

    private static bool EndsSentence(string line)
    {
        if (line.Length == 0 || line.EndsWith("...", StringComparison.Ordinal) || line[^1] == '…')
        {
            return false;
        }

        return line[^1] is '"' or '\'' or '”' or '’' or '」' or '』' || TextMarks.IsSentenceEnd(line[^1]);
    }

    /// <summary>Words between white space; where characters of scripts without spaces are more than those, each of these is one.</summary>
    private static int CountWords(ReadOnlySpan<char> line, out int longest)
    {
        int words = 0;
        int characters = 0;
        longest = 0;
        int length = 0;
        foreach (Rune rune in line.EnumerateRunes())
        {
            bool isSpace = Rune.IsWhiteSpace(rune);
            bool isUnspaced = rune.Value >= 0xE01 && Rune.IsLetter(rune) && UnicodeScripts.IsUnspaced(UnicodeScripts.Of(rune.Value));
            words += !isSpace && length == 0 ? 1 : 0;
            characters += isUnspaced ? 1 : 0;
            length = isSpace ? 0 : isUnspaced ? 1 : length + 1; // a page of Chinese is no word of a thousand letters
            longest = Math.Max(longest, length);
        }

        return Math.Max(words, characters);
    }

    /// <summary>Leaves out <c>[12]</c>, <c>[]</c>, <c>[edit]</c> and <c>[citation needed]</c>.</summary>
    private static string WithoutCitations(ReadOnlySpan<char> line)
    {
        if (!line.Contains('['))
        {
            return line.ToString();
        }

        StringBuilder kept = new(line.Length);
        while (!line.IsEmpty)
        {
            int bracket = line.IndexOf('[');
            if (bracket < 0)
            {
                break;
            }

            kept.Append(line[..bracket]);
            line = line[bracket..];
            int citation = CitationLength(line);
            kept.Append(citation == 0 ? "[" : "");
            line = line[Math.Max(citation, 1)..];
        }

        return kept.Append(line).ToString();
    }

    private static int CitationLength(ReadOnlySpan<char> rest)
    {
        foreach (string mark in (ReadOnlySpan<string>)["[edit]", "[citation needed]"])
        {
            if (rest.StartsWith(mark))
            {
                return mark.Length;
            }
        }

        int end = 1;
        while (end < rest.Length && char.IsAsciiDigit(rest[end]))
        {
            end++;
        }

        return end < rest.Length && rest[end] == ']' ? end + 1 : 0;
    }

    private enum LineVerdict
    {
        Kept,
        LeftOut,
        LoremIpsum,
        CurlyBracket,
    }
}
