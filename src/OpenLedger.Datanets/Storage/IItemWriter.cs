namespace OpenLedger.Datanets.Storage;

/// <summary>Sets and removes the items of datanets inside one transaction.</summary>
public interface IItemWriter : IItemReader
{
    /// <summary>Sets the value of a key, replacing an earlier one.</summary>
    /// <param name="datanetId">A datanet that was added.</param>
    /// <param name="collection">1 to 64 characters; one collection per purpose, such as <c>near/bands</c>.</param>
    /// <param name="key">1 to 200 bytes.</param>
    /// <param name="value">Any bytes, also none.</param>
    void PutItem(string datanetId, string collection, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value);

    /// <summary>Removes a key; nothing happens when it is absent. A store that keeps values in its own files overwrites what it frees; copies it made when it moved the value may remain.</summary>
    void RemoveItem(string datanetId, string collection, ReadOnlyMemory<byte> key);
}
