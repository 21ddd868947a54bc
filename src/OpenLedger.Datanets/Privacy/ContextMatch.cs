namespace OpenLedger.Datanets.Privacy;

/// <summary>What the words around a place say about it.</summary>
/// <param name="Kind">Whether they speak for it, against it, or are silent.</param>
/// <param name="Word">The nearest word, unaccented and in small letters, or <see langword="null"/>.</param>
public readonly record struct ContextMatch(ContextKind Kind, string? Word);
