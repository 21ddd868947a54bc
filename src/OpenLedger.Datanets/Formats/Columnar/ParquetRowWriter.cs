using System.Text;
using System.Text.Json;
using Parquet;

namespace OpenLedger.Datanets.Formats;

/// <summary>Writes Parquet files that pyarrow, pandas and Hugging Face datasets read.</summary>
/// <remarks>
/// Every column may be null. The layout is kept in the file's metadata under <see cref="LayoutKey"/>, so that <see cref="ParquetRowReader"/> gives
/// back the same rows: missing members are missing again, and columns of mixed kinds, which other readers see as JSON text, are values again.
/// Not safe for concurrent use.
/// </remarks>
public sealed class ParquetRowWriter : IRowWriter
{
    /// <summary>The key of the layout in the file's metadata.</summary>
    public const string LayoutKey = "openledger.layout";

    private readonly Stream _stream;
    private readonly RowLayout _layout;
    private readonly ParquetWriterOptions _options;
    private readonly bool _leaveOpen;
    private readonly ParquetShredder _shredder;
    private ParquetWriter? _writer;
    private bool _isComplete;

    /// <summary>Creates a writer.</summary>
    /// <param name="stream">A writable stream that knows its position.</param>
    /// <param name="layout">The columns; see <see cref="RowLayout.Infer"/>.</param>
    /// <param name="options">Compression and size of row groups, or <see langword="null"/> for the defaults.</param>
    /// <param name="leaveOpen"><see langword="true"/> to leave the stream open when the writer is disposed.</param>
    /// <exception cref="ArgumentException">The stream is not writable, or an option is outside its range.</exception>
    public ParquetRowWriter(Stream stream, RowLayout layout, ParquetWriterOptions? options = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(layout);
        if (!stream.CanWrite || !stream.CanSeek)
        {
            throw new ArgumentException("The stream is not writable or does not know its position.", nameof(stream));
        }

        _options = options ?? new ParquetWriterOptions();
        _options.Validate();
        _stream = stream;
        _layout = layout;
        _leaveOpen = leaveOpen;
        _shredder = new ParquetShredder(layout);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(JsonElement row, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        _shredder.Add(row);
        if (_shredder.RowCount >= _options.RowGroupRows)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        _isComplete = true;
        if (_shredder.RowCount > 0 || _writer is null)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        await _writer!.DisposeAsync().ConfigureAwait(false); // the library writes the footer when it is disposed, so not before
        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isComplete = true;
        if (!_leaveOpen)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _writer ??= await CreateAsync(cancellationToken).ConfigureAwait(false);
        await _shredder.WriteAsync(_writer, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ParquetWriter> CreateAsync(CancellationToken cancellationToken)
    {
        ParquetOptions options = new()
        {
            CompressionMethod = _options.Compression switch
            {
                ParquetCompression.None => CompressionMethod.None,
                ParquetCompression.Snappy => CompressionMethod.Snappy,
                _ => CompressionMethod.Zstd,
            },
            CompressionLevel = System.IO.Compression.CompressionLevel.Optimal,
        };
        ParquetWriter writer = await ParquetWriter.CreateAsync(_shredder.Schema, _stream, options, append: false, cancellationToken).ConfigureAwait(false);
        writer.CustomMetadata = new Dictionary<string, string> { [LayoutKey] = Encoding.UTF8.GetString(_layout.ToJson()) };
        return writer;
    }
}
