using System.Diagnostics;
using System.Globalization;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.PostgreSql.Tests;

public sealed class PostgreSqlThroughputTests
{
    private const int Contributions = 3;
    private const int Records = 4_000;

    [Fact]
    public void Submit_RecordsOf1Kb_TakesThisLong()
    {
        using PostgreSqlServer own = PostgreSqlServer.Start(isDurable: true);
        using TemporaryFolder folder = new();
        Contribution[] given = [.. Enumerable.Range(0, Contributions).Select(c =>
            DatanetBench.Give(Enumerable.Range(0, Records).Select(i => $"{c} {i} " + new string('x', 980))))];
        using SqliteDatanetStore sqlite = SqliteDatanetStore.OpenFile(folder.File("store.db"));
        using PostgreSqlDatanetStore postgres = PostgreSqlDatanetStore.Open(own.NewStore());
        foreach (IDatanetStore store in (IDatanetStore[])[sqlite, postgres])
        {
            Datanet datanet = DatanetBench.Open(store);
            string[] seconds = [.. given.Select(contribution =>
            {
                long start = Stopwatch.GetTimestamp();
                Assert.Equal(Records, datanet.Submit(contribution).AcceptedCount);
                return Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);
            })];
            TestContext.Current.TestOutputHelper!.WriteLine($"{store.GetType().Name}: {Records} records of 1 kB in {string.Join(", ", seconds)} s");
        }
    }
}
