using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.PostgreSql;

// Journals and items.
internal sealed partial class PostgreSqlSession
{
    public long CountEntries(string datanetId) => 1 + Number($"SELECT max(sequence) FROM {_t}journal WHERE datanet = $1", -1, P(KeyOf(datanetId)));

    public IReadOnlyList<StoredEntry> ReadEntries(string datanetId, long sequence, int count)
    {
        List<StoredEntry> entries = Rows(
            $"SELECT sequence, document FROM {_t}journal WHERE datanet = $1 AND sequence >= $2 ORDER BY sequence LIMIT $3",
            row => new StoredEntry(row.Integer(0), row.Blob(1)), P(KeyOf(datanetId)), P(sequence), P((long)count));
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries[i].Sequence != sequence + i)
            {
                throw Corrupt($"journal entry {sequence + i} is missing");
            }
        }

        return entries;
    }

    public void AppendEntry(string datanetId, StoredEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Change(
            $"INSERT INTO {_t}journal (datanet, sequence, document) VALUES ($1, $2, $3)", P(AddedKeyOf(datanetId)), P(entry.Sequence), P(entry.Document));
    }

    public byte[]? FindItem(string datanetId, string collection, ReadOnlyMemory<byte> key) => Single(
        $"SELECT value FROM {_t}item WHERE datanet = $1 AND collection = $2 AND key = $3",
        row => row.Blob(0), P(KeyOf(datanetId)), P(collection), P(key));

    public IReadOnlyList<StoredItem> ReadItems(
        string datanetId, string collection, ReadOnlyMemory<byte> from, ReadOnlyMemory<byte> before, int count)
    {
        string select = $"SELECT key, value FROM {_t}item WHERE datanet = $1 AND collection = $2 AND key >= $3 ";
        return before.IsEmpty
            ? Rows(select + "ORDER BY key LIMIT $4", ReadItem, P(KeyOf(datanetId)), P(collection), P(from), P((long)count))
            : Rows(select + "AND key < $5 ORDER BY key LIMIT $4", ReadItem, P(KeyOf(datanetId)), P(collection), P(from), P((long)count), P(before));
    }

    public void PutItem(string datanetId, string collection, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) => Change(
        $"INSERT INTO {_t}item (datanet, collection, key, value) VALUES ($1, $2, $3, $4) "
        + "ON CONFLICT (datanet, collection, key) DO UPDATE SET value = excluded.value",
        P(AddedKeyOf(datanetId)), P(collection), P(key), P(value));

    public void RemoveItem(string datanetId, string collection, ReadOnlyMemory<byte> key) => Change(
        $"WITH gone AS (DELETE FROM {_t}item WHERE datanet = $1 AND collection = $2 AND key = $3 RETURNING 1) " + PendingIfGone("item"),
        P(AddedKeyOf(datanetId)), P(collection), P(key));

    private static StoredItem ReadItem(PostgreSqlRow row) => new(row.Blob(0), row.Blob(1));
}
