using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Hosting;

/// <summary>Where datanets are kept.</summary>
public sealed class OpenLedgerDatanetsOptions
{
    /// <summary>The store's file, created when absent. Its folder must exist.</summary>
    /// <value><see langword="null"/>: in memory, until the service provider is disposed.</value>
    public string? StorePath { get; set; }

    /// <summary>How long to wait for another process that writes; see <see cref="SqliteDatanetStoreOptions.LockTimeout"/>.</summary>
    /// <value>Five seconds; 1 second to 1 hour.</value>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Most bytes of canonical payload in one contribution; see <see cref="DatanetOptions.MaxContributionBytes"/>.</summary>
    /// <value>5,000,000; 1 to 1,000,000,000.</value>
    public int MaxContributionBytes { get; set; } = 5_000_000;
}
