using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Does any text of a record hold what a decoder broke, or what a reader cannot see?</summary>
/// <remarks>
/// Examines every text, not only the body. Mojibake, replacement and control characters and open direction controls are errors;
/// invisible and private use characters and towers of marks are warnings. Immutable; safe for concurrent use; one pass.
/// </remarks>
public sealed class EncodingRule : IRecordRule
{
    private readonly EncodingOptions _options;
    private readonly JsonObject _description;

    /// <summary>Creates the rule.</summary>
    /// <param name="options">The thresholds, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">A threshold is outside its range.</exception>
    public EncodingRule(EncodingOptions? options = null)
    {
        _options = options ?? new EncodingOptions();
        _options.Validate();
        _description = _options.Describe();
        _description["rule"] = "encoding";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Codes { get; } =
    [
        "replacement_character", "control_character", "direction_control", "zero_width", "private_use", "excessive_marks", "mojibake",
    ];

    /// <inheritdoc/>
    public JsonObject Describe() => (JsonObject)_description.DeepClone();

    /// <inheritdoc/>
    public void Examine(ExaminedRecord record, FindingCollector findings)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(findings);
        foreach (RecordText text in record.Texts)
        {
            if (!IsPlainAscii(text.Value))
            {
                Examine(text, findings);
            }
        }
    }

    private static bool IsPlainAscii(ReadOnlySpan<char> text) =>
        Ascii.IsValid(text) && !text.ContainsAnyInRange('\0', '\b') && !text.ContainsAnyInRange('\v', '\f')
        && !text.ContainsAnyInRange('\u000E', '\u001F') && !text.Contains('\u007F');

    private void Examine(RecordText text, FindingCollector findings)
    {
        CharacterCount count = CharacterCount.Of(text.Value);
        findings.Above("replacement_character", text, "Characters that could not be decoded", count.Replacement, _options.MaxReplacementCharacters);
        findings.Above("control_character", text, "Control characters", count.Control, _options.MaxControlCharacters);
        findings.Above(
            "direction_control",
            text,
            _options.RefuseAllDirectionControls ? "Direction controls" : "Direction controls that are not closed on their line",
            _options.RefuseAllDirectionControls ? count.Direction : count.OpenDirection,
            0);
        findings.Above("zero_width", text, "Invisible characters without a use", count.ZeroWidth, _options.MaxZeroWidth, RuleSeverity.Warning);
        findings.Above("private_use", text, "Private use characters", count.PrivateUse, _options.MaxPrivateUse, RuleSeverity.Warning);
        findings.Above("excessive_marks", text, "Combining marks on one character", count.MostMarks, _options.MaxMarksPerBase, RuleSeverity.Warning);
        (int certain, int uncertain, int first) = Mojibake.Count(text.Value);
        if (certain > 0 || uncertain >= _options.MinUncertainMojibake)
        {
            findings.Add(
                "mojibake",
                text.Path,
                "The text holds UTF-8 that was read as Windows-1252 or Latin-1; decode the source again.",
                certain + uncertain,
                certain > 0 ? 0 : _options.MinUncertainMojibake - 1,
                excerpt: text.Value.Substring(Math.Max(0, first - 8), Math.Min(32, text.Value.Length - Math.Max(0, first - 8))));
        }
    }

    private struct CharacterCount
    {
        public int Replacement;
        public int Control;
        public int Direction;
        public int OpenDirection;
        public int ZeroWidth;
        public int PrivateUse;
        public int MostMarks;

        public static CharacterCount Of(string text)
        {
            CharacterCount count = default;
            int embeddings = 0;
            int isolates = 0;
            int marks = 0;
            Rune before = default;
            for (int at = 0; at < text.Length;)
            {
                bool isWellFormed = Rune.TryGetRuneAt(text, at, out Rune rune);
                UnicodeCategory category = isWellFormed ? Rune.GetUnicodeCategory(rune) : UnicodeCategory.Surrogate;
                int next = at + (isWellFormed ? rune.Utf16SequenceLength : 1);
                marks = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
                count.MostMarks = Math.Max(count.MostMarks, marks);
                count.Replacement += rune.Value == 0xFFFD || !isWellFormed ? 1 : 0;
                count.PrivateUse += category == UnicodeCategory.PrivateUse ? 1 : 0;
                if (rune.Value is '\n' or '\r' or 0x2029)
                {
                    count.OpenDirection += embeddings + isolates;
                    embeddings = isolates = 0;
                }
                else if (category == UnicodeCategory.Control && rune.Value != '\t')
                {
                    count.Control++;
                }
                else if (rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069))
                {
                    count.Direction++;
                    count.OpenDirection += rune.Value switch
                    {
                        0x202C => Close(ref embeddings),
                        0x2069 => Close(ref isolates),
                        < 0x2066 => Open(ref embeddings),
                        _ => Open(ref isolates),
                    };
                }
                else if (category is UnicodeCategory.Format or UnicodeCategory.OtherLetter && IsUselessHere(rune, before, text, next))
                {
                    count.ZeroWidth++;
                }

                if (category is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark))
                {
                    before = rune; // a joiner belongs to the letter or emoji under its marks
                }

                at = next;
            }

            count.OpenDirection += embeddings + isolates;
            return count;
        }

        private static int Open(ref int depth)
        {
            depth++;
            return 0;
        }

        private static int Close(ref int depth)
        {
            if (depth == 0)
            {
                return 1;
            }

            depth--;
            return 0;
        }

        private static bool IsUselessHere(Rune rune, Rune before, string text, int next)
        {
            switch (rune.Value)
            {
                case 0x2060 or 0xFEFF or 0x180E or 0x115F or 0x1160 or 0x3164 or 0xFFA0 or (>= 0x2061 and <= 0x2064) or (>= 0x206A and <= 0x206F):
                    return true;
                case >= 0xE0000 and <= 0xE007F: // tags spell the flags of regions after a black flag, and nothing else
                    return before.Value is not (0x1F3F4 or (>= 0xE0000 and <= 0xE007F));
                case 0x200B: // marks where Thai, Khmer and their like may break a line
                    return !IsUnspaced(before) && !(Rune.TryGetRuneAt(text, Math.Min(next, text.Length - 1), out Rune after) && next < text.Length && IsUnspaced(after));
                case 0x200C or 0x200D: // shape letters of Arabic and India, and join emoji
                    return !ShapesByJoiners(before);
                default:
                    return false;
            }
        }

        private static bool IsUnspaced(Rune rune) => rune.Value >= 0xE01 && UnicodeScripts.IsUnspaced(UnicodeScripts.Of(rune.Value));

        private static bool ShapesByJoiners(Rune rune) =>
            UnicodeScripts.Of(rune.Value) is TextScript.Arabic or TextScript.Devanagari or TextScript.OtherIndic or TextScript.OtherUnspaced
            || rune.Value is >= 0x700 and <= 0x1CFF
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol;
    }
}
