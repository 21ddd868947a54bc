namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>IBANs (ISO 13616), printed in groups of four or not: country, its length, mod 97.</summary>
internal sealed class IbanRecognizer : IPiiRecognizer
{
    private const int MaxLength = 34;

    // Country and length as in the SWIFT IBAN registry.
    private static readonly Dictionary<string, int> Lengths = (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 "
        + "FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 "
        + "MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 "
        + "SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30")
        .Split(' ').ToDictionary(entry => entry[..2], entry => int.Parse(entry.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture));

    private static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> LengthOf =
        Lengths.GetAlternateLookup<ReadOnlySpan<char>>();

    public string Name => "Iban";

    public IReadOnlyList<PersonalDataEntity> Entities { get; } = [PersonalDataEntity.Iban];

    public void Find(PersonalDataText text, ICollection<PersonalDataCandidate> candidates)
    {
        string source = text.Text;
        Span<char> iban = stackalloc char[MaxLength];
        foreach (TextToken token in text.Tokens)
        {
            if (token.Length < 4
                || (token.Start > 0 && (char.IsLetterOrDigit(source[token.Start - 1]) || source[token.Start - 1] == '_'))
                || !char.IsAsciiLetter(source[token.Start]) || !char.IsAsciiLetter(source[token.Start + 1])
                || !char.IsAsciiDigit(source[token.Start + 2]) || !char.IsAsciiDigit(source[token.Start + 3]))
            {
                continue;
            }

            source.AsSpan(token.Start, 2).ToUpperInvariant(iban);
            if (LengthOf.TryGetValue(iban[..2], out int length))
            {
                int end = Read(source, token.Start, iban[..length]);
                if (end > 0 && Checksums.Iban(iban[..length]))
                {
                    candidates.Add(new PersonalDataCandidate(token.Start, end - token.Start, PersonalDataEntity.Iban, 1.0, "mod 97"));
                }
            }
        }
    }

    private static int Read(string text, int start, Span<char> iban)
    {
        int position = start;
        for (int i = 0; i < iban.Length; i++, position++)
        {
            // Single spaces or hyphens stand between groups, never inside the first one.
            if (i >= 4 && position < text.Length && text[position] is ' ' or '-' or '\u00A0')
            {
                position++;
            }

            if (position >= text.Length || !char.IsAsciiLetterOrDigit(text[position]))
            {
                return 0;
            }

            iban[i] = char.ToUpperInvariant(text[position]);
        }

        return position == text.Length || !(char.IsLetterOrDigit(text[position]) || text[position] == '_') ? position : 0;
    }
}
