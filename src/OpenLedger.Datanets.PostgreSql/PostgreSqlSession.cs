using System.Data;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.PostgreSql;

/// <summary>One transaction on one connection, valid until it is disposed.</summary>
/// <remarks>
/// Additions wait in memory and go out together: many records through COPY, single rows in one batch, both before the next statement that reads
/// and before the commit. A statement that failed makes the commit fail, since PostgreSQL would answer it with a rollback and no error.
/// </remarks>
internal sealed partial class PostgreSqlSession : IDatanetWriter, IDisposable
{
    private const int MostQueued = 1_000; // commands of one batch, to bound memory

    private readonly Dictionary<string, long> _datanets = new(StringComparer.Ordinal);
    private readonly List<NpgsqlBatchCommand> _queued = [];
    private readonly NpgsqlConnection _connection;
    private readonly PostgreSqlPlace _place;
    private readonly string _t; // before each table's name
    private NpgsqlTransaction? _transaction;
    private DatanetException? _fault;
    private bool _hasFailed;
    private bool _isLeft;

    public PostgreSqlSession(NpgsqlConnection connection, PostgreSqlPlace place)
    {
        _connection = connection;
        _place = place;
        _t = place.TablePrefix;
    }

    /// <summary>The number under which the server knows a writer's transaction; empty for a reader.</summary>
    public string TransactionId { get; private set; } = "";

    /// <summary>For the statements of the schema, which are not part of anybody's work.</summary>
    public NpgsqlConnection Connection => _connection;

    /// <summary>Begins a transaction: a snapshot for readers, the lock for a writer.</summary>
    /// <remarks>
    /// A writer's statements each see what is committed when they begin (READ COMMITTED): a snapshot taken with the first statement would be
    /// older than the lock. Nobody else writes while the lock is held. It is released after the commit became visible.
    /// </remarks>
    public void Enter(bool isWriter) => Do(() =>
    {
        _transaction = _connection.BeginTransaction(isWriter ? IsolationLevel.ReadCommitted : IsolationLevel.RepeatableRead);
        using NpgsqlBatch batch = new(_connection) { Timeout = _place.CommandSeconds + (int)Math.Ceiling(_place.LockTimeout.TotalSeconds) };
        if (!isWriter)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SET TRANSACTION READ ONLY"));
        }

        // Plans are kept per connection; one made while a table was empty must not read it whole when it has grown. A server may be set to
        // acknowledge commits before they are on disk; what Write returned is durable.
        NpgsqlBatchCommand settings = new(
            "SELECT pg_catalog.set_config('lock_timeout', $1, true), pg_catalog.set_config('enable_seqscan', 'off', true), "
            + "pg_catalog.set_config('jit', 'off', true), CASE WHEN pg_catalog.current_setting('synchronous_commit') = 'off' "
            + "THEN pg_catalog.set_config('synchronous_commit', 'on', true) END");
        settings.Parameters.Add(P(((long)_place.LockTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)));
        batch.BatchCommands.Add(settings);
        if (isWriter)
        {
            NpgsqlBatchCommand locking = new("SELECT pg_catalog.pg_advisory_xact_lock($1)");
            locking.Parameters.Add(P(_place.LockNumber));
            batch.BatchCommands.Add(locking);
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_catalog.pg_current_xact_id()::text"));
        }

        using NpgsqlDataReader reader = batch.ExecuteReader();
        if (isWriter && reader.NextResult() && reader.NextResult() && reader.Read())
        {
            TransactionId = reader.GetString(0);
        }

        while (reader.NextResult())
        {
            // A statement's error is told when its result is reached.
        }

        return true;
    });

    /// <summary>Keeps everything.</summary>
    /// <returns><see langword="false"/> when the connection was lost meanwhile, so that only the server knows.</returns>
    public bool Commit()
    {
        Flush();
        if (_fault is not null)
        {
            throw new DatanetException(_fault.Error, $"Nothing was kept, since a statement had failed: {_fault.Message}", _fault);
        }

        if (_hasFailed)
        {
            throw new InvalidOperationException("Nothing was kept: the work went on after a value had been refused.");
        }

        NpgsqlTransaction transaction = _transaction!;
        _transaction = null; // whatever comes now, there is nothing left to roll back
        try
        {
            transaction.Commit();
            return true;
        }
        catch (NpgsqlException) when (_connection.State != ConnectionState.Open)
        {
            return false;
        }
        catch (NpgsqlException exception)
        {
            throw PostgreSqlFault.Translate(_place.Name, exception);
        }
    }

    /// <summary>Ends the transaction, dropping what was not committed.</summary>
    public void Dispose()
    {
        _isLeft = true;
        if (_transaction is not null && _connection.State == ConnectionState.Open)
        {
            try
            {
                _transaction.Rollback();
            }
            catch (NpgsqlException)
            {
                // The server drops the transaction of a lost connection by itself.
            }
        }

        _connection.Dispose();
    }

    public StoredDatanet? FindDatanet(string datanetId) => Single(
        $"SELECT id, owner, schema FROM {_t}datanet WHERE id = $1",
        row => new StoredDatanet(row.Text(0), row.Contributor(1), row.Blob(2), []),
        P(datanetId));

    public StoredContribution? FindContribution(string datanetId, Sha256Digest digest) => Single(
        $"SELECT digest, contributor, statement, signature FROM {_t}contribution WHERE datanet = $1 AND digest = $2",
        row => new StoredContribution(row.Digest(0), row.Contributor(1), row.Blob(2), row.Blob(3)),
        P(KeyOf(datanetId)),
        P(digest));

    public void AddDatanet(StoredDatanet datanet)
    {
        ArgumentNullException.ThrowIfNull(datanet);
        long key = Number($"SELECT coalesce(max(key), 0) + 1 FROM {_t}datanet");
        Change(
            $"INSERT INTO {_t}datanet (key, id, owner, schema) VALUES ($1, $2, $3, $4)",
            P(key), P(datanet.Id), P(datanet.Owner.ToString()), P(datanet.Schema));
        for (int bucket = 0; bucket < datanet.FingerprintKeys.Count; bucket++)
        {
            Change(
                $"INSERT INTO {_t}fingerprint_key (datanet, bucket, secret) VALUES ($1, $2, $3)",
                P(key), P((long)bucket), P(datanet.FingerprintKeys[bucket].AsMemory()));
        }

        Flush(); // an id that is taken shall be refused here, not later
    }

    public void AddContribution(string datanetId, StoredContribution contribution)
    {
        ArgumentNullException.ThrowIfNull(contribution);
        long datanet = AddedKeyOf(datanetId);
        Change(
            $"INSERT INTO {_t}contribution (datanet, digest, contributor, statement, signature) VALUES ($1, $2, $3, $4, $5) "
            + "ON CONFLICT (datanet, digest) DO NOTHING",
            P(datanet), P(contribution.Digest), P(contribution.Contributor.ToString()), P(contribution.Statement), P(contribution.Signature));
        _contributions.Add((datanet, contribution.Digest));
    }

    /// <summary>The number of a datanet in the other tables, or -1, under which they hold nothing.</summary>
    private long KeyOf(string datanetId)
    {
        ThrowIfLeft();
        if (!_datanets.TryGetValue(datanetId, out long key))
        {
            key = Number($"SELECT key FROM {_t}datanet WHERE id = $1", -1, P(datanetId));
            if (key < 0)
            {
                return -1;
            }

            _datanets.Add(datanetId, key);
        }

        return key;
    }

    private long AddedKeyOf(string datanetId) => KeyOf(datanetId) is long key and >= 0
        ? key
        : throw new InvalidOperationException($"The datanet '{datanetId}' was not added before its content.");

    /// <summary>Runs a statement after everything that waits, and reads every row.</summary>
    private List<T> Rows<T>(string sql, Func<PostgreSqlRow, T> read, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        Flush();
        using NpgsqlCommand command = new(sql, _connection);
        foreach (NpgsqlParameter parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return Do(() =>
        {
            List<T> rows = [];
            using NpgsqlDataReader reader = command.ExecuteReader();
            PostgreSqlRow row = new(reader, _place.Name);
            while (reader.Read())
            {
                rows.Add(read(row));
            }

            return rows;
        });
    }

    private T? Single<T>(string sql, Func<PostgreSqlRow, T> read, params ReadOnlySpan<NpgsqlParameter> parameters)
        where T : class => Rows(sql, read, parameters) is [T first, ..] ? first : null;

    private long Number(string sql, long otherwise = 0, params ReadOnlySpan<NpgsqlParameter> parameters) =>
        Rows(sql, row => row.IsNull(0) ? otherwise : row.Integer(0), parameters) is [long first, ..] ? first : otherwise;

    /// <summary>Queues a statement that gives no rows.</summary>
    private void Change(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        ThrowIfLeft();
        FlushRecords(); // records came before
        NpgsqlBatchCommand command = new(sql);
        foreach (NpgsqlParameter parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        _queued.Add(command);
        if (_queued.Count >= MostQueued)
        {
            FlushQueue();
        }
    }

    private void Flush()
    {
        ThrowIfLeft();
        FlushRecords();
        FlushQueue();
    }

    private void FlushQueue()
    {
        if (_queued.Count == 0)
        {
            return;
        }

        using NpgsqlBatch batch = new(_connection) { Timeout = _place.CommandSeconds };
        foreach (NpgsqlBatchCommand command in _queued)
        {
            batch.BatchCommands.Add(command);
        }

        _queued.Clear();
        Do(batch.ExecuteNonQuery);
    }

    private T Do<T>(Func<T> work)
    {
        if (_connection.State != ConnectionState.Open)
        {
            throw _fault = PostgreSqlFault.Lost(_place.Name, _fault);
        }

        bool before = _hasFailed;
        _hasFailed = true; // until it has worked; also for what is not a fault of the server, such as text that is no Unicode
        try
        {
            T result = PostgreSqlFault.Guard(_place.Name, work);
            _hasFailed = before;
            return result;
        }
        catch (DatanetException exception)
        {
            _fault = exception;
            throw;
        }
    }

    private void ThrowIfLeft()
    {
        if (_isLeft)
        {
            throw new InvalidOperationException("The reader or writer was used after the work it was handed to.");
        }
    }

    private DatanetException Corrupt(string what) => PostgreSqlRow.Damaged(_place.Name, what);

    private static NpgsqlParameter<long> P(long value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter<string> P(string value) => value.Contains('\0', StringComparison.Ordinal)
        ? throw new ArgumentException("The text has a zero character, which PostgreSQL does not keep; leave it out.", nameof(value))
        : new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    // A copy: the statement may wait, and its caller's buffer may serve again meanwhile.
    private static NpgsqlParameter<byte[]> P(ReadOnlyMemory<byte> value) => new() { TypedValue = value.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea };

    private static NpgsqlParameter<byte[]> P(Sha256Digest value) => new() { TypedValue = value.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea };

    private static NpgsqlParameter P(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
