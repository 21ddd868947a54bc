using OpenLedger.Datanets.Canonical;
using SQLitePCL;

namespace OpenLedger.Datanets.Storage;

/// <summary>The statements of a store, prepared once per connection and valid while a transaction is entered.</summary>
internal sealed partial class SqliteDatanetSession : IDatanetWriter, IDisposable
{
    // A step's key is its datanet's key and its position in one integer, so that a log is a range of one table without a second index.
    private const int PositionBits = 40;
    private const long MaxPosition = (1L << PositionBits) - 1;
    private const long MaxDatanetKey = (1L << (62 - PositionBits)) - 1;

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _datanets = new(StringComparer.Ordinal);
    private readonly Dictionary<(long Datanet, string Branch), long> _branches = [];
    private readonly Dictionary<long, string> _branchNames = [];
    private readonly sqlite3 _database;
    private readonly string _name;
    private bool _isEntered;

    public SqliteDatanetSession(sqlite3 database, string name)
    {
        _database = database;
        _name = name;
    }

    /// <summary>Begins a transaction.</summary>
    public void Enter(bool isWriter)
    {
        Prepare(isWriter ? "BEGIN IMMEDIATE" : "BEGIN").Execute();
        _isEntered = true;
    }

    public void Commit() => Statement("COMMIT").Execute();

    /// <summary>Ends the transaction, dropping what was not committed.</summary>
    public void Leave()
    {
        _isEntered = false;
        if (raw.sqlite3_get_autocommit(_database) == 0)
        {
            foreach (SqliteStatement statement in _statements.Values)
            {
                statement.Reset();
            }

            // Keys that were handed out in a transaction that is now undone must not be remembered.
            _datanets.Clear();
            _branches.Clear();
            _branchNames.Clear();
            _ = raw.sqlite3_exec(_database, "ROLLBACK"); // SQLite has rolled back by itself when this fails
        }
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements.Values)
        {
            statement.Dispose();
        }
    }

    public StoredDatanet? FindDatanet(string datanetId) => Statement("SELECT id, owner, schema FROM datanet WHERE id = ?1")
        .Bind(1, datanetId)
        .Single(row => new StoredDatanet(row.Text(0), row.Contributor(1), row.Blob(2), []));

    public StoredContribution? FindContribution(string datanetId, Sha256Digest digest) => Statement(
            "SELECT digest, contributor, statement, signature FROM contribution WHERE datanet = ?1 AND digest = ?2")
        .Bind(1, KeyOf(datanetId))
        .Bind(2, digest)
        .Single(row => new StoredContribution(row.Digest(0), row.Contributor(1), row.Blob(2), row.Blob(3)));

    public void AddDatanet(StoredDatanet datanet)
    {
        Statement("INSERT INTO datanet (id, owner, schema) VALUES (?1, ?2, ?3)")
            .Bind(1, datanet.Id)
            .Bind(2, datanet.Owner.ToString())
            .Bind(3, datanet.Schema.Span)
            .Execute();
        long key = KeyOf(datanet.Id);
        if (key > MaxDatanetKey)
        {
            throw new DatanetException(DatanetError.LimitExceeded, $"'{_name}' holds {key - 1} datanets, the most it can; use another store.");
        }

        for (int bucket = 0; bucket < datanet.FingerprintKeys.Count; bucket++)
        {
            Statement("INSERT INTO fingerprint_key (key, secret) VALUES (?1, ?2)")
                .Bind(1, FingerprintKey(key, bucket))
                .Bind(2, datanet.FingerprintKeys[bucket])
                .Execute();
        }
    }

    public void AddContribution(string datanetId, StoredContribution contribution) => Statement(
            "INSERT INTO contribution (datanet, digest, contributor, statement, signature) VALUES (?1, ?2, ?3, ?4, ?5) "
            + "ON CONFLICT (datanet, digest) DO NOTHING")
        .Bind(1, KeyOf(datanetId))
        .Bind(2, contribution.Digest)
        .Bind(3, contribution.Contributor.ToString())
        .Bind(4, contribution.Statement.Span)
        .Bind(5, contribution.Signature.Span)
        .Execute();

    private SqliteStatement Statement(string sql) => _isEntered
        ? Prepare(sql)
        : throw new InvalidOperationException("The reader or writer was used after the work it was handed to.");

    private SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out SqliteStatement? statement))
        {
            statement = new SqliteStatement(_database, _name, sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    /// <summary>The integer that stands for a datanet in every other table; -1, which occurs nowhere, when there is none.</summary>
    private long KeyOf(string datanetId)
    {
        SqliteStatement statement = Statement("SELECT key FROM datanet WHERE id = ?1");
        if (!_datanets.TryGetValue(datanetId, out long key))
        {
            key = statement.Bind(1, datanetId).Number(-1);
            if (key < 0)
            {
                return -1;
            }

            _datanets.Add(datanetId, key);
        }

        return key;
    }

    private DatanetException Corrupt(string what) => new(DatanetError.StoreCorrupt, $"'{_name}' is damaged: {what}; restore it from a copy.");
}
