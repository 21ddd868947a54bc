using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using OpenLedger.Chain.Canonical;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Receipts;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Chain.Ledger;

/// <summary>The embedded ledger: one SQLite file of hash-chained, append-only entries and the published data of every epoch.</summary>
/// <remarks>
/// <para>
/// Nothing but entries and epoch documents is stored; balances are replayed from them when the file is opened, so a stored sum can never
/// contradict its history. Opening therefore takes time in proportion to the history, and a file on which anything was changed is refused.
/// Several processes may use one file: each operation is one immediate transaction that first replays what others appended.
/// </para>
/// <para>
/// Each operation is durable when its task completes; a process that is killed leaves the file before or after an operation, never between.
/// The file is not encrypted; it holds hashes, amounts and addresses, no prompts. Safe for concurrent use. The work is synchronous SQLite, so
/// tasks are complete when they are returned.
/// </para>
/// </remarks>
public sealed class SqliteLedger : ILedger, IDisposable
{
    // 'OLGR': tells a ledger from any other SQLite file.
    private const int ApplicationId = 0x4F4C4752;
    private const int SchemaVersion = 1;
    private const int MaxPayloadLength = 1024 * 1024;

    private const string Schema = """
        CREATE TABLE entries (sequence INTEGER PRIMARY KEY, kind TEXT NOT NULL, payload BLOB NOT NULL, prev_hash BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
        CREATE TABLE epochs (epoch INTEGER PRIMARY KEY, document BLOB NOT NULL) STRICT;
        CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER epochs_no_update BEFORE UPDATE ON epochs BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER epochs_no_delete BEFORE DELETE ON epochs BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        """;

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly string _path;
    private LedgerMachine? _machine;
    private bool _disposed;

    private SqliteLedger(string path, SqliteConnection connection)
    {
        _path = path;
        _connection = connection;
    }

    /// <summary>Opens a ledger file, or creates it; a file without content counts as new.</summary>
    /// <param name="path">The file. Its folder must exist.</param>
    /// <param name="options">Which ledger it is.</param>
    /// <exception cref="ArgumentException">The path is empty or the options are invalid.</exception>
    /// <exception cref="ChainException">The file is busy, cannot be opened, is no ledger, is newer, damaged, or another ledger.</exception>
    public static SqliteLedger Open(string path, SqliteLedgerOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        path = Path.GetFullPath(path);
        SqliteConnectionStringBuilder builder = new()
        {
            DataSource = path,
            Pooling = false, // a disposed ledger must let go of its file
            DefaultTimeout = (int)options.BusyTimeout.TotalSeconds,
        };
        SqliteLedger ledger = new(path, new SqliteConnection(builder.ConnectionString));
        try
        {
            ledger.Guard(() =>
            {
                ledger._connection.Open();
                ledger.Execute("PRAGMA trusted_schema = OFF; PRAGMA synchronous = FULL;");
                using SqliteTransaction transaction = ledger._connection.BeginTransaction(deferred: false);
                ledger.Prepare(options.Identity);
                ledger.CatchUp();
                transaction.Commit();
            });
            return ledger._machine!.Identity == options.Identity
                ? ledger
                : throw new ChainException(
                    ChainError.LedgerMismatch,
                    $"Ledger '{path}' has operator {ledger._machine.Identity.Operator}, chain {ledger._machine.Identity.ChainId}, ledger {ledger._machine.Identity.Ledger} "
                    + $"and token {ledger._machine.Identity.Token}; asked for {options.Identity.Operator}, {options.Identity.ChainId}, {options.Identity.Ledger} and {options.Identity.Token}.");
        }
        catch
        {
            ledger.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<LedgerState> ReadAsync(CancellationToken cancellationToken = default) => Run(machine => new LedgerState(machine), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlySet<Bytes32>> FindSettledAsync(IReadOnlyCollection<Bytes32> inferenceIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inferenceIds);
        return Run<IReadOnlySet<Bytes32>>(machine => inferenceIds.Where(machine.IsSettled).ToHashSet(), cancellationToken);
    }

    /// <inheritdoc/>
    public Task PostBatchAsync(SettledEpoch epoch, SignedBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        ArgumentNullException.ThrowIfNull(batch);
        return Append(
            machine =>
            {
                if (epoch.Document.Length > CanonicalObject.MaxDocumentLength)
                {
                    throw new ChainException(
                        ChainError.BatchRejected,
                        $"The document of epoch {epoch.Number} has {epoch.Document.Length} bytes; at most {CanonicalObject.MaxDocumentLength} are posted. Split the epoch.");
                }

                foreach (RuleResult result in machine.CheckBatch(epoch, batch, withReceiptSignatures: true))
                {
                    if (result.Fault is not null)
                    {
                        throw new ChainException(
                            ChainError.BatchRejected,
                            $"Epoch {batch.Header.Epoch} is rejected, {result.Rule}: {result.Fault}.");
                    }
                }

                LedgerEntry entry = LedgerEntry.Create(machine.EntryCount, LedgerEntryKind.Batch, LedgerPayloads.Write(batch), machine.Head);
                InsertEpoch(epoch);
                Insert(entry);
                return (Result: true, Apply: (Action)(() => machine.ApplyBatch(entry, epoch, batch)));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<UInt128> ClaimAsync(PayoutClaim claim, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return Append(
            machine =>
            {
                UInt128 amount = machine.CheckClaim(claim);
                if (amount == UInt128.Zero)
                {
                    return (Result: amount, Apply: (Action)(() => { }));
                }

                PaidClaim paid = new(claim, amount);
                LedgerEntry entry = LedgerEntry.Create(machine.EntryCount, LedgerEntryKind.Claim, LedgerPayloads.Write(paid), machine.Head);
                Insert(entry);
                return (Result: amount, Apply: (Action)(() => machine.ApplyClaim(entry, paid)));
            },
            cancellationToken);
    }

    /// <summary>Returns all entries and the canonical document of every epoch, in order, as of one moment: what an export is made
    /// of.</summary>
    /// <exception cref="ChainException">The ledger is busy, damaged or cannot be read.</exception>
    public LedgerContents ReadContents()
    {
        lock (_gate)
        {
            return Guard(() =>
            {
                using SqliteTransaction transaction = _connection.BeginTransaction(deferred: true);
                LedgerMachine machine = CatchUp();
                List<byte[]> documents = [];
                for (ulong epoch = 1; epoch <= machine.Epoch; epoch++)
                {
                    documents.Add(ReadEpoch(epoch) ?? throw Corrupt($"the document of epoch {epoch} is missing"));
                }

                return new LedgerContents(new LedgerState(machine), ReadEntries(0), documents);
            });
        }
    }

    /// <summary>Closes the file. A second call does nothing.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _connection.Dispose();
        }
    }

    private Task<T> Run<T>(Func<LedgerMachine, T> read, CancellationToken cancellationToken) => Complete(
        () =>
        {
            using SqliteTransaction transaction = _connection.BeginTransaction(deferred: true);
            return read(CatchUp());
        },
        cancellationToken);

    // The change is applied in memory only after the commit. When a commit fails half-way, the next operation replays what the file holds.
    private Task<T> Append<T>(Func<LedgerMachine, (T Result, Action Apply)> append, CancellationToken cancellationToken) => Complete(
        () =>
        {
            using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
            (T result, Action apply) = append(CatchUp());
            transaction.Commit();
            apply();
            return result;
        },
        cancellationToken);

    private Task<T> Complete<T>(Func<T> action, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            lock (_gate)
            {
                return Task.FromResult(Guard(action));
            }
        }
        catch (ChainException fault)
        {
            return Task.FromException<T>(fault);
        }
    }

    private void Prepare(LedgerIdentity identity)
    {
        long applicationId = Number("PRAGMA application_id");
        long version = Number("PRAGMA user_version");
        long tables = Number("SELECT count(*) FROM sqlite_schema");
        if (tables == 0 && applicationId == 0 && version == 0)
        {
            Execute(Schema);
            Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion};"));
            Insert(LedgerEntry.Create(0, LedgerEntryKind.Open, LedgerPayloads.Write(identity), default));
            return;
        }

        if (applicationId != ApplicationId)
        {
            throw new ChainException(ChainError.NotALedger, $"'{_path}' is a SQLite database of another application, not a ledger.");
        }

        if (version != SchemaVersion)
        {
            throw new ChainException(
                version > SchemaVersion ? ChainError.LedgerNewerSchema : ChainError.LedgerCorrupt,
                $"Ledger '{_path}' has schema version {version}; this library knows version {SchemaVersion}. Update the library.");
        }

        using SqliteCommand check = _connection.CreateCommand();
        check.CommandText = "PRAGMA quick_check(1)";
        if (check.ExecuteScalar() is not "ok")
        {
            throw Corrupt("SQLite's own check fails");
        }
    }

    // Replays what was appended since the last operation, by this process or another.
    private LedgerMachine CatchUp()
    {
        if (_machine is not null && _machine.EntryCount > 0)
        {
            List<LedgerEntry> last = ReadEntries(_machine.EntryCount - 1, limit: 1);
            if (last.Count != 1 || last[0].Hash != _machine.Head)
            {
                throw Corrupt($"entry {_machine.EntryCount - 1} was changed or removed while the ledger was open");
            }
        }

        foreach (LedgerEntry entry in ReadEntries(_machine?.EntryCount ?? 0))
        {
            Replay(entry);
        }

        return _machine ?? throw Corrupt("it has no entries");
    }

    private void Replay(LedgerEntry entry)
    {
        try
        {
            if (_machine is null)
            {
                _machine = new LedgerMachine(entry);
            }
            else
            {
                _machine.Replay(entry, ReadEpoch);
            }
        }
        catch (ChainException fault)
        {
            throw Corrupt(fault.Message.TrimEnd('.'), fault);
        }
    }

    private List<LedgerEntry> ReadEntries(ulong from, long limit = -1)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = """
            SELECT sequence, kind, CASE WHEN length(payload) <= $max THEN payload END, prev_hash, hash
            FROM entries WHERE sequence >= $from ORDER BY sequence LIMIT $limit
            """;
        command.Parameters.AddWithValue("$max", MaxPayloadLength);
        command.Parameters.AddWithValue("$from", (long)from);
        command.Parameters.AddWithValue("$limit", limit);
        using SqliteDataReader reader = command.ExecuteReader();
        List<LedgerEntry> entries = [];
        while (reader.Read())
        {
            if (reader.GetValue(0) is not long sequence || sequence < 0
                || reader.GetValue(1) is not string name || !LedgerEntry.TryParseKind(name, out LedgerEntryKind kind)
                || reader.GetValue(2) is not byte[] payload || payload.AsSpan().IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0
                || reader.GetValue(3) is not byte[] { Length: Bytes32.Length } prevHash
                || reader.GetValue(4) is not byte[] { Length: Bytes32.Length } hash)
            {
                throw Corrupt($"the row after entry {(long)from + entries.Count - 1} is no entry");
            }

            entries.Add(new LedgerEntry
            {
                Sequence = (ulong)sequence,
                Kind = kind,
                Payload = Encoding.ASCII.GetString(payload),
                PrevHash = new Bytes32(prevHash),
                Hash = new Bytes32(hash),
            });
        }

        return entries;
    }

    private byte[]? ReadEpoch(ulong epoch)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT document FROM epochs WHERE epoch = $epoch AND length(document) <= $max";
        command.Parameters.AddWithValue("$epoch", unchecked((long)epoch));
        command.Parameters.AddWithValue("$max", CanonicalObject.MaxDocumentLength);
        return command.ExecuteScalar() as byte[];
    }

    private void InsertEpoch(SettledEpoch epoch)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "INSERT INTO epochs (epoch, document) VALUES ($epoch, $document)";
        command.Parameters.AddWithValue("$epoch", (long)epoch.Number);
        command.Parameters.AddWithValue("$document", epoch.ToDocument());
        command.ExecuteNonQuery();
    }

    private void Insert(LedgerEntry entry)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "INSERT INTO entries (sequence, kind, payload, prev_hash, hash) VALUES ($sequence, $kind, $payload, $prev, $hash)";
        command.Parameters.AddWithValue("$sequence", (long)entry.Sequence);
        command.Parameters.AddWithValue("$kind", LedgerEntry.NameOf(entry.Kind));
        command.Parameters.AddWithValue("$payload", entry.PayloadBytes());
        command.Parameters.AddWithValue("$prev", entry.PrevHash.ToArray());
        command.Parameters.AddWithValue("$hash", entry.Hash.ToArray());
        command.ExecuteNonQuery();
    }

    private void Execute(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // constant text of this class; pragmas take no parameters
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private long Number(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // constant text of this class
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() as long? ?? throw Corrupt($"'{sql}' gives no number");
    }

    private void Guard(Action action) => Guard(() =>
    {
        action();
        return true;
    });

    // Names the file in every fault that SQLite reports.
    private T Guard<T>(Func<T> action)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            return action();
        }
        catch (SqliteException fault)
        {
            throw fault.SqliteErrorCode switch
            {
                SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => new ChainException(
                    ChainError.LedgerBusy, $"Ledger '{_path}' is locked by another process; try again when it is done.", fault),
                SQLitePCL.raw.SQLITE_NOTADB => new ChainException(ChainError.NotALedger, $"'{_path}' is not a ledger: it is no SQLite database.", fault),
                SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR
                    or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_AUTH => new ChainException(
                        ChainError.LedgerUnavailable, $"Ledger '{_path}' cannot be used: {fault.Message}", fault),
                _ => Corrupt(fault.Message, fault),
            };
        }
    }

    private ChainException Corrupt(string reason, Exception? cause = null) =>
        new(ChainError.LedgerCorrupt, $"Ledger '{_path}' is damaged: {reason}.", cause);
}
