using Microsoft.Extensions.AI;
using OpenLedger.Attribution.Reports;
using OpenLedger.Chain.Receipts;
using ChainAttribution = OpenLedger.Chain.Settlement.Attribution;

namespace OpenLedger.Hosting.ChatClients;

/// <summary>One call on its way through the stages, which find it in their options. The stages of a call run one after another.</summary>
internal sealed class InferenceCall
{
    internal const string OptionsKey = "openledger.call";

    internal required string Question { get; init; }

    internal required string? Nonce { get; init; }

    internal InferenceParts Entered { get; set; }

    internal InferenceParts Done { get; set; }

    internal string? AdapterName { get; set; }

    internal AdapterProvenance? Provenance { get; set; }

    internal string Answer { get; set; } = "";

    internal UsageDetails? Usage { get; set; }

    internal uint TokensIn { get; set; }

    internal uint TokensOut { get; set; }

    internal UInt128? FeeWei { get; set; }

    internal AttributionReport? Report { get; set; }

    internal ChainAttribution? Attribution { get; set; }

    internal SignedReceipt? SignedReceipt { get; set; }

    /// <summary>Set by the settlement stage: what to do when all parts are there.</summary>
    internal Func<SignedReceipt>? Completion { get; set; }

    internal PaidInference ToPaidInference() => new()
    {
        Question = Question,
        Answer = Answer,
        AdapterName = AdapterName,
        Usage = Usage,
        FeeWei = FeeWei,
        Report = Report,
        Attribution = Attribution,
        SignedReceipt = SignedReceipt,
    };
}
