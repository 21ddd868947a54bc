using System.Globalization;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Schemas;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>A datanet in memory with a journal, a clock that is moved by hand, and some people.</summary>
internal sealed class JournalBench : IDisposable
{
    public const string Id = "facts";

    public JournalBench()
    {
        Datanet.Create(Id, Owner, DatanetSchemaTests.Facts, new() { Store = Store, Verifier = KeyedSigner.Verifier, TimeProvider = Clock });
        Journal = Open();
    }

    public static KeyedSigner OwnerKey { get; } = new("owner");

    public static ContributorId Owner => OwnerKey.Contributor;

    public SqliteDatanetStore Store { get; } = SqliteDatanetStore.OpenInMemory();

    public SteppingClock Clock { get; } = new();

    public DatanetJournal Journal { get; }

    public static ContributorId Person(string name) => new KeyedSigner(name).Contributor;

    public static ContributorId Person(int index) => Person(index.ToString(CultureInfo.InvariantCulture));

    public static RecordDigest Record(int index) => DatanetRecord.Parse($$"""{"text":"record {{index}}"}""").Digest;

    /// <summary>Another journal object over the same store, as another process would have.</summary>
    public DatanetJournal Open() => new(Id, Store, Clock);

    public void Dispose() => Store.Dispose();

    public static DatanetException Throws(DatanetError error, Action action)
    {
        DatanetException exception = Assert.Throws<DatanetException>(action);
        Assert.True(exception.Error == error, $"{exception.Error} instead of {error}: {exception.Message}");
        return exception;
    }
}
