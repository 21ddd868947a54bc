using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Journal;

namespace OpenLedger.Datanets.Access;

/// <summary>On which terms a datanet can be used. A change applies to later requests and approvals; grants keep what they say.</summary>
public sealed record AccessTerms
{
    private const int MaxFields = 50;

    /// <summary>Who approves requests.</summary>
    /// <value><see cref="AccessMode.Manual"/>.</value>
    public AccessMode Mode { get; init; } = AccessMode.Manual;

    /// <summary>The purposes that can be asked for, none twice.</summary>
    /// <value>All.</value>
    public IReadOnlyList<AccessPurpose> Purposes { get; init; } = [.. Enum.GetValues<AccessPurpose>()];

    /// <summary>The form; at most 50 fields, no name twice.</summary>
    /// <value>No fields.</value>
    public IReadOnlyList<AccessField> Fields { get; init; } = [];

    /// <summary>The price of one grant in base units of the payer's currency; 0 for free.</summary>
    /// <value>0.</value>
    public UInt128 Price { get; init; }

    /// <summary>How much one grant allows.</summary>
    /// <value><see langword="null"/>: no limit.</value>
    public AccessQuota? Quota { get; init; }

    /// <summary>What one grant covers.</summary>
    /// <value><see cref="AccessScope.Everything"/>.</value>
    public AccessScope Scope { get; init; } = AccessScope.Everything;

    /// <summary>How long a grant is valid.</summary>
    /// <value>365 days; 1 minute to 3,650 days.</value>
    public TimeSpan Validity { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How long a request waits for an answer.</summary>
    /// <value>30 days; 1 minute to 365 days.</value>
    public TimeSpan RequestLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The version that grants are bound to, by version id.</summary>
    /// <value><see langword="null"/>: any version.</value>
    public Sha256Digest? Version { get; init; }

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (!Enum.IsDefined(Mode))
        {
            faults.Add($"{nameof(Mode)} is {(int)Mode}; use a member of {nameof(AccessMode)}.");
        }

        if (Purposes is not { Count: > 0 } || Purposes.Any(purpose => !Enum.IsDefined(purpose)) || Purposes.Distinct().Count() != Purposes.Count)
        {
            faults.Add($"{nameof(Purposes)} is empty, names one twice, or one that is no member of {nameof(AccessPurpose)}.");
        }

        if (Fields is null || Fields.Count > MaxFields || Fields.Contains(null!) || Fields.DistinctBy(field => field.Name).Count() != Fields.Count)
        {
            faults.Add($"{nameof(Fields)} is null, holds null, more than {MaxFields} fields, or one name twice.");
        }
        else
        {
            foreach (AccessField field in Fields)
            {
                field.AddFaults(faults);
            }
        }

        Quota?.AddFaults(faults);
        if (Scope is null)
        {
            faults.Add($"{nameof(Scope)} is missing; {nameof(AccessScope)}.{nameof(AccessScope.Everything)} is the usual one.");
        }

        Scope?.AddFaults(faults);
        if (Validity < TimeSpan.FromMinutes(1) || Validity > TimeSpan.FromDays(3650))
        {
            faults.Add($"{nameof(Validity)} is {Validity}; it must be from 1 minute to 3650 days.");
        }

        if (RequestLifetime < TimeSpan.FromMinutes(1) || RequestLifetime > TimeSpan.FromDays(365))
        {
            faults.Add($"{nameof(RequestLifetime)} is {RequestLifetime}; it must be from 1 minute to 365 days.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }

    /// <summary>Throws when answers do not fit the form, naming every fault.</summary>
    internal void ThrowIfUnfit(IReadOnlyDictionary<string, string> answers, string parameterName)
    {
        List<string> faults = [];
        foreach (string name in answers.Keys.Where(name => !Fields.Any(field => field.Name == name)).Order(StringComparer.Ordinal))
        {
            faults.Add($"The form has no field '{name}'.");
        }

        foreach (AccessField field in Fields)
        {
            if (field.FindFault(answers.GetValueOrDefault(field.Name)) is string fault)
            {
                faults.Add($"The answer to '{field.Name}' {fault}.");
            }
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults), parameterName);
        }
    }

    internal JsonObject ToJson()
    {
        JsonObject json = new()
        {
            ["mode"] = EventName<AccessMode>.Of(Mode),
            ["purposes"] = new JsonArray([.. Purposes.Select(purpose => (JsonNode)JsonValue.Create(EventName<AccessPurpose>.Of(purpose))!)]),
            ["fields"] = new JsonArray([.. Fields.Select(field => (JsonNode)field.ToJson())]),
            ["price"] = Price.ToString(CultureInfo.InvariantCulture),
            ["scope"] = Scope.ToJson(),
            ["validitySeconds"] = (long)Validity.TotalSeconds,
            ["requestSeconds"] = (long)RequestLifetime.TotalSeconds,
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

    internal static AccessTerms Read(EventBody body)
    {
        AccessTerms terms = new()
        {
            Mode = body.Name<AccessMode>("mode"),
            Purposes = [.. body.Texts("purposes").Select(text =>
                EventName<AccessPurpose>.TryParse(text, out AccessPurpose purpose) ? purpose : throw body.Fault("purposes", "holds an unknown purpose"))],
            Fields = [.. Items(body).Select(AccessField.Read)],
            Price = body.Amount("price"),
            Scope = AccessScope.Read(body.Object("scope")),
            Quota = body.Has("quota") ? new(body.Object("quota").Name<AccessQuotaUnit>("unit"), body.Object("quota").Int64("amount")) : null,
            Validity = Seconds(body, "validitySeconds"),
            RequestLifetime = Seconds(body, "requestSeconds"),
            Version = body.Has("version") ? body.Digest("version") : null,
        };
        try
        {
            terms.Validate();
        }
        catch (ArgumentException exception)
        {
            throw body.Fault("terms", $"are not legal: {exception.Message}");
        }

        return terms;
    }

    private static IEnumerable<EventBody> Items(EventBody body)
    {
        JsonElement fields = body.Element("fields");
        return fields.ValueKind == JsonValueKind.Array
            ? fields.EnumerateArray().Select(field => new EventBody(field, "fields", DatanetError.StoreCorrupt))
            : throw body.Fault("fields", "is not a list");
    }

    private static TimeSpan Seconds(EventBody body, string name)
    {
        long seconds = body.Int64(name);
        return seconds is >= 0 and <= 315_360_000 ? TimeSpan.FromSeconds(seconds) : throw body.Fault(name, "is not a time in seconds");
    }
}
