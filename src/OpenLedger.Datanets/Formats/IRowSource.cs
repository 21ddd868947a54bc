namespace OpenLedger.Datanets.Formats;

/// <summary>A file of rows in whatever format.</summary>
/// <remarks>Get one from <see cref="RowFiles.Open"/>, or implement it for a format of your own.</remarks>
public interface IRowSource
{
    /// <summary>The name for messages, usually the file's.</summary>
    string Name { get; }

    /// <summary>Reads the rows while the sequence is walked; each walk opens the file anew.</summary>
    /// <param name="cancellationToken">Ends the walk between two rows.</param>
    /// <exception cref="DatanetException">While walking: the file is not what its format promises; the message names file and place.</exception>
    /// <exception cref="IOException">While walking: the file cannot be opened or read.</exception>
    IAsyncEnumerable<SourceRow> ReadAsync(CancellationToken cancellationToken = default);
}
