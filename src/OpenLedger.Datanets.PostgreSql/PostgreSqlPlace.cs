namespace OpenLedger.Datanets.PostgreSql;

/// <summary>Which store, and how long to wait for it.</summary>
/// <param name="Name">How messages call the store.</param>
/// <param name="Schema">The schema with its tables.</param>
/// <param name="LockTimeout">How long to wait for others.</param>
/// <param name="CommandSeconds">How long a statement may take.</param>
internal sealed record PostgreSqlPlace(string Name, string Schema, TimeSpan LockTimeout, int CommandSeconds)
{
    public string TablePrefix { get; } = $"\"{Schema}\".";

    public long LockNumber { get; } = PostgreSqlSchema.LockOf(Schema);
}
