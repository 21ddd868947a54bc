using System.Buffers;

namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>A house number with a street: English street words after it, Vietnamese ones (<c>đường, phố, ngõ</c>) between.</summary>
internal sealed class StreetAddressRecognizer : IPiiRecognizer
{
    private const int MaxWords = 4;
    private const int MaxStreet = 60;
    private const int MaxParts = 4;
    private const double Score = 0.7;

    private static readonly HashSet<string> StreetWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "street", "st", "road", "rd", "avenue", "ave", "boulevard", "blvd", "lane", "ln", "drive", "dr", "court", "ct", "square", "sq", "highway",
        "hwy", "terrace", "place", "pl", "crescent", "parkway", "pkwy", "close", "quay",
    };

    private static readonly string[] VietnameseStreetWords =
        ["đường ", "Đường ", "phố ", "Phố ", "ngõ ", "hẻm ", "ngách ", "duong ", "ấp ", "thôn ", "tổ "];

    private static readonly string[] Parts =
        ["phường ", "quận ", "huyện ", "thành phố ", "tp. ", "tp ", "tỉnh ", "thị xã ", "xã ", "thị trấn ", "p. ", "q. "];

    private static readonly SearchValues<char> PartEnds = SearchValues.Create(",.;\n()");

    public string Name => "StreetAddress";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.StreetAddress];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        string source = text.Text;
        foreach (DigitRun run in text.DigitRuns)
        {
            if (run.Length > 5 || (run.Start > 0 && (char.IsLetterOrDigit(source[run.Start - 1]) || source[run.Start - 1] is '.' or ',' or '$' or '/')))
            {
                continue;
            }

            int position = run.End;
            while (position < source.Length && position - run.End < 8 && (char.IsAsciiLetterOrDigit(source[position]) || source[position] is '/' or '-'))
            {
                position++;
            }

            position += position < source.Length && source[position] == ',' ? 1 : 0;
            if (position >= source.Length || source[position] != ' ')
            {
                continue;
            }

            int end = Vietnamese(source, position + 1);
            end = end > 0 ? end : English(source, position + 1);
            if (end > 0)
            {
                candidates.Add(new PersonalDataCandidate(
                    run.Start, end - run.Start, PersonalDataEntity.StreetAddress, Score, "house number and street word"));
            }
        }
    }

    private static int English(string text, int position)
    {
        for (int words = 0; words < MaxWords && position < text.Length && char.IsUpper(text[position]); words++)
        {
            int first = position;
            while (position < text.Length && char.IsLetter(text[position]) && position - first < 24)
            {
                position++;
            }

            if (words > 0 && StreetWords.Contains(text[first..position]))
            {
                return position;
            }

            if (position >= text.Length || text[position] != ' ')
            {
                return 0;
            }

            position++;
        }

        return 0;
    }

    private static int Vietnamese(string text, int position)
    {
        ReadOnlySpan<char> rest = text.AsSpan(position);
        bool street = false;
        foreach (string word in VietnameseStreetWords)
        {
            street |= rest.StartsWith(word, StringComparison.Ordinal);
        }

        if (!street)
        {
            return 0;
        }

        // The street's name, then wards, districts and the city as long as each part begins with its word.
        int end = position + PartLength(rest);
        for (int parts = 0; parts < MaxParts && end + 2 < text.Length && text[end] == ',' && text[end + 1] == ' '
            && BeginsPart(text.AsSpan(end + 2)); parts++)
        {
            end += 2 + PartLength(text.AsSpan(end + 2));
        }

        return end;
    }

    private static bool BeginsPart(ReadOnlySpan<char> rest)
    {
        foreach (string part in Parts)
        {
            if (rest.StartsWith(part, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static int PartLength(ReadOnlySpan<char> rest)
    {
        ReadOnlySpan<char> window = rest[..Math.Min(rest.Length, MaxStreet)];
        int stop = window.IndexOfAny(PartEnds);
        return stop < 0 ? window.LastIndexOf(' ') is > 0 and int blank && rest.Length > MaxStreet ? blank : window.Length : stop;
    }
}
