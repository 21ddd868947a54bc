using Microsoft.Data.Sqlite;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using SQLitePCL;

namespace OpenLedger.Datanets.Storage;

/// <summary>
/// One prepared statement, bound and stepped without boxing. Columns are checked for their type: a damaged page can put any value anywhere.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly string _name;

    public SqliteStatement(sqlite3 database, string name, string sql)
    {
        _database = database;
        _name = name;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public SqliteStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, string value)
    {
        Check(raw.sqlite3_bind_text(_statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, index, 0) : raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, Sha256Digest value)
    {
        Span<byte> bytes = stackalloc byte[Sha256Digest.Length];
        value.CopyTo(bytes);
        return Bind(index, bytes);
    }

    public SqliteStatement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(_statement, index));
        return this;
    }

    /// <summary>Moves to the next row; after the last one the statement is ready to be bound again.</summary>
    public bool Step()
    {
        int result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        SqliteException? fault = result == raw.SQLITE_DONE ? null : Fault(result);
        raw.sqlite3_reset(_statement);
        return fault is null ? false : throw fault;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Execute()
    {
        if (Step())
        {
            Reset();
            throw Corrupt("a write gave rows");
        }
    }

    /// <summary>Runs a statement that gives at most one row, and reads it.</summary>
    public T? Single<T>(Func<SqliteStatement, T> read)
        where T : class
    {
        try
        {
            return Step() ? read(this) : null;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs a statement that gives one integer.</summary>
    public long Number(long otherwise = 0)
    {
        try
        {
            return Step() && !IsNull(0) ? Integer(0) : otherwise;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs a statement and reads every row.</summary>
    public List<T> Rows<T>(Func<SqliteStatement, T> read)
    {
        List<T> rows = [];
        try
        {
            while (Step())
            {
                rows.Add(read(this));
            }
        }
        finally
        {
            Reset();
        }

        return rows;
    }

    public void Reset() => raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Integer(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_INTEGER
            ? raw.sqlite3_column_int64(_statement, column)
            : throw Corrupt($"column {Name(column)} holds no integer");

    public string Text(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_TEXT
            ? raw.sqlite3_column_text(_statement, column).utf8_to_string()
            : throw Corrupt($"column {Name(column)} holds no text");

    public ReadOnlySpan<byte> Bytes(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_BLOB
            ? raw.sqlite3_column_blob(_statement, column)
            : throw Corrupt($"column {Name(column)} holds no bytes");

    public byte[] Blob(int column) => Bytes(column).ToArray();

    public Sha256Digest Digest(int column) =>
        Bytes(column) is { Length: Sha256Digest.Length } digest
            ? new Sha256Digest(digest)
            : throw Corrupt($"column {Name(column)} holds no digest");

    public ContributorId Contributor(int column) =>
        ContributorId.TryParse(Text(column), null, out ContributorId id) ? id : throw Corrupt($"column {Name(column)} holds no account");

    public DatanetException Corrupt(string what) => new(DatanetError.StoreCorrupt, $"'{_name}' is damaged: {what}; restore it from a copy.");

    public void Dispose() => _statement.Dispose();

    private string Name(int column) => raw.sqlite3_column_name(_statement, column).utf8_to_string();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw Fault(result);
        }
    }

    private SqliteException Fault(int result) =>
        new(raw.sqlite3_errmsg(_database).utf8_to_string(), result & 0xFF, raw.sqlite3_extended_errcode(_database));
}
