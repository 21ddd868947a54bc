using OpenLedger.Datanets.Privacy.Recognizers;

namespace OpenLedger.Datanets.Privacy;

/// <summary>The recognisers that come with the package.</summary>
public static class PersonalDataRecognizers
{
    private static readonly IPiiRecognizer[] SecretRecognizers =
        [new PrefixedSecretRecognizer(), new CredentialRecognizer(), new SeedPhraseRecognizer()];

    private static readonly IPiiRecognizer[] DefaultRecognizers =
    [
        new EmailRecognizer(),
        new CreditCardRecognizer(),
        new IbanRecognizer(),
        new PhoneRecognizer(),
        new IpAddressRecognizer(),
        new MacAddressRecognizer(),
        new UrlRecognizer(),
        new CryptoAddressRecognizer(),
        .. NumericIdRules.All.Select(rule => new NumericIdRecognizer(rule)),
        new NumericIdRecognizer(new NumericIdRule
        {
            Entity = PersonalDataEntity.CnResidentId,
            Shapes = [new NumberShape("18")],
            Check = IsAllDigitResidentId,
            Evidence = "ISO 7064 mod 11-2 and date",
            Context = ContextVocabulary.ChineseId,
            Plain = 0.8,
            Formatted = 0.8,
        }),
        .. TokenIdRules.All.Select(rule => new TokenIdRecognizer(rule)),
        new DateOfBirthRecognizer(),
        new LicensePlateRecognizer(),
        new UsZipRecognizer(),
        new ContextualNumberRecognizer(new ContextualNumberRule
        {
            Entity = PersonalDataEntity.Passport, Context = ContextVocabulary.Passport, MinDigits = 6, MaxLength = 10, MaxLetters = 3,
        }),
        new ContextualNumberRecognizer(new ContextualNumberRule
        {
            Entity = PersonalDataEntity.DriverLicense, Context = ContextVocabulary.DriverLicense, MinDigits = 5, MaxLength = 18, MaxLetters = 6,
        }),
        new ContextualNumberRecognizer(new ContextualNumberRule
        {
            Entity = PersonalDataEntity.BankAccount, Context = ContextVocabulary.BankAccount, MinDigits = 6, MaxLength = 19, JoinsGroups = true,
            Supported = 0.7,
        }),
        new ContextualNumberRecognizer(new ContextualNumberRule
        {
            Entity = PersonalDataEntity.PostalCode, Context = ContextVocabulary.PostalCode, MinDigits = 4, MaxLength = 9, JoinsGroups = true,
            Supported = 0.6,
        }),
        .. SecretRecognizers,
    ];

    /// <summary>Grows when the built-in recognisers change what they find; part of the description of <see cref="PersonalDataRule"/>.</summary>
    public static int Version => 1;

    /// <summary>Structured personal data and secrets: everything but names and street addresses.</summary>
    public static IReadOnlyList<IPiiRecognizer> Default { get; } = DefaultRecognizers;

    /// <summary>Secrets alone; addresses with a password inside are found by <see cref="Default"/> only.</summary>
    public static IReadOnlyList<IPiiRecognizer> Secrets { get; } = SecretRecognizers;

    /// <summary>
    /// Persons and street addresses where a title, a phrase, a family name or a street word gives them away. Rules miss most names; add
    /// these to <see cref="Default"/> where a lost famous name does no harm.
    /// </summary>
    public static IReadOnlyList<IPiiRecognizer> Names { get; } = [new PersonRecognizer(), new StreetAddressRecognizer()];

    private static bool IsAllDigitResidentId(ReadOnlySpan<byte> digits)
    {
        Span<char> id = stackalloc char[18];
        for (int i = 0; i < id.Length; i++)
        {
            id[i] = (char)('0' + digits[i]);
        }

        return Checksums.ChineseResidentId(id);
    }
}
