using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>Writes rows to a file in whatever format.</summary>
/// <remarks>
/// The file is whole only after <see cref="CompleteAsync"/>: disposing without it leaves what was written so far, which a reader of a format
/// with a footer refuses. Not safe for concurrent use.
/// </remarks>
public interface IRowWriter : IAsyncDisposable
{
    /// <summary>Writes a row.</summary>
    /// <param name="row">A JSON object.</param>
    /// <param name="cancellationToken">Ends the writing; the file is then unfinished.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.InvalidMapping"/>: the format has no place for the row or one of its members.</exception>
    /// <exception cref="InvalidOperationException">The writer is complete.</exception>
    ValueTask WriteAsync(JsonElement row, CancellationToken cancellationToken = default);

    /// <summary>Ends the file: footer and buffers are written.</summary>
    /// <param name="cancellationToken">Ends the writing; the file is then unfinished.</param>
    ValueTask CompleteAsync(CancellationToken cancellationToken = default);
}
