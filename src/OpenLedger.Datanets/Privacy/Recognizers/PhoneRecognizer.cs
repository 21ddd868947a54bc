namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Telephone numbers: by numbering plan where the writing gives it away, by context words otherwise.</summary>
internal sealed class PhoneRecognizer : IPiiRecognizer
{
    private const int MinDigits = 7;
    private const int MaxGap = 3;
    private const int MaxExtension = 6;
    private const double ByContextOnly = 0.75;
    private const double Supported = 0.95;
    private const double ExtensionBonus = 0.15;

    private static readonly string[] ExtensionWords = ["extension", "ext.", "ext", "x", "#", "máy lẻ", "nhánh"];

    public string Name => "Phone";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.Phone];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<DigitRun> runs = text.DigitRuns;
        Span<char> digits = stackalloc char[PhoneNumber.MaxDigits];
        Span<int> groups = stackalloc int[PhoneNumber.MaxGroups];
        int free = 0;
        foreach (int index in text.NumberStarts)
        {
            if (index < free)
            {
                continue;
            }

            int count = Collect(text.Text, runs[index..], digits, groups);
            int used = count == 0 ? 0 : Longest(text, runs.Slice(index, count), digits, groups[..count], candidates);
            free = index + Math.Max(used, 1);
        }
    }

    // Takes runs while they are joined as telephone numbers are and have at most 15 digits together.
    private static int Collect(string text, ReadOnlySpan<DigitRun> runs, Span<char> digits, Span<int> groups)
    {
        int total = 0;
        int count = 0;
        while (count < runs.Length && count < PhoneNumber.MaxGroups && total + runs[count].Length <= PhoneNumber.MaxDigits)
        {
            DigitRun run = runs[count];
            if (count > 0 && !Joins(text.AsSpan(runs[count - 1].End, Math.Min(run.Start - runs[count - 1].End, MaxGap + 1)), count == 1))
            {
                break;
            }

            text.AsSpan(run.Start, run.Length).CopyTo(digits[total..]);
            groups[count++] = run.Length;
            total += run.Length;
        }

        return total >= MinDigits ? count : 0;
    }

    // A bracket opens only around an area code: after the country code, or before the number.
    private static bool Joins(ReadOnlySpan<char> gap, bool first) =>
        gap is " " or "-" or "." or "/" or "\u00A0" or "–" or "\u2011" || (first && gap is ")" or ") " or " (" or "(" or ")-" or ")." or "-(")
        || gap is ")" or ") " or ")-";

    // The longest prefix of the groups that fits a plan or stands by context; returns how many groups it takes.
    private static int Longest(
        PersonalDataText text, ReadOnlySpan<DigitRun> runs, ReadOnlySpan<char> digits, ReadOnlySpan<int> groups, ICollection<PersonalDataCandidate> candidates)
    {
        string source = text.Text;
        int start = Beginning(source, runs[0].Start, out bool plus, out bool bracket);
        int total = 0;
        foreach (int group in groups)
        {
            total += group;
        }

        int byContext = 0;
        int byContextEnd = 0;
        for (int count = groups.Length; count > 0; total -= groups[--count])
        {
            int end = runs[count - 1].End;
            int extended = Extension(source, end);
            if (total < MinDigits || !IsBounded(source, start, end, extended, plus || bracket))
            {
                continue;
            }

            PhoneNumber number = new()
            {
                Digits = digits[..total],
                Groups = groups[..count],
                HasPlus = plus,
                HasAreaInBrackets = bracket,
                Separator = count > 1 ? source[runs[0].End] : '\0',
            };
            if (number.LooksLikeDates())
            {
                continue;
            }

            (string? plan, double score) = number.Classify(text.IsVietnamese);
            if (plan is not null)
            {
                CandidateScore.Add(
                    candidates, text, start, Math.Max(end, extended), PersonalDataEntity.Phone, plan, ContextVocabulary.Phone,
                    Math.Min(1, score + (extended > 0 ? ExtensionBonus : 0)),
                    plan == PhoneNumber.FictionalPlan ? PhoneNumber.FictionalScore : Supported);
                return count;
            }

            // Without a plan there is no telling where a number ends but at the end of all its groups.
            if (count == groups.Length && CanStandByContext(number))
            {
                byContext = count;
                byContextEnd = Math.Max(end, extended);
            }
        }

        if (byContext == 0
            || text.FindContext(start, byContextEnd - start, ContextVocabulary.Phone) is not { Kind: ContextKind.Supporting, Word: string word })
        {
            return 0;
        }

        candidates.Add(new PersonalDataCandidate(
            start, byContextEnd - start, PersonalDataEntity.Phone, ByContextOnly, $"{MinDigits} to {PhoneNumber.MaxDigits} digits, context '{word}'"));
        return byContext;
    }

    private static bool CanStandByContext(in PhoneNumber number)
    {
        ReadOnlySpan<int> groups = number.Groups;
        if (number.Separator == '/' && number.Digits[0] != '0')
        {
            return false;
        }

        for (int i = 1; i < groups.Length; i++)
        {
            if (groups[i] < 2)
            {
                return false;
            }
        }

        return true;
    }

    private static int Beginning(string text, int start, out bool plus, out bool bracket)
    {
        bracket = start > 0 && text[start - 1] == '(';
        start -= bracket ? 1 : 0;
        plus = start > 0 && text[start - 1] == '+';
        if (plus)
        {
            start--;
            if (!bracket && start > 0 && text[start - 1] == '(')
            {
                start--;
                bracket = true;
            }
        }
        else if (bracket && start > 1 && text[start + 1] == '+')
        {
            plus = true;
        }

        return start;
    }

    private static bool IsBounded(string text, int start, int end, int extended, bool signed)
    {
        if (signed)
        {
            bool free = start == 0 || !char.IsLetterOrDigit(text[start - 1]);
            return free && (extended > 0 || NumberShape.IsBounded(text.AsSpan(start), start: 0, end - start));
        }

        return extended > 0
            ? NumberShape.IsBounded(text.AsSpan(0, end), start, end)
            : NumberShape.IsBounded(text, start, end);
    }

    // The end of "x123", "ext. 123" after a number, or 0.
    private static int Extension(string text, int end)
    {
        int position = end;
        while (position < text.Length && position - end < 2 && text[position] is ' ' or ',')
        {
            position++;
        }

        foreach (string word in ExtensionWords)
        {
            if (string.Compare(text, position, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0)
            {
                continue;
            }

            int first = position + word.Length;
            while (first < text.Length && first - position - word.Length < 2 && text[first] is ' ' or '.' or ':')
            {
                first++;
            }

            int last = first;
            while (last < text.Length && char.IsAsciiDigit(text[last]))
            {
                last++;
            }

            if (last > first && last - first <= MaxExtension && (last == text.Length || !char.IsLetterOrDigit(text[last])))
            {
                return last;
            }
        }

        return 0;
    }
}
