using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Versions;

/// <summary>Something that two branches decided differently.</summary>
/// <param name="Kind">What.</param>
/// <param name="Original">The record that both began with; <see langword="null"/> for <see cref="MergeConflictKind.SameText"/>.</param>
/// <param name="Ours">What the branch merged into holds; <see langword="null"/> when it removed the original.</param>
/// <param name="Theirs">What the merged branch holds; <see langword="null"/> when it removed the original.</param>
public sealed record MergeConflict(MergeConflictKind Kind, RecordDigest? Original, RecordDigest? Ours, RecordDigest? Theirs);
