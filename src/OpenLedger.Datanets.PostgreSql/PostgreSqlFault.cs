using Npgsql;

namespace OpenLedger.Datanets.PostgreSql;

/// <summary>Turns the faults of PostgreSQL, and of the way to it, into the one exception of the datanet package.</summary>
internal static class PostgreSqlFault
{
    public static T Guard<T>(string name, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (NpgsqlException exception)
        {
            throw Translate(name, exception);
        }
    }

    public static DatanetException Lost(string name, Exception? cause = null) =>
        new(DatanetError.StoreUnavailable, $"{name}: the connection was lost; try again.", cause);

    public static DatanetException Locked(string name, Exception? cause = null) =>
        new(DatanetError.StoreLocked, $"{name} is in use by another writer; try again, or wait longer (LockTimeout).", cause);

    public static DatanetException Translate(string name, NpgsqlException exception)
    {
        // Npgsql's texts name host, user and database, never the password; details, which could quote rows, are switched off.
        (DatanetError error, string text) = Classify(exception);
        return new DatanetException(error, $"{name} {text} ({exception.Message}).", exception);
    }

    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static (DatanetError Error, string Text) Classify(NpgsqlException exception) => exception.SqlState switch
    {
        null when exception.InnerException is TimeoutException => (DatanetError.StoreUnavailable, "did not answer in time"),
        null => (DatanetError.StoreUnavailable, "cannot be reached"),
        "55P03" or "40P01" or "40001" => (DatanetError.StoreLocked, "is in use by another writer; try again, or wait longer (LockTimeout)"),
        "53100" => (DatanetError.StoreFull, "cannot grow: the server's disk is full"),
        "54000" => (DatanetError.LimitExceeded, "cannot hold a value of this size"),
        "57014" => (DatanetError.StoreUnavailable, "took longer than the server or CommandTimeout allows"),
        "25006" => (DatanetError.StoreUnavailable, "is read-only; connect to the primary server"),
        "42501" => (DatanetError.StoreUnavailable, "may not be used by this role; grant it the schema and its tables"),
        "3D000" => (DatanetError.StoreUnavailable, "does not exist: create the database first"),
        "42P01" or "42703" or "42804" or "3F000" or "42883" => (DatanetError.StoreCorrupt, "lacks a table or column, or has another; restore it from a backup"),
        "25P02" => (DatanetError.StoreCorrupt, "refused an earlier statement of this work, which cannot go on"),
        string state => state[..2] switch
        {
            "08" or "53" or "57" or "58" or "25" => (DatanetError.StoreUnavailable, "cannot be used now"),
            "28" => (DatanetError.StoreUnavailable, "does not let this user in; check name, password and pg_hba.conf"),
            "23" or "22" or "XX" => (DatanetError.StoreCorrupt, "is damaged, or was given what contradicts it"),
            _ => (DatanetError.StoreCorrupt, "cannot be used"),
        },
    };
}
