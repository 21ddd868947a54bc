namespace OpenLedger.Packaging.Tests;

/// <summary>Packing takes half a minute; all test classes share one feed.</summary>
[CollectionDefinition]
public sealed class SharedFeed : ICollectionFixture<PackedFamily>;
