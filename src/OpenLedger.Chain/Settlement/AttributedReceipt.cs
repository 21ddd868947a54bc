using OpenLedger.Chain.Receipts;

namespace OpenLedger.Chain.Settlement;

/// <summary>A signed receipt and the attribution whose root it contains: what the settlement of an epoch starts from.</summary>
/// <param name="SignedReceipt">The signed receipt.</param>
/// <param name="Attribution">The shares behind the receipt's attribution root.</param>
public sealed record AttributedReceipt(SignedReceipt SignedReceipt, Attribution Attribution);
