using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Reading;

/// <summary>From which state of which datanet records of a training run came.</summary>
/// <param name="DatanetId">The datanet.</param>
/// <param name="VersionNumber">The number of the version.</param>
/// <param name="VersionId">The id of the version, which commits to everything in it.</param>
/// <param name="Records">How many records of the run came from there.</param>
public sealed record TrainingManifestSource(string DatanetId, int VersionNumber, Sha256Digest VersionId, long Records);
