using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Erasure;

/// <summary>What an erasure did, and what it could not undo.</summary>
/// <param name="Record">The record.</param>
/// <param name="LeafIndexes">The leaves that added it; they and their proofs remain.</param>
/// <param name="StepIndexes">The leaves that record the erasure, one for each of <paramref name="LeafIndexes"/>.</param>
/// <param name="ErasedAt">When.</param>
/// <param name="Versions">The numbers of the versions that held it; their roots and ids stay as they are.</param>
/// <param name="TrainedModels">The models trained on these versions: they may still contain what the record said.</param>
/// <param name="IsPurged">
/// Whether the store's logs are clear, too. <see langword="false"/> while another process reads an older state: call
/// <see cref="Storage.IDatanetStore.Purge"/> again, or open the store anew.
/// </param>
public sealed record ErasureReceipt(
    RecordDigest Record,
    IReadOnlyList<long> LeafIndexes,
    IReadOnlyList<long> StepIndexes,
    DateTimeOffset ErasedAt,
    IReadOnlyList<int> Versions,
    IReadOnlyList<TrainedModel> TrainedModels,
    bool IsPurged);
