namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>Some items in the order of their positions.</summary>
/// <param name="Items">The items.</param>
/// <param name="IsEnd">Whether no item follows.</param>
/// <param name="Generation">Known at the end only: changes when items were added before others.</param>
internal sealed record SignaturePage(IReadOnlyList<SignatureItem> Items, bool IsEnd, ulong Generation);
