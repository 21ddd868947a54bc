namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>The national numbers that consist of digits.</summary>
/// <remarks>
/// A check digit modulo 10 or 11 is passed by about one number in ten by chance, so a bare number with such a check needs a context word;
/// a check of two digits (CPF, CNPJ, NIR) or a telling format (Aadhaar's groups) reaches the default threshold alone.
/// </remarks>
internal static class NumericIdRules
{
    public static NumericIdRule[] All { get; } =
    [
        Rule(PersonalDataEntity.UsSsn, ["3-2-4", "3_2_4", "9"], IsSsn, "area, group and serial in range", ContextVocabulary.Ssn, 0, 0.65),
        Rule(PersonalDataEntity.UsItin, ["3-2-4", "3_2_4", "9"], IsItin, "ITIN range", ContextVocabulary.Itin, 0, 0.5),
        Rule(PersonalDataEntity.UkNhs, ["3_3_4", "10"], Checksums.Nhs, "mod 11", ContextVocabulary.Nhs, 0.2, 0.4),
        Rule(PersonalDataEntity.PlPesel, ["11"], Checksums.Pesel, "check digit and date", ContextVocabulary.Pesel, 0.4, 0.4),
        Rule(PersonalDataEntity.AuTfn, ["3_3_3", "9"], Checksums.Tfn, "mod 11", ContextVocabulary.Tfn, 0.1, 0.3),
        Rule(PersonalDataEntity.AuAbn, ["2_3_3_3", "11"], Checksums.Abn, "mod 89", ContextVocabulary.Abn, 0.3, 0.7),
        Rule(PersonalDataEntity.InAadhaar, ["4_4_4", "12"], IsAadhaar, "Verhoeff", ContextVocabulary.Aadhaar, 0.3, 0.55),
        Rule(PersonalDataEntity.DeTaxId, ["2_3_3_3", "11"], Checksums.GermanTaxId, "ISO 7064 mod 11,10", ContextVocabulary.GermanTaxId, 0.4, 0.55),
        Rule(PersonalDataEntity.FrNir, ["1_2_2_2_3_3_2", "1_2_2_2_3_3-2", "13_2", "15"], Checksums.Nir, "mod 97", ContextVocabulary.Nir, 0.7, 1.0),
        Rule(PersonalDataEntity.NlBsn, ["9", "4_2_3", "3_3_3"], Checksums.Bsn, "eleven test", ContextVocabulary.Bsn, 0.1, 0.2),
        Rule(PersonalDataEntity.BrCpf, ["3.3.3-2", "9-2", "11"], Checksums.Cpf, "two check digits", ContextVocabulary.Cpf, 0.45, 1.0),
        Rule(PersonalDataEntity.BrCnpj, ["2.3.3/4-2", "8/4-2", "14"], Checksums.Cnpj, "two check digits", ContextVocabulary.Cnpj, 0.5, 1.0),
        Rule(PersonalDataEntity.VnCccd, ["12", "3_3_3_3", "3_3_6", "4_4_4"], IsCccd, "province, century and year", ContextVocabulary.Cccd, 0.45, 0.3, 0.95),
        Rule(PersonalDataEntity.VnCmnd, ["9", "3_3_3"], IsCmnd, "9 digits, province range", ContextVocabulary.Cmnd, 0, 0, 0.85),
        Rule(PersonalDataEntity.VnTaxCode, ["10", "10-3"], d => Checksums.VietnameseTaxCode(d), "check digit mod 11", ContextVocabulary.VietnameseTaxCode, 0.2, 0.5),
        Rule(PersonalDataEntity.VnInsurance, ["10"], _ => true, "10 digits", ContextVocabulary.VietnameseInsurance, 0, 0, 0.8),
        Rule(PersonalDataEntity.BankAccount, ["9"], d => Checksums.RoutingNumber(d), "routing number check", ContextVocabulary.RoutingNumber, 0.1, 0.1, 0.9),
    ];

    // Provinces and cities as numbered by circular 07/2016/TT-BCA; 001 is Hanoi, 079 Ho Chi Minh City, 096 Ca Mau.
    private static readonly HashSet<int> Provinces =
    [
        1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54,
        56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
    ];

    private static NumericIdRule Rule(
        PersonalDataEntity entity,
        string[] shapes,
        DigitCheck check,
        string evidence,
        ContextWords context,
        double plain,
        double formatted,
        double supported = 1.0) => new()
        {
            Entity = entity,
            Shapes = [.. shapes.Select(shape => new NumberShape(shape))],
            Check = check,
            Evidence = evidence,
            Context = context,
            Plain = plain,
            Formatted = formatted,
            Supported = supported,
        };

    // Never issued: area 000, 666 and 900 to 999, group 00, serial 0000 (SSA, randomisation since 2011); 078-05-1120 is the Woolworth card.
    private static bool IsSsn(ReadOnlySpan<byte> d) =>
        d[0] != 9 && d[..3] is not ([0, 0, 0] or [6, 6, 6]) && d[3..5] is not [0, 0] && d[5..9] is not [0, 0, 0, 0]
        && d is not [0, 7, 8, 0, 5, 1, 1, 2, 0];

    private static bool IsItin(ReadOnlySpan<byte> d)
    {
        int group = (d[3] * 10) + d[4];
        return d[0] == 9 && group is (>= 50 and <= 65) or (>= 70 and <= 88) or (>= 90 and <= 92) or (>= 94 and <= 99);
    }

    private static bool IsAadhaar(ReadOnlySpan<byte> d) => d[0] >= 2 && Checksums.Verhoeff(d);

    // Province, then century and sex (0 to 3 for people born from 1900 to 2099), two digits of the year of birth, six of a serial.
    private static bool IsCccd(ReadOnlySpan<byte> d) => d[0] == 0 && d[3] <= 3 && Provinces.Contains((d[1] * 10) + d[2]);

    // The first two or three digits named the issuing province, up to 38 in the old numbering.
    private static bool IsCmnd(ReadOnlySpan<byte> d) => (d[0] * 10) + d[1] is >= 1 and <= 38 && d.ContainsAnyExcept(d[0]);
}
