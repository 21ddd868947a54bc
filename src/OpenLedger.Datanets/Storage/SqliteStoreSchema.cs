using System.Globalization;
using Microsoft.Data.Sqlite;

namespace OpenLedger.Datanets.Storage;

/// <summary>The tables of a store, and the check that a file has exactly these.</summary>
internal static class SqliteStoreSchema
{
    private const int ApplicationId = 0x4F4C444E; // "OLDN"
    private const int FormatVersion = 1;

    private static readonly string[] Statements =
    [
        "CREATE TABLE datanet (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, schema BLOB NOT NULL) STRICT",
        "CREATE TABLE payload (key INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, content BLOB NOT NULL) STRICT",
        "CREATE TABLE contribution (key INTEGER PRIMARY KEY, datanet INTEGER NOT NULL REFERENCES datanet, digest BLOB NOT NULL, "
            + "contributor TEXT NOT NULL, statement BLOB NOT NULL, signature BLOB NOT NULL, UNIQUE (datanet, digest)) STRICT",
        "CREATE TABLE record (datanet INTEGER NOT NULL REFERENCES datanet, position INTEGER NOT NULL, "
            + "payload INTEGER NOT NULL REFERENCES payload, normalized BLOB NOT NULL, contribution INTEGER NOT NULL REFERENCES contribution, "
            + "registered_at_ms INTEGER NOT NULL, PRIMARY KEY (datanet, position), UNIQUE (datanet, payload), "
            + "UNIQUE (datanet, normalized)) STRICT, WITHOUT ROWID",
        "CREATE TABLE version (datanet INTEGER NOT NULL REFERENCES datanet, number INTEGER NOT NULL, header BLOB NOT NULL, "
            + "PRIMARY KEY (datanet, number)) STRICT, WITHOUT ROWID",
        "CREATE TABLE journal (datanet INTEGER NOT NULL REFERENCES datanet, sequence INTEGER NOT NULL, document BLOB NOT NULL, "
            + "PRIMARY KEY (datanet, sequence)) STRICT",
        "CREATE TABLE item (datanet INTEGER NOT NULL REFERENCES datanet, collection TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, "
            + "PRIMARY KEY (datanet, collection, key)) STRICT, WITHOUT ROWID",
    ];

    public static void Prepare(SqliteConnection connection, string name)
    {
        // A file from outside may carry triggers or views; none of its code runs with our trust.
        Execute(connection, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
        if (Number(connection, "PRAGMA application_id") == 0 && Number(connection, "SELECT count(*) FROM sqlite_schema") == 0)
        {
            Create(connection);
        }

        Check(connection, name);
    }

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
