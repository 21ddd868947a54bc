namespace OpenLedger.Datanets.Storage;

// Journals and items.
internal sealed partial class SqliteDatanetSession
{
    public long CountEntries(string datanetId) =>
        1 + Statement("SELECT max(sequence) FROM journal WHERE datanet = ?1").Bind(1, KeyOf(datanetId)).Number(-1);

    public IReadOnlyList<StoredEntry> ReadEntries(string datanetId, long sequence, int count)
    {
        List<StoredEntry> entries = Statement("SELECT sequence, document FROM journal WHERE datanet = ?1 AND sequence >= ?2 ORDER BY sequence LIMIT ?3")
            .Bind(1, KeyOf(datanetId))
            .Bind(2, sequence)
            .Bind(3, count)
            .Rows(row => new StoredEntry(row.Integer(0), row.Blob(1)));
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries[i].Sequence != sequence + i)
            {
                throw Corrupt($"journal entry {sequence + i} is missing");
            }
        }

        return entries;
    }

    public void AppendEntry(string datanetId, StoredEntry entry) => Statement("INSERT INTO journal (datanet, sequence, document) VALUES (?1, ?2, ?3)")
        .Bind(1, KeyOf(datanetId))
        .Bind(2, entry.Sequence)
        .Bind(3, entry.Document.Span)
        .Execute();

    public byte[]? FindItem(string datanetId, string collection, ReadOnlyMemory<byte> key) => Statement(
            "SELECT value FROM item WHERE datanet = ?1 AND collection = ?2 AND key = ?3")
        .Bind(1, KeyOf(datanetId))
        .Bind(2, collection)
        .Bind(3, key.Span)
        .Single(row => row.Blob(0));

    public IReadOnlyList<StoredItem> ReadItems(
        string datanetId, string collection, ReadOnlyMemory<byte> from, ReadOnlyMemory<byte> before, int count)
    {
        const string Select = "SELECT key, value FROM item WHERE datanet = ?1 AND collection = ?2 AND key >= ?3 ";
        SqliteStatement statement = before.IsEmpty
            ? Statement(Select + "ORDER BY key LIMIT ?4")
            : Statement(Select + "AND key < ?5 ORDER BY key LIMIT ?4").Bind(5, before.Span);
        return statement.Bind(1, KeyOf(datanetId)).Bind(2, collection).Bind(3, from.Span).Bind(4, count)
            .Rows(row => new StoredItem(row.Blob(0), row.Blob(1)));
    }

    public void PutItem(string datanetId, string collection, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) => Statement(
            "INSERT INTO item (datanet, collection, key, value) VALUES (?1, ?2, ?3, ?4) "
            + "ON CONFLICT (datanet, collection, key) DO UPDATE SET value = excluded.value")
        .Bind(1, KeyOf(datanetId))
        .Bind(2, collection)
        .Bind(3, key.Span)
        .Bind(4, value.Span)
        .Execute();

    public void RemoveItem(string datanetId, string collection, ReadOnlyMemory<byte> key) => Statement(
            "DELETE FROM item WHERE datanet = ?1 AND collection = ?2 AND key = ?3")
        .Bind(1, KeyOf(datanetId))
        .Bind(2, collection)
        .Bind(3, key.Span)
        .Execute();
}
