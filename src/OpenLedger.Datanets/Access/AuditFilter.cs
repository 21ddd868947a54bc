using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Access;

/// <summary>Which events of a journal to show.</summary>
public sealed record AuditFilter
{
    /// <summary>Only kinds that begin with this text, for example <c>access.</c>.</summary>
    /// <value>Empty: all.</value>
    public string KindPrefix { get; init; } = "";

    /// <summary>Only what this account did.</summary>
    /// <value><see langword="null"/>: anybody.</value>
    public ContributorId? Actor { get; init; }

    /// <summary>Only from this time on.</summary>
    /// <value><see langword="null"/>: from the beginning.</value>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only before this time.</summary>
    /// <value><see langword="null"/>: to the end.</value>
    public DateTimeOffset? Before { get; init; }
}
