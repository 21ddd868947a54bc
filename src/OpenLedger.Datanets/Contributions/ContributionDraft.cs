using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Contributions;

/// <summary>What a contributor is about to sign.</summary>
public sealed record ContributionDraft
{
    /// <summary>The datanet the records are meant for; a signature for one datanet is worth nothing in another.</summary>
    public required string DatanetId { get; init; }

    /// <summary>The records, in order; at least one.</summary>
    public required IReadOnlyList<DatanetRecord> Records { get; init; }

    /// <summary>The licence of the records: an SPDX expression, for example <c>CC-BY-4.0</c> or <c>MIT OR LicenseRef-House</c>.</summary>
    public required string Licence { get; init; }

    /// <summary>What the contributor allows.</summary>
    public required ConsentTerms Consent { get; init; }

    /// <summary>Where the records come from, in the contributor's words; may be empty.</summary>
    public required string Provenance { get; init; }
}
