namespace OpenLedger.Datanets.Storage;

/// <summary>Reads the items of datanets: small values under ordered keys, in named collections. Valid only inside the work it was handed to.</summary>
/// <remarks>Items hold what can be computed again (indexes, reports, counters); history belongs into records, versions and the journal.</remarks>
public interface IItemReader
{
    /// <summary>Finds the value of a key, or <see langword="null"/>.</summary>
    byte[]? FindItem(string datanetId, string collection, ReadOnlyMemory<byte> key);

    /// <summary>Returns up to <paramref name="count"/> items in the order of their keys' bytes.</summary>
    /// <param name="datanetId">The datanet.</param>
    /// <param name="collection">The collection.</param>
    /// <param name="from">The first key, included.</param>
    /// <param name="before">The first key beyond, excluded; empty for no bound.</param>
    /// <param name="count">The most items to return.</param>
    IReadOnlyList<StoredItem> ReadItems(string datanetId, string collection, ReadOnlyMemory<byte> from, ReadOnlyMemory<byte> before, int count);
}
