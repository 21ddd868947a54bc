using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Storage;

/// <summary>Adds to the logs of datanets inside one transaction. Steps are never changed or removed.</summary>
public interface IStepWriter : IStepReader
{
    /// <summary>Adds the next step, of any kind but <see cref="StepKind.Add"/>; its position equals <see cref="IStepReader.CountSteps"/>.</summary>
    void AppendStep(string datanetId, DatanetStep added);

    /// <summary>Adds the next records in order; their contributions were added, the first position equals <see cref="IStepReader.CountSteps"/>.</summary>
    /// <param name="datanetId">The datanet.</param>
    /// <param name="records">Any number; this is the one hot path of a store, so that it may copy them in bulk.</param>
    void AppendRecords(string datanetId, IReadOnlyList<StoredRecord> records);
}
