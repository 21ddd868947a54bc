namespace OpenLedger.Datanets.PostgreSql.Tests;

public class PostgreSqlDatanetStoreOptionsTests
{
    private const string Secret = "correct-horse";

    [Fact]
    public void Validate_EveryFault_IsNamedAtOnce()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new PostgreSqlDatanetStoreOptions
        {
            ConnectionString = " ",
            Schema = "Open Ledger",
            LockTimeout = TimeSpan.Zero,
            CommandTimeout = TimeSpan.FromHours(2),
        }.Validate());
        Assert.Equal(
            "ConnectionString is empty; name at least Host, Username and Database. "
            + "Schema is 'Open Ledger'; it must be 1 to 63 characters a-z 0-9 _, the first no digit, not beginning with pg_. "
            + "LockTimeout is 00:00:00; it must be from 10 milliseconds to 1 hour. "
            + "CommandTimeout is 02:00:00; it must be from 1 second to 1 hour.",
            exception.Message);
    }

    [Theory]
    [InlineData("Host=h;Pasword=" + Secret)]
    [InlineData("Host=h;Port=" + Secret)]
    [InlineData("Host=h;Password='" + Secret)]
    [InlineData("Host=h;" + Secret)]
    [InlineData("Password=" + Secret)]
    public void Validate_UnreadableConnectionString_IsNotRepeated(string connectionString)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new PostgreSqlDatanetStoreOptions { ConnectionString = connectionString }.Validate());
        Assert.StartsWith("ConnectionString ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("pg_x")]
    [InlineData("a\"b")]
    [InlineData("a-b")]
    [InlineData("é")]
    public void Validate_IllegalSchema_IsRefused(string schema) =>
        Assert.Throws<ArgumentException>(() => new PostgreSqlDatanetStoreOptions { ConnectionString = "Host=h", Schema = schema }.Validate());

    [Fact]
    public void ToString_LeavesTheConnectionStringOut()
    {
        PostgreSqlDatanetStoreOptions options = new() { ConnectionString = $"Host=h;Password={Secret}" };
        options.Validate();
        Assert.Equal(
            "PostgreSqlDatanetStoreOptions { Schema = openledger, LockTimeout = 00:00:05, CommandTimeout = 00:00:30 }", options.ToString());
    }
}
