using Microsoft.Data.Sqlite;

namespace OpenLedger.Datanets.Storage;

// Journals and items.
internal sealed partial class SqliteDatanetSession
{
    public long CountEntries(string datanetId) => Number(
        "SELECT coalesce(max(sequence) + 1, 0) FROM journal WHERE datanet = (SELECT key FROM datanet WHERE id = $1)", datanetId);

    public IReadOnlyList<StoredEntry> ReadEntries(string datanetId, long sequence, int count)
    {
        List<StoredEntry> entries = [];
        using SqliteDataReader row = Command(
            "SELECT sequence, document FROM journal WHERE datanet = (SELECT key FROM datanet WHERE id = $1) AND sequence >= $2 ORDER BY sequence LIMIT $3",
            datanetId,
            sequence,
            count).ExecuteReader();
        while (row.Read())
        {
            long expected = sequence + entries.Count;
            entries.Add(Integer(row, 0) == expected ? new StoredEntry(expected, Blob(row, 1)) : throw Corrupt($"journal entry {expected} is missing"));
        }

        return entries;
    }

    public void AppendEntry(string datanetId, StoredEntry entry) => Execute(
        "INSERT INTO journal (datanet, sequence, document) VALUES ((SELECT key FROM datanet WHERE id = $1), $2, $3)",
        datanetId,
        entry.Sequence,
        Bytes(entry.Document));

    public byte[]? FindItem(string datanetId, string collection, ReadOnlyMemory<byte> key) => Single(
        "SELECT value FROM item WHERE datanet = (SELECT key FROM datanet WHERE id = $1) AND collection = $2 AND key = $3",
        row => Blob(row, 0),
        datanetId,
        collection,
        Bytes(key));

    public IReadOnlyList<StoredItem> ReadItems(
        string datanetId, string collection, ReadOnlyMemory<byte> from, ReadOnlyMemory<byte> before, int count)
    {
        const string Select = "SELECT key, value FROM item WHERE datanet = (SELECT key FROM datanet WHERE id = $1) AND collection = $2 AND key >= $3 ";
        List<StoredItem> items = [];
        using SqliteDataReader row = before.IsEmpty
            ? Command(Select + "ORDER BY key LIMIT $4", datanetId, collection, Bytes(from), count).ExecuteReader()
            : Command(Select + "AND key < $5 ORDER BY key LIMIT $4", datanetId, collection, Bytes(from), count, Bytes(before)).ExecuteReader();
        while (row.Read())
        {
            items.Add(new StoredItem(Blob(row, 0), Blob(row, 1)));
        }

        return items;
    }

    public void PutItem(string datanetId, string collection, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) => Execute(
        "INSERT INTO item (datanet, collection, key, value) VALUES ((SELECT key FROM datanet WHERE id = $1), $2, $3, $4) "
        + "ON CONFLICT (datanet, collection, key) DO UPDATE SET value = excluded.value",
        datanetId,
        collection,
        Bytes(key),
        Bytes(value));

    public void RemoveItem(string datanetId, string collection, ReadOnlyMemory<byte> key) => Execute(
        "DELETE FROM item WHERE datanet = (SELECT key FROM datanet WHERE id = $1) AND collection = $2 AND key = $3", datanetId, collection, Bytes(key));
}
