namespace OpenLedger.Datanets.Reading;

/// <summary>What records hold under one member of their payload.</summary>
/// <param name="Name">The member, at the top of the object.</param>
/// <param name="Count">How many records have it, with a value other than <c>null</c>.</param>
/// <param name="NullCount">How many records have it with <c>null</c>.</param>
/// <param name="Kinds">The JSON kinds met, by name (<c>string</c>, <c>number</c>, <c>boolean</c>, <c>array</c>, <c>object</c>), with counts.</param>
/// <param name="TextLength">Lengths of the strings in UTF-16 code units.</param>
public sealed record FieldStatistics(
    string Name, long Count, long NullCount, IReadOnlyDictionary<string, long> Kinds, LengthSummary TextLength);
