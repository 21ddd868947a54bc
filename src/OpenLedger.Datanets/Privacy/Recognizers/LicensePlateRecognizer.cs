namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>Vietnamese number plates: <c>51F-123.45</c>, <c>29-H1 234.56</c>, <c>30A 12345</c>.</summary>
internal sealed class LicensePlateRecognizer : IPiiRecognizer
{
    private const double DottedScore = 0.6;

    public string Name => "LicensePlate";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.LicensePlate];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<char> source = text.Text;
        foreach (DigitRun run in text.DigitRuns)
        {
            if (run.Length != 2 || (run.Start > 0 && (char.IsLetterOrDigit(source[run.Start - 1]) || source[run.Start - 1] is '.' or '-' or '_')))
            {
                continue;
            }

            int province = ((source[run.Start] - '0') * 10) + source[run.Start + 1] - '0';
            int end = province is >= 11 and <= 99 ? PlateEnd(source, run.End, out bool dotted) : SetFalse(out dotted);
            if (end > 0)
            {
                CandidateScore.Add(
                    candidates, text, run.Start, end, PersonalDataEntity.LicensePlate, "Vietnamese plate", ContextVocabulary.LicensePlate,
                    dotted ? DottedScore : 0, supported: 0.9);
            }
        }
    }

    private static int SetFalse(out bool dotted)
    {
        dotted = false;
        return 0;
    }

    private static int PlateEnd(ReadOnlySpan<char> text, int position, out bool dotted)
    {
        dotted = false;
        position += position < text.Length && text[position] is '-' or ' ' ? 1 : 0;
        int letters = 0;
        while (letters < 2 && position < text.Length && char.IsAsciiLetterUpper(text[position]))
        {
            position++;
            letters++;
        }

        if (letters == 0)
        {
            return 0;
        }

        bool serial = position + 1 < text.Length && char.IsAsciiDigit(text[position]) && text[position + 1] is '-' or ' ';
        position += serial ? 1 : 0;
        if (position >= text.Length || text[position] is not ('-' or ' '))
        {
            return 0;
        }

        position++;
        int digits = 0;
        int first = position;
        while (position < text.Length && digits < 6 && (char.IsAsciiDigit(text[position]) || (text[position] == '.' && digits == 3 && !dotted)))
        {
            dotted |= text[position] == '.';
            digits += text[position] == '.' ? 0 : 1;
            position++;
        }

        bool whole = position == text.Length || !(char.IsLetterOrDigit(text[position]) || text[position] == '_');
        return whole && (digits == 5 || (digits == 4 && !dotted)) && position > first ? position : 0;
    }
}
