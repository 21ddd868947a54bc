using System.Diagnostics.CodeAnalysis;

namespace OpenLedger.Datanets.Privacy;

/// <summary>A kind of personal data or secret, for example <c>EMAIL</c>; the built-in kinds are the static members.</summary>
/// <remarks>Two entities are equal when their names are. Immutable and safe for concurrent use.</remarks>
public sealed class PersonalDataEntity : IEquatable<PersonalDataEntity>
{
    private const int MaxNameLength = 64;

    private PersonalDataEntity(string name, bool isSecret)
    {
        Name = name;
        IsSecret = isSecret;
        Code = (isSecret ? "secret_" : "pii_") + name.ToLowerInvariant();
    }

    /// <summary>An e-mail address.</summary>
    public static PersonalDataEntity Email { get; } = new("EMAIL", false);

    /// <summary>A telephone number with its extension, if any.</summary>
    public static PersonalDataEntity Phone { get; } = new("PHONE", false);

    /// <summary>A payment card number.</summary>
    public static PersonalDataEntity CreditCard { get; } = new("CREDIT_CARD", false);

    /// <summary>An international bank account number (ISO 13616).</summary>
    public static PersonalDataEntity Iban { get; } = new("IBAN", false);

    /// <summary>A bank account number that only its context gives away.</summary>
    public static PersonalDataEntity BankAccount { get; } = new("BANK_ACCOUNT", false);

    /// <summary>An IPv4 or IPv6 address that is routed on the public Internet.</summary>
    public static PersonalDataEntity IpAddress { get; } = new("IP_ADDRESS", false);

    /// <summary>A private, loopback, link-local or otherwise special IP address; below the default threshold.</summary>
    public static PersonalDataEntity PrivateIpAddress { get; } = new("PRIVATE_IP_ADDRESS", false);

    /// <summary>A MAC address (EUI-48).</summary>
    public static PersonalDataEntity MacAddress { get; } = new("MAC_ADDRESS", false);

    /// <summary>A web address; below the default threshold, since most are not personal.</summary>
    public static PersonalDataEntity Url { get; } = new("URL", false);

    /// <summary>A Bitcoin or Ethereum address.</summary>
    public static PersonalDataEntity CryptoAddress { get; } = new("CRYPTO_ADDRESS", false);

    /// <summary>A date of birth, told by its context.</summary>
    public static PersonalDataEntity DateOfBirth { get; } = new("DATE_OF_BIRTH", false);

    /// <summary>A postal code, told by its context.</summary>
    public static PersonalDataEntity PostalCode { get; } = new("POSTAL_CODE", false);

    /// <summary>A passport number, told by its context.</summary>
    public static PersonalDataEntity Passport { get; } = new("PASSPORT", false);

    /// <summary>A driving licence number, told by its context.</summary>
    public static PersonalDataEntity DriverLicense { get; } = new("DRIVER_LICENSE", false);

    /// <summary>A vehicle number plate.</summary>
    public static PersonalDataEntity LicensePlate { get; } = new("LICENSE_PLATE", false);

    /// <summary>A person's name, told by a title, a phrase or a Vietnamese family name; not among the default recognisers.</summary>
    public static PersonalDataEntity Person { get; } = new("PERSON", false);

    /// <summary>A street address; not among the default recognisers.</summary>
    public static PersonalDataEntity StreetAddress { get; } = new("STREET_ADDRESS", false);

    /// <summary>A United States social security number.</summary>
    public static PersonalDataEntity UsSsn { get; } = new("US_SSN", false);

    /// <summary>A United States individual taxpayer number.</summary>
    public static PersonalDataEntity UsItin { get; } = new("US_ITIN", false);

    /// <summary>A United Kingdom NHS number.</summary>
    public static PersonalDataEntity UkNhs { get; } = new("UK_NHS", false);

    /// <summary>A United Kingdom national insurance number.</summary>
    public static PersonalDataEntity UkNino { get; } = new("UK_NINO", false);

    /// <summary>A Spanish NIF (DNI with its letter).</summary>
    public static PersonalDataEntity EsNif { get; } = new("ES_NIF", false);

    /// <summary>A Spanish NIE.</summary>
    public static PersonalDataEntity EsNie { get; } = new("ES_NIE", false);

    /// <summary>An Italian <i>codice fiscale</i>.</summary>
    public static PersonalDataEntity ItFiscalCode { get; } = new("IT_FISCAL_CODE", false);

    /// <summary>A Polish PESEL.</summary>
    public static PersonalDataEntity PlPesel { get; } = new("PL_PESEL", false);

    /// <summary>A Singapore NRIC or FIN.</summary>
    public static PersonalDataEntity SgNric { get; } = new("SG_NRIC", false);

    /// <summary>An Australian tax file number.</summary>
    public static PersonalDataEntity AuTfn { get; } = new("AU_TFN", false);

    /// <summary>An Australian business number.</summary>
    public static PersonalDataEntity AuAbn { get; } = new("AU_ABN", false);

    /// <summary>An Indian permanent account number.</summary>
    public static PersonalDataEntity InPan { get; } = new("IN_PAN", false);

    /// <summary>An Indian Aadhaar number.</summary>
    public static PersonalDataEntity InAadhaar { get; } = new("IN_AADHAAR", false);

    /// <summary>A German <i>Steuer-Identifikationsnummer</i>.</summary>
    public static PersonalDataEntity DeTaxId { get; } = new("DE_TAX_ID", false);

    /// <summary>A French NIR (social security number).</summary>
    public static PersonalDataEntity FrNir { get; } = new("FR_NIR", false);

    /// <summary>A Dutch BSN.</summary>
    public static PersonalDataEntity NlBsn { get; } = new("NL_BSN", false);

    /// <summary>A Brazilian CPF.</summary>
    public static PersonalDataEntity BrCpf { get; } = new("BR_CPF", false);

    /// <summary>A Brazilian CNPJ.</summary>
    public static PersonalDataEntity BrCnpj { get; } = new("BR_CNPJ", false);

    /// <summary>A Chinese resident identity number (GB 11643).</summary>
    public static PersonalDataEntity CnResidentId { get; } = new("CN_RESIDENT_ID", false);

    /// <summary>A Vietnamese citizen identity card number (<i>căn cước công dân</i>, 12 digits).</summary>
    public static PersonalDataEntity VnCccd { get; } = new("VN_CCCD", false);

    /// <summary>An old Vietnamese identity card number (<i>chứng minh nhân dân</i>, 9 digits).</summary>
    public static PersonalDataEntity VnCmnd { get; } = new("VN_CMND", false);

    /// <summary>A Vietnamese tax code (<i>mã số thuế</i>).</summary>
    public static PersonalDataEntity VnTaxCode { get; } = new("VN_TAX_CODE", false);

    /// <summary>A Vietnamese social or health insurance number (<i>BHXH, BHYT</i>).</summary>
    public static PersonalDataEntity VnInsurance { get; } = new("VN_INSURANCE", false);

    /// <summary>An Amazon Web Services access key id.</summary>
    public static PersonalDataEntity AwsAccessKeyId { get; } = new("AWS_ACCESS_KEY_ID", true);

    /// <summary>An Amazon Web Services secret access key.</summary>
    public static PersonalDataEntity AwsSecretKey { get; } = new("AWS_SECRET_KEY", true);

    /// <summary>A GitHub or GitLab token.</summary>
    public static PersonalDataEntity GitToken { get; } = new("GIT_TOKEN", true);

    /// <summary>A Slack token or webhook.</summary>
    public static PersonalDataEntity SlackToken { get; } = new("SLACK_TOKEN", true);

    /// <summary>A Google API key or OAuth token.</summary>
    public static PersonalDataEntity GoogleApiKey { get; } = new("GOOGLE_API_KEY", true);

    /// <summary>A Stripe secret, restricted or webhook key.</summary>
    public static PersonalDataEntity StripeKey { get; } = new("STRIPE_KEY", true);

    /// <summary>A token of another service that its prefix gives away.</summary>
    public static PersonalDataEntity ServiceToken { get; } = new("SERVICE_TOKEN", true);

    /// <summary>A JSON Web Token (RFC 7519).</summary>
    public static PersonalDataEntity JsonWebToken { get; } = new("JWT", true);

    /// <summary>A private key in PEM form (RFC 7468).</summary>
    public static PersonalDataEntity PemPrivateKey { get; } = new("PEM_PRIVATE_KEY", true);

    /// <summary>A private key of 64 hexadecimal digits, or a Bitcoin key in wallet import format.</summary>
    public static PersonalDataEntity PrivateKey { get; } = new("PRIVATE_KEY", true);

    /// <summary>The words that restore a wallet (BIP-39), told by shape and context.</summary>
    public static PersonalDataEntity SeedPhrase { get; } = new("SEED_PHRASE", true);

    /// <summary>A value assigned to a name such as <c>password</c> or <c>api_key</c>.</summary>
    public static PersonalDataEntity Credential { get; } = new("CREDENTIAL", true);

    /// <summary>The password inside a connection string.</summary>
    public static PersonalDataEntity ConnectionString { get; } = new("CONNECTION_STRING", true);

    /// <summary>The user name and password, or the token, inside a web address.</summary>
    public static PersonalDataEntity UrlCredentials { get; } = new("URL_CREDENTIALS", true);

    /// <summary>The name, in capitals.</summary>
    public string Name { get; }

    /// <summary>Whether it is a secret (a key, a password) rather than data about a person.</summary>
    public bool IsSecret { get; }

    /// <summary>A stable reason code: <c>pii_</c> or <c>secret_</c> and the name in small letters.</summary>
    public string Code { get; }

    /// <summary>Makes a kind of your own.</summary>
    /// <param name="name">1 to 64 of <c>A-Z 0-9 _</c>, beginning with a letter.</param>
    /// <param name="isSecret">Whether it is a secret rather than data about a person.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> has another form.</exception>
    public static PersonalDataEntity Create(string name, bool isSecret = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool legal = name.Length is > 0 and <= MaxNameLength && char.IsAsciiLetterUpper(name[0])
            && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');
        return legal
            ? new PersonalDataEntity(name, isSecret)
            : throw new ArgumentException(
                $"'{name}' does not name an entity; use 1 to {MaxNameLength} of A-Z, 0-9 and _, beginning with a letter.", nameof(name));
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] PersonalDataEntity? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as PersonalDataEntity);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
