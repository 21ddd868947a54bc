namespace OpenLedger.Datanets.Licences;

/// <summary>One thing that a licence of a mix forbids, asks or leaves open, and where it comes from.</summary>
public sealed record LicenceRestriction
{
    internal LicenceRestriction(LicenceRestrictionKind kind, string licence, IReadOnlyList<string> sources, string description)
    {
        Kind = kind;
        Licence = licence;
        Sources = sources;
        Description = description;
    }

    /// <summary>The stable reason.</summary>
    public LicenceRestrictionKind Kind { get; }

    /// <summary>The licence, one identifier of an expression.</summary>
    public string Licence { get; }

    /// <summary>The names of the sources under it, in the order given.</summary>
    public IReadOnlyList<string> Sources { get; }

    /// <summary>What the licence says, for people.</summary>
    public string Description { get; }

    /// <summary>One line for people; names at most three sources.</summary>
    public override string ToString()
    {
        string names = string.Join(", ", Sources.Take(3).Select(static name => $"'{name}'"));
        return $"{Licence} ({names}{(Sources.Count > 3 ? FormattableString.Invariant($" and {Sources.Count - 3} more") : "")}) {Description}";
    }
}
