using OpenLedger.Chain.Evm;

namespace OpenLedger.Hosting;

/// <summary>The datanet row that a record of a report stands for.</summary>
/// <param name="DatanetId">The datanet: 1 to 128 printable ASCII characters without blank, quotation mark and backslash.</param>
/// <param name="RowHash">The digest of the row's canonical form.</param>
public sealed record RecordOrigin(string DatanetId, Bytes32 RowHash);
