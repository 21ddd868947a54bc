using System.Globalization;
using Microsoft.Data.Sqlite;

namespace OpenLedger.Datanets.Storage;

/// <summary>The tables of a store, and the check that a file has exactly these.</summary>
internal static class SqliteStoreSchema
{
    private const int ApplicationId = 0x4F4C444E; // "OLDN"
    private const int FormatVersion = 1;

    // Tables that hold secrets only grow at their end and are overwritten in place: SQLite moves the rows of other tables between pages when it
    // balances them, and a copy that stayed behind would outlive an erasure.
    private static readonly string[] Statements =
    [
        "CREATE TABLE datanet (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, schema BLOB NOT NULL) STRICT",
        "CREATE TABLE branch (key INTEGER PRIMARY KEY, datanet INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (datanet, name)) STRICT",
        "CREATE TABLE branch_end (datanet INTEGER NOT NULL, branch INTEGER NOT NULL, position INTEGER NOT NULL, "
            + "PRIMARY KEY (datanet, branch)) STRICT, WITHOUT ROWID",
        "CREATE TABLE contribution (key INTEGER PRIMARY KEY, datanet INTEGER NOT NULL, digest BLOB NOT NULL, "
            + "contributor TEXT NOT NULL, statement BLOB NOT NULL, signature BLOB NOT NULL, UNIQUE (datanet, digest)) STRICT",
        // target: the payload's key of an addition, the size of a fork, otherwise the position of the record; source: the branch that a fork
        // starts from, the position of the record that replaces a removed one.
        "CREATE TABLE step (key INTEGER PRIMARY KEY, kind INTEGER NOT NULL, branch INTEGER NOT NULL, target INTEGER NOT NULL, source INTEGER, "
            + "at_ms INTEGER NOT NULL, digest BLOB, contribution INTEGER) STRICT",
        "CREATE INDEX step_change ON step (branch, target, key) WHERE kind BETWEEN 2 AND 4",
        "CREATE INDEX step_fork ON step (key) WHERE kind = 5",
        "CREATE TABLE record_index (datanet INTEGER NOT NULL, prefix INTEGER NOT NULL, position INTEGER NOT NULL, "
            + "PRIMARY KEY (datanet, prefix, position)) STRICT, WITHOUT ROWID",
        "CREATE TABLE payload (key INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT",
        "CREATE TABLE secret (key INTEGER PRIMARY KEY, secret BLOB NOT NULL) STRICT",
        "CREATE TABLE fingerprint (datanet INTEGER NOT NULL, value INTEGER NOT NULL, position INTEGER NOT NULL, "
            + "PRIMARY KEY (datanet, value, position)) STRICT, WITHOUT ROWID",
        "CREATE TABLE fingerprint_key (key INTEGER PRIMARY KEY, secret BLOB NOT NULL) STRICT",
        "CREATE TABLE version (datanet INTEGER NOT NULL, number INTEGER NOT NULL, id BLOB NOT NULL, branch INTEGER NOT NULL, "
            + "header BLOB NOT NULL, manifest BLOB NOT NULL, PRIMARY KEY (datanet, number)) STRICT, WITHOUT ROWID",
        "CREATE UNIQUE INDEX version_id ON version (datanet, id)",
        "CREATE TABLE journal (datanet INTEGER NOT NULL, sequence INTEGER NOT NULL, document BLOB NOT NULL, "
            + "PRIMARY KEY (datanet, sequence)) STRICT",
        "CREATE TABLE item (datanet INTEGER NOT NULL, collection TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, "
            + "PRIMARY KEY (datanet, collection, key)) STRICT, WITHOUT ROWID",
    ];

    public static void Prepare(SqliteConnection connection, string name)
    {
        // A file from outside may carry triggers or views; none of its code runs with our trust.
        Execute(
            connection,
            "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; "
            + "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000;");
        if (Number(connection, "PRAGMA application_id") == 0 && Number(connection, "SELECT count(*) FROM sqlite_schema") == 0)
        {
            Create(connection);
        }

        Check(connection, name);
    }

    /// <summary>Lets the file grow up to a size.</summary>
    public static void Limit(SqliteConnection connection, long bytes) =>
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(1, bytes / Number(connection, "PRAGMA page_size"))};"));

    private static void Create(SqliteConnection connection)
    {
        Execute(connection, "PRAGMA journal_mode = WAL;");
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        if (Number(connection, "SELECT count(*) FROM sqlite_schema") == 0) // another process may have been faster
        {
            foreach (string statement in Statements)
            {
                Execute(connection, statement);
            }

            Execute(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {FormatVersion};");
        }

        transaction.Commit();
    }

    private static void Check(SqliteConnection connection, string name)
    {
        if (Number(connection, "PRAGMA application_id") != ApplicationId)
        {
            throw new DatanetException(DatanetError.NotADatanetStore, $"'{name}' is an SQLite file of another program, not a datanet store.");
        }

        long version = Number(connection, "PRAGMA user_version");
        if (version > FormatVersion)
        {
            throw new DatanetException(
                DatanetError.NewerStoreFormat,
                $"'{name}' has store format {version}; this version of the package reads up to {FormatVersion}. Update the package.");
        }

        List<string> found = [];
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL";
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            found.Add(reader.GetValue(0) as string ?? "");
        }

        if (version != FormatVersion || !found.Order(StringComparer.Ordinal).SequenceEqual(Statements.Order(StringComparer.Ordinal)))
        {
            throw new DatanetException(
                DatanetError.StoreCorrupt, $"'{name}' does not have the tables of store format {FormatVersion}; restore it from a copy.");
        }
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
