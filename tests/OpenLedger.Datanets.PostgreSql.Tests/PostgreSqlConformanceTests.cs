using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Storage;

namespace OpenLedger.Datanets.PostgreSql.Tests;

public sealed class PostgreSqlConformanceTests : DatanetStoreConformance
{
    private readonly PostgreSqlDatanetStoreOptions _options;

    public PostgreSqlConformanceTests(SharedServer server) => _options = server.Require().NewStore();

    protected override IDatanetStore Open() => PostgreSqlDatanetStore.Open(_options);

    protected override void Close()
    {
    }
}
