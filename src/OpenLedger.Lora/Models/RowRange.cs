namespace OpenLedger.Lora.Models;

/// <summary>Neighbouring rows of a checkpoint tensor.</summary>
/// <param name="Begin">First row, from 0.</param>
/// <param name="Count">Number of rows, at least 1.</param>
public readonly record struct RowRange(int Begin, int Count);
