using System.Diagnostics;
using Npgsql;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.PostgreSql;

/// <summary>Keeps datanets in a schema of a PostgreSQL database (13 or later), which many processes may share.</summary>
/// <remarks>
/// <para>
/// Safe for concurrent use. Readers work at the same time, each on a snapshot of its own (REPEATABLE READ); writers of one schema work one after
/// the other, under an advisory lock of the transaction. What <see cref="Write{TResult}"/> returned is as durable as the server's settings make a
/// commit; a server with <c>synchronous_commit = off</c> is asked for <c>on</c>.
/// </para>
/// <para>
/// The store owns its pool of connections. It needs sessions of its own: behind PgBouncer use session pooling. What an erasure can reach in
/// PostgreSQL is described in <c>docs/datanets/storage.md</c>: the tables' files, not the write-ahead log, replicas and backups.
/// </para>
/// </remarks>
public sealed class PostgreSqlDatanetStore : IDatanetStore
{
    private readonly Lock _writers = new();
    private readonly ThreadLocal<bool> _isInside = new();
    private readonly NpgsqlDataSource _source;
    private readonly PostgreSqlPlace _place;
    private volatile bool _isDisposed;

    private PostgreSqlDatanetStore(NpgsqlDataSource source, PostgreSqlPlace place)
    {
        _source = source;
        _place = place;
    }

    /// <summary>Opens a store, creating its schema and tables when they are absent; ends a purge that was interrupted.</summary>
    /// <param name="options">Where, and how long to wait for others.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.StoreUnavailable"/>, <see cref="DatanetError.StoreLocked"/>, <see cref="DatanetError.StoreCorrupt"/>,
    /// <see cref="DatanetError.NotADatanetStore"/> or <see cref="DatanetError.NewerStoreFormat"/>.
    /// </exception>
    public static PostgreSqlDatanetStore Open(PostgreSqlDatanetStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        NpgsqlConnectionStringBuilder settings = new(options.ConnectionString)
        {
            CommandTimeout = (int)Math.Ceiling(options.CommandTimeout.TotalSeconds),
            Enlist = false, // an ambient transaction of the caller must not decide over ours
            IncludeErrorDetail = false, // details of errors quote rows
            PersistSecurityInfo = false,
        };
        settings.ApplicationName ??= "OpenLedger.Datanets";
        if (settings.MaxAutoPrepare == 0)
        {
            settings.MaxAutoPrepare = 64;
        }

        PostgreSqlPlace place = new(
            $"The store '{options.Schema}' in the database '{settings.Database ?? settings.Username}' on {settings.Host}:{settings.Port}",
            options.Schema,
            options.LockTimeout,
            settings.CommandTimeout);
        NpgsqlSlimDataSourceBuilder builder = new(settings.ConnectionString);
        builder.EnableArrays().EnableTransportSecurity().EnableIntegratedSecurity();
        PostgreSqlDatanetStore store = new(builder.Build(), place);
        try
        {
            store.Run(session => PostgreSqlFault.Guard(place.Name, () => PostgreSqlSchema.Prepare(session.Connection, place)), isWriter: true);
            store.Clear(TimeSpan.Zero);
        }
        catch
        {
            store.Dispose();
            throw;
        }

        return store;
    }

    /// <inheritdoc/>
    /// <exception cref="DatanetException">A fault of the storage.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    /// <exception cref="InvalidOperationException">The store was called from inside its own work.</exception>
    public TResult Read<TResult>(Func<IDatanetReader, TResult> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Run(work, isWriter: false);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// When the connection is lost during the commit, the server is asked what became of it; only when it cannot be asked within the lock
    /// timeout, the exception says that nobody knows.
    /// </remarks>
    /// <exception cref="DatanetException">A fault of the storage.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    /// <exception cref="InvalidOperationException">The store was called from inside its own work.</exception>
    public TResult Write<TResult>(Func<IDatanetWriter, TResult> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ThrowIfUnusable(); // before waiting for a lock that this thread may hold
        if (!_writers.TryEnter(_place.LockTimeout))
        {
            throw PostgreSqlFault.Locked(_place.Name);
        }

        try
        {
            return Run(work, isWriter: true);
        }
        finally
        {
            _writers.Exit();
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Rewrites the tables that still hold what was destroyed (VACUUM FULL, for which the role must own them), once no session needs the old rows
    /// any more; waits for that as long as the lock timeout says. The write-ahead log, replicas, backups and freed blocks of the disk are out of
    /// reach: <see langword="true"/> says nothing about them.
    /// </remarks>
    /// <exception cref="DatanetException">A fault of the storage.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    /// <exception cref="InvalidOperationException">The store was called from inside its own work.</exception>
    public bool Purge()
    {
        ThrowIfUnusable();
        return Clear(_place.LockTimeout);
    }

    /// <summary>Closes the idle connections, and those in use when their work ends.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _source.Dispose();
        }
    }

    private bool Clear(TimeSpan patience) => PostgreSqlFault.Guard(_place.Name, () =>
    {
        using NpgsqlConnection connection = _source.OpenConnection();
        return PostgreSqlPurge.Run(connection, _place, patience);
    });

    private TResult Run<TResult>(Func<PostgreSqlSession, TResult> work, bool isWriter)
    {
        ThrowIfUnusable();
        _isInside.Value = true;
        try
        {
            using PostgreSqlSession session = Enter(isWriter);
            TResult result = work(session);
            if (!session.Commit())
            {
                ThrowUnlessKept(session.TransactionId);
            }

            return result;
        }
        finally
        {
            _isInside.Value = false;
        }
    }

    /// <summary>Begins on a pooled connection; once more when that had died while it was idle.</summary>
    private PostgreSqlSession Enter(bool isWriter)
    {
        try
        {
            return EnterOnce(isWriter);
        }
        catch (DatanetException exception) when (exception.Error == DatanetError.StoreUnavailable)
        {
            return EnterOnce(isWriter); // nothing of the work has run yet
        }
    }

    private PostgreSqlSession EnterOnce(bool isWriter)
    {
        PostgreSqlSession session = new(PostgreSqlFault.Guard(_place.Name, _source.OpenConnection), _place);
        try
        {
            session.Enter(isWriter);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void ThrowUnlessKept(string transactionId)
    {
        if (transactionId.Length == 0)
        {
            return; // it had only read, and has read all
        }

        long start = Stopwatch.GetTimestamp();
        string? status;
        do
        {
            status = PostgreSqlFault.Guard(_place.Name, () =>
            {
                using NpgsqlConnection connection = _source.OpenConnection();
                using NpgsqlCommand command = new("SELECT pg_catalog.pg_xact_status($1::text::xid8)", connection);
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = transactionId });
                return command.ExecuteScalar() as string;
            });
            if (status == "committed")
            {
                return;
            }

            Thread.Sleep(status == "in progress" ? 20 : 0);
        }
        while (status == "in progress" && Stopwatch.GetElapsedTime(start) < _place.LockTimeout);

        throw status == "aborted"
            ? PostgreSqlFault.Lost(_place.Name)
            : new DatanetException(
                DatanetError.StoreUnavailable,
                $"{_place.Name}: the connection was lost during the commit, and whether it was kept is not known; read before you write again.");
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isInside.Value)
        {
            throw new InvalidOperationException("The store was called from inside its own work; use the reader or writer that was handed in.");
        }
    }
}
