using System.Globalization;
using System.Text;
using Npgsql;

namespace OpenLedger.Datanets.PostgreSql;

/// <summary>How a <see cref="PostgreSqlDatanetStore"/> is opened. Its text form leaves out the connection string, which may hold a password.</summary>
public sealed record PostgreSqlDatanetStoreOptions
{
    private const int MaxSchemaLength = 63; // longer names are cut by PostgreSQL without a word

    /// <summary>Where the database is, as Npgsql reads it: <c>Host=…;Username=…;Password=…;Database=…</c>.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The schema that holds the store's tables, and nothing else; created when absent.</summary>
    /// <value><c>openledger</c>; 1 to 63 characters <c>a-z 0-9 _</c>, the first no digit, not beginning with <c>pg_</c>.</value>
    public string Schema { get; init; } = "openledger";

    /// <summary>How long to wait for another writer, and after an erasure for readers of the old state.</summary>
    /// <value>Five seconds; 10 milliseconds to 1 hour.</value>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one statement may take, waiting for locks not counted; an erasure's rewriting of tables is not limited.</summary>
    /// <value>30 seconds; 1 second to 1 hour.</value>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Throws when a value is illegal, naming every fault; never repeats the connection string.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        CheckConnectionString(faults);
        if (!IsSchema(Schema))
        {
            faults.Add($"{nameof(Schema)} is '{Schema}'; it must be 1 to {MaxSchemaLength} characters a-z 0-9 _, the first no digit, not beginning with pg_.");
        }

        if (LockTimeout < TimeSpan.FromMilliseconds(10) || LockTimeout > TimeSpan.FromHours(1))
        {
            faults.Add($"{nameof(LockTimeout)} is {LockTimeout}; it must be from 10 milliseconds to 1 hour.");
        }

        if (CommandTimeout < TimeSpan.FromSeconds(1) || CommandTimeout > TimeSpan.FromHours(1))
        {
            faults.Add($"{nameof(CommandTimeout)} is {CommandTimeout}; it must be from 1 second to 1 hour.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }

    private void CheckConnectionString(List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(ConnectionString))
        {
            faults.Add($"{nameof(ConnectionString)} is empty; name at least Host, Username and Database.");
            return;
        }

        try
        {
            if (string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(ConnectionString).Host))
            {
                faults.Add($"{nameof(ConnectionString)} names no Host.");
            }
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // The parser's own words may quote a value; what is misspelt may be the password.
            faults.Add($"{nameof(ConnectionString)} cannot be read; write key=value pairs as Npgsql knows them, values with ; or = in quotes.");
        }
    }

    private static bool IsSchema(string? name) =>
        name is { Length: >= 1 and <= MaxSchemaLength }
        && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
        && !name.StartsWith("pg_", StringComparison.Ordinal);

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"Schema = {Schema}, LockTimeout = {LockTimeout}, CommandTimeout = {CommandTimeout}");
        return true;
    }
}
