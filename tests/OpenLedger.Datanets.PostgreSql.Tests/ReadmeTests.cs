using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.PostgreSql.Tests;

public sealed class ReadmeTests(SharedServer server)
{
    [Fact]
    public void I_can_run_the_example()
    {
        DatanetSchema schema = new SchemaBuilder("facts").Variant("prose", variant => variant.Required("text", new TextField(1, 50))).Build();
        Assert.Equal("harbour-facts", Example(server.Require().ConnectionString, DatanetBench.Alice.Contributor, schema, KeyedSigner.Verifier));
    }

    [Fact]
    public void Readme_Example_IsTheOneThatRuns()
    {
        string source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "OpenLedger.Datanets.PostgreSql.Tests", "ReadmeTests.cs"));
        string readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "OpenLedger.Datanets.PostgreSql", "README.md"));
        Assert.Equal(Lines(source, "// begin" + " example", "// end" + " example"), Lines(readme, "```csharp", "```"));
    }

    private static string Example(string connectionString, ContributorId owner, DatanetSchema schema, IContributionVerifier verifier)
    {
        // begin example
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(new PostgreSqlDatanetStoreOptions
        {
            ConnectionString = connectionString,       // Host=…;Username=…;Password=…;Database=…
            Schema = "openledger",                     // its tables are created on first use
            LockTimeout = TimeSpan.FromSeconds(30),    // how long to wait for another writer
        });
        Datanet datanet = Datanet.OpenOrCreate("harbour-facts", owner, schema, new DatanetOptions { Store = store, Verifier = verifier });
        // end example
        return datanet.Id;
    }

    private static string[] Lines(string text, string begin, string end)
    {
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return [.. text[from..text.IndexOf(end, from, StringComparison.Ordinal)].Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
    }
}
