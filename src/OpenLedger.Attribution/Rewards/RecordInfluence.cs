using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Attribution.Rewards;

/// <summary>How much one record helped, and whose it is.</summary>
/// <param name="RecordId">The record's identity, such as its digest in hexadecimal; unique, compared by ordinal.</param>
/// <param name="Contributor">Who contributed the record.</param>
/// <param name="Influence">Signed influence, finite; only above 0 earns.</param>
public readonly record struct RecordInfluence(string RecordId, ContributorId Contributor, double Influence);
