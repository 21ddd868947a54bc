using System.Buffers;

namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>12, 15, 18, 21 or 24 words of 3 to 8 small letters after a phrase such as <c>seed phrase</c>.</summary>
/// <remarks>
/// BIP-39 words are told by shape: ordinary English has a word of one or two letters in nearly every such stretch. The word list is not
/// consulted, so a made-up phrase is found as well.
/// </remarks>
internal sealed class SeedPhraseRecognizer : IPiiRecognizer
{
    private const int MaxLead = 48;
    private const int MinWord = 3;
    private const int MaxWord = 8;
    private const int MaxWords = 24;

    private static readonly string[] EnglishLeads =
    [
        "seed phrase", "seedphrase", "seed_phrase", "mnemonic", "recovery phrase", "recovery words", "seed words", "secret phrase", "backup phrase",
        "wallet seed", "cum tu khoi phuc", "cum tu bi mat",
    ];

    // Searched one by one, and in Vietnamese text alone: in one set with the others they would slow the search down for all text.
    private static readonly string[] VietnameseLeads = ["từ khôi phục", "từ bí mật"];

    private static readonly SearchValues<string> AsciiLeads = SearchValues.Create(EnglishLeads, StringComparison.OrdinalIgnoreCase);

    public string Name => "SeedPhrase";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.SeedPhrase];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<char> source = text.Text;
        if (text.Label.Length > 0 && text.Label.AsSpan().ContainsAny(AsciiLeads))
        {
            Add(source, 0, candidates);
        }

        int position = 0;
        while (source[position..].IndexOfAny(AsciiLeads) is >= 0 and int skip)
        {
            position = AfterLead(source, position + skip, candidates);
        }

        if (text.IsVietnamese)
        {
            foreach (string lead in VietnameseLeads)
            {
                position = 0;
                while (source[position..].IndexOf(lead, StringComparison.Ordinal) is >= 0 and int skip)
                {
                    position = AfterLead(source, position + skip, candidates);
                }
            }
        }
    }

    // The words begin after a colon, a quote or a line break, or after "is" and "là". Returns where to look on.
    private static int AfterLead(ReadOnlySpan<char> text, int from, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<char> lead = text.Slice(from, Math.Min(MaxLead, text.Length - from));
        int begin = lead.IndexOfAny(":=\"\n");
        if (begin < 0)
        {
            begin = lead.IndexOf(" is ", StringComparison.Ordinal) is >= 0 and int english ? english + 3
                : lead.IndexOf(" là ", StringComparison.Ordinal) is >= 0 and int vietnamese ? vietnamese + 3
                : -1;
        }

        return begin < 0 ? from + 1 : Math.Max(from + 1, Add(text, from + begin, candidates));
    }

    private static int Add(ReadOnlySpan<char> text, int position, ICollection<PersonalDataCandidate> candidates)
    {
        while (position < text.Length && !char.IsAsciiLetter(text[position]) && !char.IsLetter(text[position]))
        {
            if (text[position] is not (' ' or ':' or '=' or '"' or '\'' or '`' or '\n' or '\r' or '\t' or '>' or '1' or '.' or ')' or '['))
            {
                return 0;
            }

            position++;
        }

        int start = position;
        int end = position;
        int words = 0;
        while (words <= MaxWords)
        {
            int letter = position;
            while (letter < text.Length && char.IsAsciiLetterLower(text[letter]) && letter - position <= MaxWord)
            {
                letter++;
            }

            int length = letter - position;
            if (length is < MinWord or > MaxWord || (letter < text.Length && char.IsLetterOrDigit(text[letter])))
            {
                break;
            }

            words++;
            end = letter;
            position = letter;
            int gap = 0;
            while (position < text.Length && gap < 6 && (text[position] is ' ' or ',' or '\n' or '\r' or '.' or '"' or '\'' || char.IsAsciiDigit(text[position])))
            {
                position++;
                gap++;
            }

            if (gap is 0 or 6)
            {
                break;
            }
        }

        if (words is not (12 or 15 or 18 or 21 or 24))
        {
            return 0;
        }

        candidates.Add(new PersonalDataCandidate(start, end - start, PersonalDataEntity.SeedPhrase, 0.9, $"{words} words after a telling phrase"));
        return end;
    }
}
