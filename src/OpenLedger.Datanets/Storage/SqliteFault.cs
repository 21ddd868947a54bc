using Microsoft.Data.Sqlite;

namespace OpenLedger.Datanets.Storage;

/// <summary>Turns the faults of SQLite into the one exception of this package.</summary>
internal static class SqliteFault
{
    // Result codes of sqlite3.h.
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int NotADatabase = 26;

    public static T Guard<T>(string name, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException exception)
        {
            throw Translate(name, exception);
        }
    }

    private static DatanetException Translate(string name, SqliteException exception)
    {
        (DatanetError error, string text) = exception.SqliteErrorCode switch
        {
            Busy or Locked => (DatanetError.StoreLocked, "is in use by another process; close it there or try again"),
            Corrupt or Constraint or Mismatch => (DatanetError.StoreCorrupt, "is damaged; restore it from a copy"),
            Full => (DatanetError.StoreFull, "cannot grow: the disk, or the size it is limited to, is full"),
            NotADatabase => (DatanetError.NotADatanetStore, "is not a datanet store"),
            CannotOpen => (DatanetError.StoreUnavailable, "cannot be opened; check that the folder exists and may be written"),
            ReadOnly or Permission => (DatanetError.StoreUnavailable, "may not be written; check its permissions"),
            InputOutput => (DatanetError.StoreUnavailable, "cannot be read or written; check the disk"),
            TooBig => (DatanetError.LimitExceeded, "cannot hold a value of this size"),
            _ => (DatanetError.StoreCorrupt, "cannot be used"),
        };
        return new DatanetException(error, $"'{name}' {text} ({exception.Message}).", exception);
    }
}
