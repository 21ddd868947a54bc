using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace OpenLedger.Datanets.PostgreSql;

/// <summary>Removes from the tables' files what was destroyed in the tables.</summary>
/// <remarks>
/// PostgreSQL never overwrites: an update adds a row, and even a plain VACUUM frees the old row's place without clearing it. VACUUM FULL writes the
/// live rows to a new file and cuts the old one to nothing; but it takes along dead rows that some session could still see. So first a
/// transaction number is drawn, and waited until no session anywhere has an older transaction or snapshot.
/// </remarks>
internal static class PostgreSqlPurge
{
    private static readonly string[] Tables = ["secret", "fingerprint_key", "item"];

    /// <summary>Rewrites the tables that need it.</summary>
    /// <returns>Whether none needs it any more.</returns>
    public static bool Run(NpgsqlConnection connection, PostgreSqlPlace place, TimeSpan patience)
    {
        List<(string Table, long Generation)> pending = Pending(connection, place);
        if (pending.Count == 0)
        {
            return true;
        }

        if (!IsForgottenByAll(connection, patience))
        {
            return false;
        }

        // On this session alone; the pool resets it when the connection is returned.
        Execute(connection, $"SET lock_timeout = {((long)place.LockTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}");
        bool isClear = true;
        foreach ((string table, long generation) in pending)
        {
            if (Rewrite(connection, place, table))
            {
                // More may have been destroyed meanwhile; then the generation is another and the row stays for the next call.
                string number = generation.ToString(CultureInfo.InvariantCulture);
                Execute(connection, $"DELETE FROM {place.TablePrefix}pending_purge WHERE name = '{table}' AND generation = {number}");
            }
            else
            {
                isClear = false;
            }
        }

        return isClear;
    }

    private static List<(string Table, long Generation)> Pending(NpgsqlConnection connection, PostgreSqlPlace place)
    {
        List<(string Table, long Generation)> pending = [];
        using NpgsqlCommand command = new($"SELECT name, generation FROM {place.TablePrefix}pending_purge ORDER BY name", connection);
        using NpgsqlDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            string table = reader.GetString(0);
            pending.Add(Array.IndexOf(Tables, table) >= 0
                ? (table, reader.GetInt64(1))
                : throw PostgreSqlRow.Damaged(place.Name, $"'{table}' waits to be purged"));
        }

        return pending;
    }

    private static bool IsForgottenByAll(NpgsqlConnection connection, TimeSpan patience)
    {
        // What was destroyed before this was committed by transactions with lower numbers.
        string number = (string)Scalar(connection, "SELECT pg_catalog.pg_current_xact_id()::xid::text")!;
        string older =
            "SELECT (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE pid <> pg_catalog.pg_backend_pid() "
            + $"AND (pg_catalog.age(backend_xid) > pg_catalog.age('{number}'::xid) OR ((datid IS NULL OR datname = pg_catalog.current_database()) "
            + $"AND pg_catalog.age(backend_xmin) > pg_catalog.age('{number}'::xid)))) "
            + $"+ (SELECT count(*) FROM pg_catalog.pg_prepared_xacts WHERE pg_catalog.age(transaction) > pg_catalog.age('{number}'::xid)) "
            + $"+ (SELECT count(*) FROM pg_catalog.pg_replication_slots WHERE pg_catalog.age(xmin) > pg_catalog.age('{number}'::xid))";
        long start = Stopwatch.GetTimestamp();
        while ((long)Scalar(connection, older)! > 0)
        {
            if (Stopwatch.GetElapsedTime(start) >= patience)
            {
                return false;
            }

            Thread.Sleep(10);
        }

        return true;
    }

    private static bool Rewrite(NpgsqlConnection connection, PostgreSqlPlace place, string table)
    {
        // A role that does not own the table gets a warning and no rewriting; only the file's number tells.
        string file = $"SELECT pg_catalog.pg_relation_filenode('{place.TablePrefix}{table}'::regclass)::bigint";
        long before = (long)Scalar(connection, file)!;
        try
        {
            using NpgsqlCommand vacuum = new($"VACUUM (FULL) {place.TablePrefix}{table}", connection) { CommandTimeout = 0 };
            vacuum.ExecuteNonQuery();
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            return false;
        }

        return (long)Scalar(connection, file)! != before;
    }

    private static object? Scalar(NpgsqlConnection connection, string sql)
    {
        using NpgsqlCommand command = new(sql, connection);
        return command.ExecuteScalar();
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using NpgsqlCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }
}
