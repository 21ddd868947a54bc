namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>The national ids that mix letters and digits.</summary>
internal static class TokenIdRules
{
    private const string OmocodiaLetters = "LMNPQRSTUV";

    public static TokenIdRule[] All { get; } =
    [
        new()
        {
            Entity = PersonalDataEntity.EsNif, Shapes = ["99999999A"], Check = Checksums.Nif, Evidence = "letter mod 23",
            Context = ContextVocabulary.SpanishId, Alone = 0.8,
        },
        new()
        {
            Entity = PersonalDataEntity.EsNie, Shapes = ["X9999999A", "Y9999999A", "Z9999999A"], Check = Checksums.Nif, Evidence = "letter mod 23",
            Context = ContextVocabulary.SpanishId, Alone = 0.9,
        },
        new()
        {
            Entity = PersonalDataEntity.ItFiscalCode, Shapes = ["AAAAAA**A**A***A"], Check = IsFiscalCode, Evidence = "letter mod 26",
            Context = ContextVocabulary.FiscalCode, Alone = 1.0,
        },
        new()
        {
            Entity = PersonalDataEntity.SgNric, Shapes = ["S9999999A", "T9999999A", "F9999999A", "G9999999A", "M9999999A"], Check = Checksums.Nric,
            Evidence = "letter mod 11", Context = ContextVocabulary.Nric, Alone = 0.9,
        },
        new()
        {
            Entity = PersonalDataEntity.InPan, Shapes = ["AAAAA9999A"], Check = id => "ABCFGHJLPT".Contains(id[3]), Evidence = "holder type letter",
            Context = ContextVocabulary.Pan, Alone = 0.55,
        },
        new()
        {
            Entity = PersonalDataEntity.UkNino, Shapes = ["AA999999A"], Check = IsNino, Evidence = "legal prefix and suffix",
            Context = ContextVocabulary.Nino, Alone = 0.6,
        },
        new()
        {
            Entity = PersonalDataEntity.CnResidentId, Shapes = ["99999999999999999X"], Check = Checksums.ChineseResidentId,
            Evidence = "ISO 7064 mod 11-2 and date", Context = ContextVocabulary.ChineseId, Alone = 0.9,
        },
        new()
        {
            Entity = PersonalDataEntity.FrNir, Shapes = ["999992A99999999", "999992B99999999"], Check = IsCorsicanNir, Evidence = "mod 97, Corsica",
            Context = ContextVocabulary.Nir, Alone = 0.9,
        },
        new()
        {
            Entity = PersonalDataEntity.VnInsurance, Shapes = ["AA9999999999999"], Check = id => id[2] is >= '1' and <= '5',
            Evidence = "group, benefit level and province", Context = ContextVocabulary.VietnameseInsurance, Alone = 0.3, Supported = 0.95,
        },
    ];

    // Where two people would share a code, digits are replaced by letters (omocodia); month letters are ABCDEHLMPRST.
    private static bool IsFiscalCode(ReadOnlySpan<char> code)
    {
        foreach (int place in (ReadOnlySpan<int>)[6, 7, 9, 10, 12, 13, 14])
        {
            if (!char.IsAsciiDigit(code[place]) && !OmocodiaLetters.Contains(code[place]))
            {
                return false;
            }
        }

        return "ABCDEHLMPRST".Contains(code[8]) && Checksums.FiscalCode(code);
    }

    private static bool IsNino(ReadOnlySpan<char> id) =>
        !"DFIQUV".Contains(id[0]) && !"DFIQUVO".Contains(id[1]) && id[8] is >= 'A' and <= 'D'
        && id[..2] is not ("BG" or "GB" or "KN" or "NK" or "NT" or "TN" or "ZZ");

    private static bool IsCorsicanNir(ReadOnlySpan<char> id)
    {
        Span<byte> digits = stackalloc byte[15];
        for (int i = 0; i < digits.Length; i++)
        {
            digits[i] = id[i] switch { 'A' => 9, 'B' => 8, char digit => (byte)(digit - '0') };
        }

        // 2A counts as 19, 2B as 18.
        digits[5] = 1;
        return Checksums.Nir(digits);
    }
}
