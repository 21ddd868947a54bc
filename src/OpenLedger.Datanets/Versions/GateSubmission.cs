using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Versions;

/// <summary>A record on its way into a datanet, as a <see cref="SubmissionGate"/> sees it.</summary>
/// <remarks>What is accepted before, also of the same contribution, is there to be read.</remarks>
/// <param name="DatanetId">The datanet.</param>
/// <param name="Record">The record.</param>
/// <param name="Statement">The statement it came with.</param>
/// <param name="Prepared">What the gate prepared for this record.</param>
/// <param name="Now">When the contribution is taken, to the millisecond.</param>
/// <param name="Writer">The transaction; what a gate writes is dropped when the contribution fails as a whole.</param>
public sealed record GateSubmission(
    string DatanetId,
    DatanetRecord Record,
    ContributionStatement Statement,
    object? Prepared,
    DateTimeOffset Now,
    IDatanetWriter Writer)
{
    /// <summary>The branch the record is meant for.</summary>
    /// <value><see cref="BranchName.Main"/>.</value>
    public string Branch { get; init; } = BranchName.Main;

    /// <summary>The leaf index of the record whose place this one takes; <see langword="null"/> unless it replaces one.</summary>
    public long? Replaced { get; init; }

    internal Func<long, bool>? Membership { get; init; }

    /// <summary>Whether <see cref="Branch"/> holds a record at present.</summary>
    /// <param name="position">The leaf index of an accepted record.</param>
    public bool BranchHolds(long position) => Membership?.Invoke(position) ?? true;
}
