using System.Diagnostics.CodeAnalysis;

namespace OpenLedger.Datanets.Licences;

/// <summary>A licence of the SPDX list that this package knows.</summary>
/// <remarks>Immutable; safe for concurrent use.</remarks>
public sealed class SpdxLicence
{
    internal SpdxLicence(string id, LicenceTerms terms, bool isDeprecated)
    {
        Id = id;
        Terms = terms;
        IsDeprecated = isDeprecated;
    }

    /// <summary>The SPDX identifier in its canonical spelling.</summary>
    public string Id { get; }

    /// <summary>What it allows and asks.</summary>
    public LicenceTerms Terms { get; }

    /// <summary>The family.</summary>
    public LicenceClass Class => Terms.Class;

    /// <summary>Whether the SPDX list keeps the identifier for old documents only, for example <c>GPL-3.0</c>.</summary>
    public bool IsDeprecated { get; }

    /// <summary>The known licences, by identifier.</summary>
    public static IReadOnlyList<SpdxLicence> Known => SpdxTable.Licences;

    /// <summary>Finds a licence.</summary>
    /// <param name="id">An identifier; its case does not matter, as the SPDX specification says.</param>
    /// <param name="licence">The licence, or <see langword="null"/>.</param>
    /// <returns><see langword="false"/> when the identifier is not among <see cref="Known"/>.</returns>
    public static bool TryFind(string id, [NotNullWhen(true)] out SpdxLicence? licence)
    {
        ArgumentNullException.ThrowIfNull(id);
        return SpdxTable.ById.TryGetValue(id, out licence);
    }

    /// <inheritdoc/>
    public override string ToString() => Id;
}
