namespace OpenLedger.Attribution.Retrieval;

/// <summary>A document found for a query.</summary>
/// <param name="Document">Number of the document, from 0.</param>
/// <param name="Score">Higher is better.</param>
public readonly record struct RankedDocument(int Document, double Score);
