using OpenLedger.Datanets.Storage;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Storage;

public sealed class SqliteConformanceTests : DatanetStoreConformance
{
    private readonly TemporaryFolder _folder = new();

    protected override IDatanetStore Open() => SqliteDatanetStore.OpenFile(_folder.File("store.db"));

    protected override void Close() => _folder.Dispose();
}
