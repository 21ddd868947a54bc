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

    private static readonly string[] VietnameseLeads = ["cụm từ khôi phục", "cụm từ bí mật", "từ khôi phục"];

    private static readonly SearchValues<string> AsciiLeads = SearchValues.Create(EnglishLeads, StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> AllLeads =
        SearchValues.Create([.. EnglishLeads, .. VietnameseLeads], StringComparison.OrdinalIgnoreCase);

    public string Name => "SeedPhrase";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.SeedPhrase];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        ReadOnlySpan<char> source = text.Text;
        SearchValues<string> leads = text.IsVietnamese ? AllLeads : AsciiLeads;
        if (text.Label.Length > 0 && text.Label.AsSpan().ContainsAny(leads))
        {
            Add(source, 0, candidates);
        }

        int position = 0;
        while (position < source.Length)
        {
            int skip = source[position..].IndexOfAny(leads);
            if (skip < 0)
            {
                return;
            }

            // The words begin after a colon, a quote or a line break, or after "is" and "là".
            int from = position + skip;
            position = from + 1;
            ReadOnlySpan<char> lead = source.Slice(from, Math.Min(MaxLead, source.Length - from));
            int begin = lead.IndexOfAny(":=\"\n");
            if (begin < 0)
            {
                begin = lead.IndexOf(" is ", StringComparison.Ordinal) is >= 0 and int english ? english + 3
                    : lead.IndexOf(" là ", StringComparison.OrdinalIgnoreCase) is >= 0 and int vietnamese ? vietnamese + 3
                    : -1;
            }

            if (begin >= 0)
            {
                position = Math.Max(position, Add(source, from + begin, candidates));
            }
        }
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
