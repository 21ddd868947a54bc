using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OpenLedger.Datanets.Storage;

/// <summary>Keeps datanets in one SQLite file, or in memory.</summary>
/// <remarks>
/// <para>
/// One connection, used by one thread at a time; several processes may open one file. A file uses a write-ahead log with full
/// synchronisation: what <see cref="Write{TResult}"/> returned survives a crash of the process or the machine.
/// </para>
/// <para>The file is input from outside: a schema that this package did not write is refused before anything is read.</para>
/// </remarks>
public sealed class SqliteDatanetStore : IDatanetStore
{
    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly string _name;
    private SqliteDatanetSession? _session;
    private bool _isBusy;
    private bool _isDisposed;

    private SqliteDatanetStore(SqliteConnection connection, string name)
    {
        _connection = connection;
        _name = name;
    }

    /// <summary>Opens a store, creating it when the file is absent or empty.</summary>
    /// <param name="options">The path and the time to wait for others.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.StoreUnavailable"/>, <see cref="DatanetError.StoreLocked"/>, <see cref="DatanetError.StoreCorrupt"/>,
    /// <see cref="DatanetError.NotADatanetStore"/> or <see cref="DatanetError.NewerStoreFormat"/>.
    /// </exception>
    public static SqliteDatanetStore Open(SqliteDatanetStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        string name = options.Path ?? "the store in memory";
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = options.Path ?? ":memory:",
            Mode = options.Path is null ? SqliteOpenMode.Memory : SqliteOpenMode.ReadWriteCreate,
            Pooling = false, // a pooled connection would keep the file open after Dispose
            DefaultTimeout = (int)Math.Ceiling(options.LockTimeout.TotalSeconds),
        }.ConnectionString);
        SqliteDatanetStore store = new(connection, name);
        try
        {
            SqliteFault.Guard(name, () =>
            {
                connection.Open();
                SqliteStoreSchema.Prepare(connection, name);
                if (options.MaxBytes is long bytes)
                {
                    SqliteStoreSchema.Limit(connection, bytes);
                }

                // A process that died between an erasure and its purge left keys in the log. Not waited for: who still reads it, purges it.
                bool isPurged = store.Checkpoint();
                raw.sqlite3_busy_timeout(connection.Handle, (int)options.LockTimeout.TotalMilliseconds);
                return isPurged;
            });
        }
        catch
        {
            store.Dispose();
            throw;
        }

        return store;
    }

    /// <summary>Opens a file with default options; see <see cref="Open(SqliteDatanetStoreOptions)"/>.</summary>
    /// <param name="path">The file, created when absent.</param>
    public static SqliteDatanetStore OpenFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Open(new SqliteDatanetStoreOptions { Path = path });
    }

    /// <summary>Opens an empty store in memory.</summary>
    public static SqliteDatanetStore OpenInMemory() => Open(new SqliteDatanetStoreOptions { Path = null });

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
    /// <exception cref="DatanetException">A fault of the storage.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    /// <exception cref="InvalidOperationException">The store was called from inside its own work.</exception>
    public TResult Write<TResult>(Func<IDatanetWriter, TResult> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Run(work, isWriter: true);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Copies the write-ahead log into the file and truncates it, waiting for readers in other processes as long as the lock timeout says.
    /// </remarks>
    /// <exception cref="DatanetException">A fault of the storage.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    /// <exception cref="InvalidOperationException">The store was called from inside its own work.</exception>
    public bool Purge()
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            return SqliteFault.Guard(_name, Checkpoint);
        }
    }

    /// <summary>Closes the file. Waits for work in progress on other threads.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                _session?.Dispose();
                _connection.Dispose();
            }
        }
    }

    private TResult Run<TResult>(Func<SqliteDatanetSession, TResult> work, bool isWriter)
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            _isBusy = true;
            try
            {
                return SqliteFault.Guard(_name, () =>
                {
                    _session ??= new SqliteDatanetSession(_connection.Handle!, _name);
                    _session.Enter(isWriter);
                    TResult result = work(_session);
                    _session.Commit();
                    return result;
                });
            }
            finally
            {
                _session?.Leave();
                _isBusy = false;
            }
        }
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isBusy)
        {
            throw new InvalidOperationException("The store was called from inside its own work; use the reader or writer that was handed in.");
        }
    }

    private bool Checkpoint()
    {
        int result = raw.sqlite3_wal_checkpoint_v2(_connection.Handle!, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
        return result switch
        {
            raw.SQLITE_OK => true,
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => false,
            _ => throw new SqliteException(raw.sqlite3_errmsg(_connection.Handle!).utf8_to_string(), result & 0xFF, result),
        };
    }
}
