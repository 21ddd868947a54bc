using System.Globalization;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Access;

/// <summary>What the owner of a datanet allows somebody: the text that is signed. The format is <c>openledger-grant/1</c>.</summary>
/// <remarks>Immutable; safe for concurrent use. The members are specified in <c>docs/spec/access-grant.md</c>.</remarks>
public sealed class AccessGrant
{
    /// <summary>Longest document in bytes.</summary>
    public const int MaxDocumentLength = 512 << 10;

    private const string Format = "openledger-grant/1";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private readonly byte[] _document;

    internal AccessGrant(
        long id, string datanetId, ContributorId issuer, ContributorId grantee, AccessPurpose purpose, AccessTerms terms, DateTimeOffset notBefore)
    {
        Id = id;
        DatanetId = datanetId;
        Issuer = issuer;
        Grantee = grantee;
        Purpose = purpose;
        Scope = terms.Scope;
        Quota = terms.Quota;
        Version = terms.Version;
        NotBefore = notBefore;
        NotAfter = notBefore + terms.Validity;
        _document = CanonicalJson.Serialize(ToJson());
        Digest = Sha256Digest.Of(_document);
        if (_document.Length > MaxDocumentLength)
        {
            throw new DatanetException(
                DatanetError.LimitExceeded, $"The grant has {_document.Length} bytes; at most {MaxDocumentLength} are allowed. Narrow the lists of the scope.");
        }
    }

    private AccessGrant(byte[] document)
    {
        EventBody body = new(CanonicalJson.Parse(document), "$", DatanetError.AccessDenied);
        body.AllowOnly("datanet", "format", "grantee", "id", "issuer", "notAfter", "notBefore", "purpose", "quota", "scope", "version");
        if (body.Text("format") != Format)
        {
            throw body.Fault("format", $"is '{body.Text("format")}'; this version of the package reads '{Format}'");
        }

        Id = body.Int64("id");
        DatanetId = DatanetSlug.IsValid(body.Text("datanet")) ? body.Text("datanet") : throw body.Fault("datanet", "is not a datanet id");
        Issuer = body.Contributor("issuer");
        Grantee = body.Contributor("grantee");
        Purpose = body.Name<AccessPurpose>("purpose");
        Scope = AccessScope.Read(body.Object("scope"));
        Quota = body.Has("quota") ? ReadQuota(body.Object("quota")) : null;
        Version = body.Has("version") ? body.Digest("version") : null;
        NotBefore = ReadTime(body, "notBefore");
        NotAfter = ReadTime(body, "notAfter");
        List<string> faults = [];
        Scope.AddFaults(faults);
        Quota?.AddFaults(faults);
        _document = CanonicalJson.Serialize(ToJson());
        if (faults.Count > 0 || !_document.AsSpan().SequenceEqual(document))
        {
            throw body.Fault("format", $"does not hold: the document is not canonical, or its lists are not legal. {string.Join(" ", faults)}");
        }

        Digest = Sha256Digest.Of(_document);
    }

    /// <summary>The grant: the id of the request it answers.</summary>
    public long Id { get; }

    /// <summary>The datanet.</summary>
    public string DatanetId { get; }

    /// <summary>Who allows it and signs: the owner.</summary>
    public ContributorId Issuer { get; }

    /// <summary>Who is allowed.</summary>
    public ContributorId Grantee { get; }

    /// <summary>What for.</summary>
    public AccessPurpose Purpose { get; }

    /// <summary>Which records, and which parts of them.</summary>
    public AccessScope Scope { get; }

    /// <summary>How much, or <see langword="null"/> for no limit.</summary>
    public AccessQuota? Quota { get; }

    /// <summary>The only version it covers, by version id, or <see langword="null"/> for any.</summary>
    public Sha256Digest? Version { get; }

    /// <summary>When it begins, to the millisecond.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>When it ends; at this time it is not valid any more.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>The grant as canonical JSON, UTF-8.</summary>
    public ReadOnlyMemory<byte> Document => _document;

    /// <summary>SHA-256 of <see cref="Document"/>: the 32 bytes that are signed.</summary>
    public Sha256Digest Digest { get; }

    /// <summary>Reads a grant.</summary>
    /// <param name="document">Exactly the canonical bytes that were signed.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.AccessDenied"/> with <see cref="AccessDenial.Malformed"/>.</exception>
    public static AccessGrant Parse(ReadOnlySpan<byte> document)
    {
        if (document.Length > MaxDocumentLength)
        {
            throw Malformed($"the grant has {document.Length} bytes; at most {MaxDocumentLength} are allowed", null);
        }

        try
        {
            return new AccessGrant(document.ToArray());
        }
        catch (DatanetException exception)
        {
            throw Malformed(exception.Message, exception);
        }
    }

    internal static DatanetException Malformed(string problem, Exception? cause) =>
        new(DatanetError.AccessDenied, $"Not an access token: {problem}", cause) { Denial = AccessDenial.Malformed };

    private JsonObject ToJson()
    {
        JsonObject json = new()
        {
            ["format"] = Format,
            ["id"] = Id,
            ["datanet"] = DatanetId,
            ["issuer"] = Issuer.ToString(),
            ["grantee"] = Grantee.ToString(),
            ["purpose"] = EventName<AccessPurpose>.Of(Purpose),
            ["scope"] = Scope.ToJson(),
            ["notBefore"] = Write(NotBefore),
            ["notAfter"] = Write(NotAfter),
        };
        if (Quota is not null)
        {
            json["quota"] = new JsonObject { ["unit"] = EventName<AccessQuotaUnit>.Of(Quota.Unit), ["amount"] = Quota.Amount };
        }

        if (Version is Sha256Digest version)
        {
            json["version"] = version.ToString();
        }

        return json;
    }

    private static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static AccessQuota ReadQuota(EventBody body)
    {
        body.AllowOnly("amount", "unit");
        return new AccessQuota(body.Name<AccessQuotaUnit>("unit"), body.Int64("amount"));
    }

    private static DateTimeOffset ReadTime(EventBody body, string name) =>
        DateTimeOffset.TryParseExact(body.Text(name), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw body.Fault(name, "is not of the form 2030-01-31T23:59:59.000Z");
}
