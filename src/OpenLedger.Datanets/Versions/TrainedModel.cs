using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Versions;

/// <summary>A model that was trained on a version.</summary>
/// <param name="ModelId">The model, in the words of who trained it.</param>
/// <param name="VersionNumber">The version's number.</param>
/// <param name="VersionId">The version's id.</param>
/// <param name="Adapter">SHA-256 of the adapter that came out, or <see langword="null"/>.</param>
/// <param name="TrainedBy">Who recorded it.</param>
/// <param name="RecordedAt">When it was recorded.</param>
public sealed record TrainedModel(
    string ModelId, int VersionNumber, Sha256Digest VersionId, Sha256Digest? Adapter, ContributorId TrainedBy, DateTimeOffset RecordedAt);
