namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Dates whose context says that someone was born then.</summary>
internal sealed class DateOfBirthRecognizer : IPiiRecognizer
{
    private const double Score = 0.85;

    private static readonly string[] Months =
    [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec",
    ];

    public string Name => "DateOfBirth";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.DateOfBirth];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<DigitRun> runs = text.DigitRuns;
        string source = text.Text;
        for (int i = 0; i < runs.Length; i++)
        {
            if (runs[i].Length > 4)
            {
                continue;
            }

            (int start, int end, int last) = Numeric(source, runs, i) is { End: > 0 } numeric ? numeric : Written(source, runs, i);
            if (end > 0)
            {
                if (text.FindContext(start, end - start, ContextVocabulary.DateOfBirth) is { Kind: ContextKind.Supporting, Word: string word })
                {
                    candidates.Add(new PersonalDataCandidate(
                        start, end - start, PersonalDataEntity.DateOfBirth, Score, $"date, context '{word}'"));
                }

                i = last;
            }
        }
    }

    private static (int Start, int End, int Last) Numeric(string text, ReadOnlySpan<DigitRun> runs, int i)
    {
        if (i + 2 >= runs.Length)
        {
            return default;
        }

        DigitRun a = runs[i], b = runs[i + 1], c = runs[i + 2];
        if (b.Start != a.End + 1 || c.Start != b.End + 1 || text[a.End] != text[b.End] || text[a.End] is not ('/' or '-' or '.')
            || b.Length > 2 || a.Length is not (1 or 2 or 4) || c.Length is not (1 or 2 or 4) || a.Length + c.Length is < 3 or > 6)
        {
            return default;
        }

        int first = Value(text, a), second = Value(text, b), third = Value(text, c);
        bool date = a.Length == 4 ? Checksums.IsDate(first, second, third)
            : c.Length == 4 ? Checksums.IsDate(third, second, first) || Checksums.IsDate(third, first, second)
            : Checksums.IsDate(2000, second, first) || Checksums.IsDate(2000, first, second);
        return date && !Touches(text, a.Start - 1) && !Touches(text, c.End) ? (a.Start, c.End, i + 2) : default;
    }

    // "12 March 1980", "March 12, 1980", "ngày 12 tháng 3 năm 1980".
    private static (int Start, int End, int Last) Written(string text, ReadOnlySpan<DigitRun> runs, int i)
    {
        DigitRun day = runs[i];
        if (day.Length > 2)
        {
            return default;
        }

        if (i + 2 < runs.Length && runs[i + 1].Length <= 2 && runs[i + 2].Length == 4
            && Between(text, day, runs[i + 1]).Trim().Equals("tháng", StringComparison.OrdinalIgnoreCase)
            && Between(text, runs[i + 1], runs[i + 2]).Trim().Equals("năm", StringComparison.OrdinalIgnoreCase))
        {
            return (day.Start, runs[i + 2].End, i + 2);
        }

        if (i + 1 >= runs.Length || runs[i + 1].Length != 4 || runs[i + 1].Start - day.End > 16)
        {
            return default;
        }

        ReadOnlySpan<char> gap = Between(text, day, runs[i + 1]);
        foreach (string suffix in (ReadOnlySpan<string>)["st", "nd", "rd", "th"])
        {
            gap = gap.StartsWith(suffix, StringComparison.Ordinal) ? gap[2..] : gap;
        }

        ReadOnlySpan<char> word = gap.Trim(" ,.");
        word = word.StartsWith("of ", StringComparison.Ordinal) ? word[3..] : word;
        if (IsMonth(word))
        {
            return (day.Start, runs[i + 1].End, i + 1);
        }

        if (word.IsEmpty && gap.Length > 0)
        {
            int end = day.Start;
            while (end > 0 && text[end - 1] == ' ')
            {
                end--;
            }

            end -= end > 0 && text[end - 1] == '.' ? 1 : 0;
            int start = end;
            while (start > 0 && end - start < 10 && char.IsAsciiLetter(text[start - 1]))
            {
                start--;
            }

            if (IsMonth(text.AsSpan(start, end - start)))
            {
                return (start, runs[i + 1].End, i + 1);
            }
        }

        return default;
    }

    private static bool IsMonth(ReadOnlySpan<char> word)
    {
        foreach (string month in Months)
        {
            if (word.Equals(month, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> Between(string text, DigitRun left, DigitRun right) =>
        text.AsSpan(left.End, Math.Min(right.Start - left.End, 24));

    private static bool Touches(string text, int index) =>
        index >= 0 && index < text.Length && (char.IsLetterOrDigit(text[index]) || text[index] is '_' or '/');

    private static int Value(string text, DigitRun run) =>
        int.Parse(text.AsSpan(run.Start, run.Length), System.Globalization.CultureInfo.InvariantCulture);
}
