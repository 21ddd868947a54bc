namespace OpenLedger.Datanets.Licences;

/// <summary>One licence of an expression: an identifier, maybe a later version, maybe an exception.</summary>
public sealed class SingleLicence : LicenceExpression
{
    internal const string ReferencePrefix = "LicenseRef-";

    internal SingleLicence(string id, bool isOrLater, string? exception)
    {
        Id = id;
        IsOrLater = isOrLater;
        Exception = exception;
        IsReference = id.Contains(ReferencePrefix, StringComparison.Ordinal);
        Known = Find();
    }

    /// <summary>The identifier: canonical when known, else as written. A reference includes its <c>DocumentRef-…:</c>.</summary>
    public string Id { get; }

    /// <summary>Whether <c>+</c> follows: this version or a later one.</summary>
    public bool IsOrLater { get; }

    /// <summary>The exception after WITH, or <see langword="null"/>. It widens what the licence allows; <see cref="Terms"/> ignores it.</summary>
    public string? Exception { get; }

    /// <summary>Whether the identifier stands for a text kept elsewhere (<c>LicenseRef-…</c>).</summary>
    public bool IsReference { get; }

    /// <summary>
    /// The licence of the SPDX list, or <see langword="null"/> when this package does not know it. A <c>+</c> that has an identifier of
    /// its own is resolved: <c>GPL-2.0+</c> is <c>GPL-2.0-or-later</c>.
    /// </summary>
    public SpdxLicence? Known { get; }

    /// <summary>What the licence allows and asks; of an unknown one nothing is known.</summary>
    public LicenceTerms Terms => Known?.Terms ?? (IsReference ? HuggingFaceLicence.TermsOf(Id) : LicenceTerms.Unknown);

    /// <inheritdoc/>
    public override IReadOnlyList<SingleLicence> Licences => [this];

    internal override int AlternativeCount => 1;

    internal override IEnumerable<IReadOnlyList<SingleLicence>> Choices() => [[this]];

    /// <inheritdoc/>
    public override string ToString() => Id + (IsOrLater ? "+" : "") + (Exception is null ? "" : " WITH " + Exception);

    private SpdxLicence? Find()
    {
        if (!SpdxLicence.TryFind(Id, out SpdxLicence? licence) || !IsOrLater)
        {
            return licence;
        }

        string version = Id.EndsWith("-only", StringComparison.Ordinal) ? Id[..^"-only".Length] : Id;
        return SpdxLicence.TryFind(version + "-or-later", out SpdxLicence? later) ? later : licence;
    }
}
