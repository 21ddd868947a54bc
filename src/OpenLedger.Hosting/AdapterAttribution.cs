using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OpenLedger.Attribution.Answers;
using OpenLedger.Attribution.Reports;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Settlement;
using ChainAttribution = OpenLedger.Chain.Settlement.Attribution;

namespace OpenLedger.Hosting;

/// <summary>The adapters of this process whose answers can be attributed, by name.</summary>
/// <remarks>
/// Thread-safe. Adapters may be registered and removed while answers are attributed; a running call keeps what it began with.
/// Attributors belong to the caller. Nothing here touches TorchSharp before an attributor, which has already loaded it, is used.
/// </remarks>
public sealed class AdapterAttribution : IAnswerAttribution
{
    private readonly ConcurrentDictionary<string, AdapterProvenance> _adapters = new(StringComparer.Ordinal);

    // Keyed by the provenance, so that a call that outlives the removal of its adapter still finds the attributor it began with.
    private readonly ConditionalWeakTable<AdapterProvenance, AttributeAnswer> _attributors = [];

    /// <summary>Names of the registered adapters, in ordinal order.</summary>
    public IReadOnlyList<string> AdapterNames => [.. _adapters.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Makes the answers of an adapter attributable.</summary>
    /// <param name="adapterName">The model id that requests use for it.</param>
    /// <param name="adapterHash">What receipts name it by: <see cref="AdapterProvenance.HashAdapter"/> of its folder.</param>
    /// <param name="attributor">Its attributor. Not disposed.</param>
    /// <param name="origins">The datanet row of every source of the attributor, by record id; entries for other records are ignored.</param>
    /// <returns>What is known about the adapter now.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken, or a source has no origin or cannot be paid.</exception>
    public AdapterProvenance Register(
        string adapterName, Bytes32 adapterHash, AnswerAttributor attributor, IReadOnlyDictionary<string, RecordOrigin> origins)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(adapterName);
        ArgumentNullException.ThrowIfNull(attributor);
        ArgumentNullException.ThrowIfNull(origins);
        return RegisterSources(adapterName, adapterHash, attributor.Sources, origins, attributor.Attribute);
    }

    /// <summary>Forgets an adapter.</summary>
    /// <param name="adapterName">Its name.</param>
    /// <returns><see langword="false"/> if there was none of this name.</returns>
    public bool Remove(string adapterName)
    {
        ArgumentNullException.ThrowIfNull(adapterName);
        return _adapters.TryRemove(adapterName, out _);
    }

    /// <inheritdoc/>
    public AdapterProvenance? Find(string adapterName)
    {
        ArgumentNullException.ThrowIfNull(adapterName);
        return _adapters.GetValueOrDefault(adapterName);
    }

    /// <inheritdoc/>
    public AttributionReport Attribute(AdapterProvenance provenance, string question, string answer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(provenance);
        return _attributors.TryGetValue(provenance, out AttributeAnswer? attribute)
            ? attribute(question, answer, cancellationToken)
            : throw new ArgumentException(
                $"The provenance of adapter '{provenance.AdapterName}' was not registered here; use what {nameof(Find)} returns.", nameof(provenance));
    }

    internal AdapterProvenance RegisterSources(
        string adapterName, Bytes32 adapterHash, IReadOnlyList<AttributionSource> sources,
        IReadOnlyDictionary<string, RecordOrigin> origins, AttributeAnswer attribute)
    {
        string[] unknown = [.. sources.Select(source => source.RecordId).Where(id => !origins.ContainsKey(id))];
        if (unknown.Length > 0)
        {
            throw new ArgumentException(
                $"{unknown.Length} of {sources.Count} records have no origin, the first being '{unknown[0]}'; name the datanet row of every source.",
                nameof(origins));
        }

        AdapterProvenance provenance = new()
        {
            AdapterName = adapterName,
            AdapterHash = adapterHash,
            Origins = sources.ToDictionary(source => source.RecordId, source => origins[source.RecordId], StringComparer.Ordinal),
            Texts = sources.ToDictionary(source => source.RecordId, source => source.Text, StringComparer.Ordinal),
        };
        RequirePayable(sources, provenance);
        _attributors.Add(provenance, attribute);
        return _adapters.TryAdd(adapterName, provenance)
            ? provenance
            : throw new ArgumentException($"Adapter '{adapterName}' is registered already; remove it first or choose another name.", nameof(adapterName));
    }

    // A share that the ledger would refuse must show here, not after somebody's answer was computed.
    private static void RequirePayable(IReadOnlyList<AttributionSource> sources, AdapterProvenance provenance)
    {
        foreach (AttributionSource source in sources)
        {
            RecordOrigin origin = provenance.Origins[source.RecordId];
            ChainAttribution.Create([new AttributionShare(origin.DatanetId, source.Contributor, origin.RowHash, ChainAttribution.Whole)]);
        }
    }

    internal delegate AttributionReport AttributeAnswer(string question, string answer, CancellationToken cancellationToken);
}
