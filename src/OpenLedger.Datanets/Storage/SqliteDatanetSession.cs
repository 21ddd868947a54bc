using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Storage;

/// <summary>The statements of a store, prepared once per connection and valid while a transaction is entered.</summary>
internal sealed partial class SqliteDatanetSession : IDatanetWriter, IDisposable
{
    private const string RecordColumns =
        "SELECT r.position, p.digest, r.normalized, c.contributor, c.digest, r.registered_at_ms FROM record r "
        + "JOIN datanet d ON d.key = r.datanet JOIN payload p ON p.key = r.payload JOIN contribution c ON c.key = r.contribution ";

    private static readonly long EarliestUnixMs = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long LatestUnixMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private readonly SqliteConnection _connection;
    private readonly string _name;
    private SqliteTransaction? _transaction;

    public SqliteDatanetSession(SqliteConnection connection, string name)
    {
        _connection = connection;
        _name = name;
    }

    public void Enter(SqliteTransaction transaction) => _transaction = transaction;

    public void Leave() => _transaction = null;

    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Dispose();
        }
    }

    public StoredDatanet? FindDatanet(string datanetId) =>
        Single("SELECT id, owner, schema FROM datanet WHERE id = $1", row => new StoredDatanet(Text(row, 0), Contributor(row, 1), Blob(row, 2)), datanetId);

    public StoredContribution? FindContribution(string datanetId, Sha256Digest digest) => Single(
        "SELECT c.digest, c.contributor, c.statement, c.signature FROM contribution c JOIN datanet d ON d.key = c.datanet WHERE d.id = $1 AND c.digest = $2",
        row => new StoredContribution(Digest(row, 0), Contributor(row, 1), Blob(row, 2), Blob(row, 3)),
        datanetId,
        digest.ToArray());

    public StoredRecord? FindRecord(string datanetId, RecordDigest digest) =>
        Single(RecordColumns + "WHERE d.id = $1 AND p.digest = $2", ReadRecord, datanetId, digest.ToArray());

    public StoredRecord? FindNormalized(string datanetId, Sha256Digest normalizedDigest) =>
        Single(RecordColumns + "WHERE d.id = $1 AND r.normalized = $2", ReadRecord, datanetId, normalizedDigest.ToArray());

    public IReadOnlyList<StoredRecord> ReadRecords(string datanetId, long position, int count)
    {
        List<StoredRecord> records = [];
        using SqliteDataReader row = Command(
            RecordColumns + "WHERE d.id = $1 AND r.position >= $2 ORDER BY r.position LIMIT $3", datanetId, position, count).ExecuteReader();
        while (row.Read())
        {
            StoredRecord record = ReadRecord(row);
            records.Add(record.Position == position + records.Count ? record : throw Corrupt($"record {position + records.Count} is missing"));
        }

        return records;
    }

    public long CountRecords(string datanetId) => Number(
        "SELECT coalesce(max(r.position) + 1, 0) FROM record r WHERE r.datanet = (SELECT key FROM datanet WHERE id = $1)", datanetId);

    public byte[]? FindPayload(RecordDigest digest) =>
        Single("SELECT content FROM payload WHERE digest = $1", row => Blob(row, 0), digest.ToArray());

    public byte[]? FindVersion(string datanetId, int number) => Single(
        "SELECT header FROM version WHERE datanet = (SELECT key FROM datanet WHERE id = $1) AND number = $2", row => Blob(row, 0), datanetId, number);

    public int LatestVersion(string datanetId)
    {
        long number = Number(
            "SELECT coalesce(max(number), 0) FROM version WHERE datanet = (SELECT key FROM datanet WHERE id = $1)", datanetId);
        return number is >= 0 and <= int.MaxValue ? (int)number : throw Corrupt($"version number {number} is out of range");
    }

    public void AddDatanet(StoredDatanet datanet) => Execute(
        "INSERT INTO datanet (id, owner, schema) VALUES ($1, $2, $3)", datanet.Id, datanet.Owner.ToString(), Bytes(datanet.Schema));

    public void AddContribution(string datanetId, StoredContribution contribution) => Execute(
        "INSERT INTO contribution (datanet, digest, contributor, statement, signature) "
        + "VALUES ((SELECT key FROM datanet WHERE id = $1), $2, $3, $4, $5) ON CONFLICT (datanet, digest) DO NOTHING",
        datanetId,
        contribution.Digest.ToArray(),
        contribution.Contributor.ToString(),
        Bytes(contribution.Statement),
        Bytes(contribution.Signature));

    public void AddRecord(string datanetId, StoredRecord record, ReadOnlyMemory<byte> payload)
    {
        byte[] digest = record.Digest.ToArray();
        Execute("INSERT INTO payload (digest, content) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING", digest, Bytes(payload));
        Execute(
            "INSERT INTO record (datanet, position, payload, normalized, contribution, registered_at_ms) SELECT d.key, $2, "
            + "(SELECT key FROM payload WHERE digest = $3), $4, (SELECT key FROM contribution WHERE datanet = d.key AND digest = $5), $6 "
            + "FROM datanet d WHERE d.id = $1",
            datanetId,
            record.Position,
            digest,
            record.NormalizedDigest.ToArray(),
            record.Contribution.ToArray(),
            record.RegisteredAtUnixMs);
    }

    public void AddVersion(string datanetId, int number, ReadOnlyMemory<byte> header) => Execute(
        "INSERT INTO version (datanet, number, header) VALUES ((SELECT key FROM datanet WHERE id = $1), $2, $3)", datanetId, number, Bytes(header));

    private StoredRecord ReadRecord(SqliteDataReader row)
    {
        long position = Integer(row, 0);
        long registeredAtMs = Integer(row, 5);
        if (position < 0 || registeredAtMs < EarliestUnixMs || registeredAtMs > LatestUnixMs)
        {
            throw Corrupt($"a record has position {position} and time {registeredAtMs}");
        }

        return new StoredRecord(position, new RecordDigest(Digest(row, 1)), Digest(row, 2), Contributor(row, 3), Digest(row, 4), registeredAtMs);
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        SqliteTransaction transaction = _transaction
            ?? throw new InvalidOperationException("The reader or writer was used after the work it was handed to.");
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = "$" + i });
            }

            _commands.Add(sql, command);
        }

        command.Transaction = transaction;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        return command;
    }

    private T? Single<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> values)
        where T : class
    {
        using SqliteDataReader row = Command(sql, values).ExecuteReader();
        return row.Read() ? read(row) : null;
    }

    private long Number(string sql, string datanetId)
    {
        using SqliteDataReader row = Command(sql, datanetId).ExecuteReader();
        return row.Read() ? Integer(row, 0) : throw Corrupt("a count is missing");
    }

    private void Execute(string sql, params ReadOnlySpan<object> values)
    {
        if (Command(sql, values).ExecuteNonQuery() > 1)
        {
            throw Corrupt("one insertion wrote several rows");
        }
    }

    // A damaged page can put any value into any column, so that no type is taken for granted.
    private long Integer(SqliteDataReader row, int column) =>
        row.GetValue(column) as long? ?? throw Corrupt($"column {row.GetName(column)} holds no integer");

    private string Text(SqliteDataReader row, int column) =>
        row.GetValue(column) as string ?? throw Corrupt($"column {row.GetName(column)} holds no text");

    private byte[] Blob(SqliteDataReader row, int column) =>
        row.GetValue(column) as byte[] ?? throw Corrupt($"column {row.GetName(column)} holds no bytes");

    private Sha256Digest Digest(SqliteDataReader row, int column) =>
        Blob(row, column) is { Length: Sha256Digest.Length } digest
            ? new Sha256Digest(digest)
            : throw Corrupt($"column {row.GetName(column)} holds no digest");

    private ContributorId Contributor(SqliteDataReader row, int column) =>
        ContributorId.TryParse(Text(row, column), null, out ContributorId id) ? id : throw Corrupt($"column {row.GetName(column)} holds no account");

    private static byte[] Bytes(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : memory.ToArray();

    private DatanetException Corrupt(string what) => new(DatanetError.StoreCorrupt, $"'{_name}' is damaged: {what}; restore it from a copy.");
}
