using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Licences;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Contributions;

/// <summary>The text a contributor signs: who gives which records to which datanet under which terms. It names records by digest only.</summary>
/// <remarks>Immutable; safe for concurrent use. The format is <c>openledger-contribution/1</c>, canonical JSON.</remarks>
public sealed class ContributionStatement
{
    /// <summary>Most records of one contribution.</summary>
    public const int MaxRecords = 100_000;

    /// <summary>Longest provenance in UTF-16 code units.</summary>
    public const int MaxProvenanceLength = 10_000;

    /// <summary>Longest licence expression in characters.</summary>
    public const int MaxLicenceLength = LicenceExpression.MaxLength;

    private const string Format = "openledger-contribution/1";
    private const int MaxDocumentLength = 16 << 20;
    private static readonly (ConsentTerms Term, string Name)[] TermNames =
    [
        (ConsentTerms.Training, "training"), (ConsentTerms.Inference, "inference"), (ConsentTerms.Mining, "mining"),
    ];

    private readonly byte[] _document;

    /// <summary>Creates a statement.</summary>
    /// <param name="datanetId">See <see cref="Datanet.IsValidId"/>.</param>
    /// <param name="contributor">Who gives; not the default value.</param>
    /// <param name="records">1 to <see cref="MaxRecords"/> digests; copied.</param>
    /// <param name="licence">An SPDX expression, for example <c>CC-BY-4.0</c>; kept and signed as it is spelled.</param>
    /// <param name="consent">What the contributor allows.</param>
    /// <param name="provenance">At most <see cref="MaxProvenanceLength"/> characters; may be empty.</param>
    /// <exception cref="ArgumentException">A parameter is not legal; the message says which values are.</exception>
    public ContributionStatement(
        string datanetId,
        ContributorId contributor,
        IEnumerable<RecordDigest> records,
        string licence,
        ConsentTerms consent,
        string provenance)
    {
        DatanetSlug.ThrowIfInvalid(datanetId, nameof(datanetId));
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(provenance);
        RecordDigest[] digests = [.. records];
        ThrowIfInvalid(contributor, digests, consent, provenance);
        DatanetId = datanetId;
        Contributor = contributor;
        Records = Array.AsReadOnly(digests);
        Licence = licence;
        LicenceExpression = ReadLicence(licence);
        Consent = consent;
        Provenance = provenance;
        _document = CanonicalJson.Serialize(ToDocument());
        Digest = Sha256Digest.Of(_document);
    }

    /// <summary>The datanet the records are meant for.</summary>
    public string DatanetId { get; }

    /// <summary>Who gives and signs.</summary>
    public ContributorId Contributor { get; }

    /// <summary>The records by digest, in order.</summary>
    public IReadOnlyList<RecordDigest> Records { get; }

    /// <summary>The licence of the records as the contributor spelled it, an SPDX expression.</summary>
    public string Licence { get; }

    /// <summary>The licence of the records, read.</summary>
    public LicenceExpression LicenceExpression { get; }

    /// <summary>What the contributor allows.</summary>
    public ConsentTerms Consent { get; }

    /// <summary>Where the records come from, in the contributor's words.</summary>
    public string Provenance { get; }

    /// <summary>The statement as canonical JSON, UTF-8.</summary>
    public ReadOnlyMemory<byte> Document => _document;

    /// <summary>SHA-256 of <see cref="Document"/>: the 32 bytes that are signed.</summary>
    public Sha256Digest Digest { get; }

    /// <summary>Reads a statement.</summary>
    /// <param name="document">Exactly the canonical bytes that were signed.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/>, <see cref="DatanetError.LimitExceeded"/> or
    /// <see cref="DatanetError.InvalidStatement"/>, also when the bytes are not canonical.
    /// </exception>
    public static ContributionStatement Parse(ReadOnlySpan<byte> document)
    {
        if (document.Length > MaxDocumentLength)
        {
            throw new DatanetException(
                DatanetError.LimitExceeded, $"The statement has {document.Length} bytes; at most {MaxDocumentLength} are allowed.");
        }

        byte[] canonical = CanonicalJson.Canonicalize(document);
        DocumentObject root = new(CanonicalJson.Parse(canonical), "$", DatanetError.InvalidStatement);
        root.AllowOnly("consent", "contributor", "datanet", "format", "licence", "provenance", "records");
        if (root.Text("format") != Format)
        {
            throw root.Fault("format", $"is '{root.Text("format")}'; this version reads '{Format}'");
        }

        ContributionStatement statement;
        try
        {
            statement = new ContributionStatement(
                root.Text("datanet"),
                ContributorId.Parse(root.Text("contributor")),
                root.Texts("records").Select(text => RecordDigest.Parse(text)),
                root.Text("licence"),
                ReadConsent(root),
                root.Text("provenance"));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new DatanetException(DatanetError.InvalidStatement, $"The statement is not legal: {exception.Message}", exception);
        }

        return document.SequenceEqual(statement._document)
            ? statement
            : throw new DatanetException(DatanetError.InvalidStatement, "The statement is not in its canonical form, so its digest would be another one.");
    }

    private static ConsentTerms ReadConsent(DocumentObject root)
    {
        ConsentTerms consent = ConsentTerms.None;
        foreach (string name in root.Texts("consent"))
        {
            ConsentTerms term = Array.Find(TermNames, known => known.Name == name).Term;
            consent |= term != ConsentTerms.None ? term : throw root.Fault("consent", $"names '{name}'; known are training, inference and mining");
        }

        return consent;
    }

    private JsonObject ToDocument() => new()
    {
        ["format"] = Format,
        ["datanet"] = DatanetId,
        ["contributor"] = Contributor.ToString(),
        ["licence"] = Licence,
        ["consent"] = new JsonArray(
            [.. TermNames.Where(known => Consent.HasFlag(known.Term)).Select(known => (JsonNode)JsonValue.Create(known.Name)!)]),
        ["provenance"] = Provenance,
        ["records"] = new JsonArray([.. Records.Select(digest => (JsonNode)JsonValue.Create(digest.ToString())!)]),
    };

    private static LicenceExpression ReadLicence(string licence)
    {
        ArgumentException.ThrowIfNullOrEmpty(licence);
        return LicenceExpression.TryParse(licence, out LicenceExpression? expression, out string? fault)
            ? expression
            : throw new ArgumentException($"The licence '{licence[..Math.Min(licence.Length, 100)]}': {fault}", nameof(licence));
    }

    private static void ThrowIfInvalid(
        ContributorId contributor, RecordDigest[] records, ConsentTerms consent, string provenance)
    {
        if (contributor == default)
        {
            throw new ArgumentException("The default contributor id stands for nobody; use the signer's id.", nameof(contributor));
        }

        if (records.Length is 0 or > MaxRecords)
        {
            throw new ArgumentException($"A contribution has 1 to {MaxRecords} records, not {records.Length}.", nameof(records));
        }

        if ((consent & ~(ConsentTerms.Training | ConsentTerms.Inference | ConsentTerms.Mining)) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(consent), consent, "Only training, inference and mining are known.");
        }

        if (provenance.Length > MaxProvenanceLength)
        {
            throw new ArgumentException(
                $"The provenance has {provenance.Length} characters; at most {MaxProvenanceLength} are allowed.", nameof(provenance));
        }
    }
}
