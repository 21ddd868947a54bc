using System.Net;

namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>IPv4 in four decimal parts and IPv6 (RFC 4291); special-use addresses are another entity with a low score.</summary>
internal sealed class IpAddressRecognizer : IPiiRecognizer
{
    private const int MaxVersion6 = 45;
    private const int MinColons = 3;
    private const double PublicScore = 0.9;
    private const double SpecialScore = 0.4;

    public string Name => "IpAddress";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.IpAddress, PersonalDataEntity.PrivateIpAddress];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        FindVersion4(text, candidates);
        FindVersion6(text, candidates);
    }

    private static void FindVersion4(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        string source = text.Text;
        ReadOnlySpan<DigitRun> runs = text.DigitRuns;
        for (int i = 0; i + 3 < runs.Length; i++)
        {
            // One comparison dismisses nearly every number: the next begins right after one sign.
            if (runs[i + 1].Start != runs[i].End + 1 || source[runs[i].End] != '.')
            {
                continue;
            }

            int end = runs[i + 3].End;
            if (!IsPart(source, runs, i, i) || !IsPart(source, runs, i + 1, i) || !IsPart(source, runs, i + 2, i) || !IsPart(source, runs, i + 3, i)
                || !Bounded(source, runs[i].Start, end)
                || !IPAddress.TryParse(source.AsSpan(runs[i].Start, end - runs[i].Start), out IPAddress? address))
            {
                continue;
            }

            Add(text, candidates, runs[i].Start, end, address, "IPv4");
        }
    }

    private static bool IsPart(string text, ReadOnlySpan<DigitRun> runs, int index, int first)
    {
        DigitRun run = runs[index];
        return run.Length <= 3
            && (run.Length == 1 || text[run.Start] != '0')
            && (run.Length < 3 || string.CompareOrdinal(text, run.Start, "255", 0, 3) <= 0)
            && (index == first || (run.Start == runs[index - 1].End + 1 && text[run.Start - 1] == '.'));
    }

    private static bool Bounded(string text, int start, int end) =>
        (start == 0 || !(char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-'
            || (text[start - 1] == '.' && start > 1 && char.IsLetterOrDigit(text[start - 2]))))
        && (end == text.Length || !(char.IsLetterOrDigit(text[end]) || text[end] is '_' or '-'
            || (text[end] == '.' && end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]))));

    private static void FindVersion6(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<char> source = text.Text;
        int position = 0;
        while (true)
        {
            int skip = source[position..].IndexOf(':');
            if (skip < 0)
            {
                return;
            }

            int colon = position + skip;
            int start = colon;
            while (start > position && char.IsAsciiHexDigit(source[start - 1]))
            {
                start--;
            }

            int end = colon;
            int colons = 0;
            while (end < source.Length && (char.IsAsciiHexDigit(source[end]) || source[end] is ':' or '.'))
            {
                colons += source[end] == ':' ? 1 : 0;
                end++;
            }

            position = end;
            while (end > start && source[end - 1] == '.')
            {
                end--;
            }

            // A trailing single colon is punctuation.
            if (end - start > 2 && source[end - 1] == ':' && source[end - 2] != ':')
            {
                end--;
                colons--;
            }

            if (colons >= MinColons
                && end - start <= MaxVersion6
                && (start == 0 || !(char.IsLetterOrDigit(source[start - 1]) || source[start - 1] is '_' or '.'))
                && (end == source.Length || !(char.IsLetterOrDigit(source[end]) || source[end] == '_'))
                && IPAddress.TryParse(source[start..end], out IPAddress? address))
            {
                Add(text, candidates, start, end, address, "IPv6");
            }
        }
    }

    private static void Add(
        PersonalDataText text, ICollection<PersonalDataCandidate> candidates, int start, int end, IPAddress address, string kind)
    {
        string? special = ReservedNames.SpecialUse(address);
        CandidateScore.Add(
            candidates,
            text,
            start,
            end,
            special is null ? PersonalDataEntity.IpAddress : PersonalDataEntity.PrivateIpAddress,
            special is null ? $"{kind}, public" : $"{kind}, {special}",
            ContextVocabulary.IpAddress,
            special is null ? PublicScore : SpecialScore,
            special is null ? 1.0 : SpecialScore);
    }
}
