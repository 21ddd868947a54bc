using Microsoft.Extensions.AI;
using OpenLedger.Attribution.Reports;
using OpenLedger.Chain.Receipts;
using ChainAttribution = OpenLedger.Chain.Settlement.Attribution;

namespace OpenLedger.Hosting;

/// <summary>What one call came to: who contributed to the answer, what it cost, and the receipt that says so.</summary>
/// <remarks>Parts whose stage is not in the pipeline are <see langword="null"/>. Immutable and safe for concurrent use.</remarks>
public sealed record PaidInference
{
    /// <summary>
    /// Where the additional properties of a response, or of the last update of a stream, hold this object; see <see cref="Find(ChatResponse)"/>.
    /// </summary>
    public const string PropertyKey = "openledger.inference";

    /// <summary>
    /// Where the caller's <see cref="ChatOptions.AdditionalProperties"/> may hold a nonce: a string of 1 to 256 characters. An equal call
    /// with an equal nonce is the same inference and paid once; without a nonce every call is paid.
    /// </summary>
    public const string NonceKey = "openledger.nonce";

    /// <summary>The text of the last user message; empty where there is none.</summary>
    public required string Question { get; init; }

    /// <summary>The text that was generated.</summary>
    public required string Answer { get; init; }

    /// <summary>The adapter that answered; <see langword="null"/> for the base model.</summary>
    public required string? AdapterName { get; init; }

    /// <summary>Tokens; from the metering stage.</summary>
    public UsageDetails? Usage { get; init; }

    /// <summary>The whole fee in wei; from the metering stage.</summary>
    public UInt128? FeeWei { get; init; }

    /// <summary>Which records the answer owes how much; from the attribution stage, <see langword="null"/> for the base model.</summary>
    public AttributionReport? Report { get; init; }

    /// <summary>The shares as they are paid; from the attribution stage, without shares for the base model.</summary>
    public ChainAttribution? Attribution { get; init; }

    /// <summary>The operator's receipt; from the settlement stage.</summary>
    public SignedReceipt? SignedReceipt { get; init; }

    /// <summary>Finds what a pipeline attached to a response, be it whole or put together from a stream.</summary>
    /// <param name="response">A response.</param>
    /// <returns><see langword="null"/> where no stage took part.</returns>
    public static PaidInference? Find(ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Find(response.AdditionalProperties)
            ?? response.Messages.Select(message => Find(message.AdditionalProperties)).LastOrDefault(found => found is not null);
    }

    /// <summary>Finds what a pipeline attached to an update: only the last one of a stream has it.</summary>
    /// <param name="update">An update.</param>
    /// <returns><see langword="null"/> in all but the last update.</returns>
    public static PaidInference? Find(ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Find(update.AdditionalProperties);
    }

    private static PaidInference? Find(AdditionalPropertiesDictionary? properties) =>
        properties is not null && properties.TryGetValue(PropertyKey, out object? value) ? value as PaidInference : null;
}
