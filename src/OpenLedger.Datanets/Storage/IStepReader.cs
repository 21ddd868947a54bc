using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Storage;

/// <summary>Reads the logs of datanets; valid only inside the work it was handed to.</summary>
public interface IStepReader
{
    /// <summary>How many steps the datanet's log has, committed or not.</summary>
    long CountSteps(string datanetId);

    /// <summary>Returns up to <paramref name="count"/> steps from a position on, in order; fewer only at the end.</summary>
    IReadOnlyList<DatanetStep> ReadSteps(string datanetId, long position, int count);

    /// <summary>Returns the positions of all steps that added a record, on any branch, in order.</summary>
    IReadOnlyList<long> FindRecord(string datanetId, RecordDigest digest);

    /// <summary>Returns all forks of the datanet, in order.</summary>
    IReadOnlyList<DatanetStep> ReadForks(string datanetId);

    /// <summary>
    /// Finds the last step on a branch that included or removed a record, with a position strictly between two others; for the empty branch
    /// name, the last step that erased the record.
    /// </summary>
    /// <param name="datanetId">The datanet.</param>
    /// <param name="branch">The branch, or the empty text.</param>
    /// <param name="target">The position of the step that added the record.</param>
    /// <param name="after">Only steps after this position; -1 for all.</param>
    /// <param name="before">Only steps before this position.</param>
    DatanetStep? FindChange(string datanetId, string branch, long target, long after, long before);

    /// <summary>The position of the last step of a branch, or of the last erasure for the empty branch name; -1 while there is none.</summary>
    long LastStep(string datanetId, string branch);
}
