using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>A row in another shape, and what did not fit.</summary>
/// <param name="Row">The row.</param>
/// <param name="Losses">What the shape has no place for, one sentence each; empty when the way back gives the same row.</param>
public sealed record ShapedRow(JsonElement Row, IReadOnlyList<string> Losses);
