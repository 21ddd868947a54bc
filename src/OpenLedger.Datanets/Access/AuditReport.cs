using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Access;

/// <summary>What an exported audit log turned out to be. Its events follow each other; whether some are missing at the end, the head tells.</summary>
/// <param name="DatanetId">The datanet; <see langword="null"/> for an empty log.</param>
/// <param name="Count">How many events it has.</param>
/// <param name="Head">The digest of the last one: compare it with the journal's, or with one that was published.</param>
public sealed record AuditReport(string? DatanetId, long Count, Sha256Digest Head);
