using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>Writes JSON Lines: one JSON object per line, UTF-8 without a byte order mark, lines ended by LF.</summary>
/// <remarks>What it writes <see cref="JsonLinesReader"/> reads back as equal values. Not safe for concurrent use.</remarks>
public sealed class JsonLinesWriter : IRowWriter
{
    private const int FlushLength = 64 << 10;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushLength);
    private readonly Utf8JsonWriter _json;
    private bool _isComplete;

    /// <summary>Creates a writer.</summary>
    /// <param name="stream">A writable stream; written from where it stands.</param>
    /// <param name="leaveOpen"><see langword="true"/> to leave the stream open when the writer is disposed.</param>
    /// <exception cref="ArgumentException">The stream is not writable.</exception>
    public JsonLinesWriter(Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanWrite)
        {
            throw new ArgumentException("The stream is not writable.", nameof(stream));
        }

        _stream = stream;
        _leaveOpen = leaveOpen;
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(JsonElement row, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        RowFault.ThrowIfNotAnObject(row);
        row.WriteTo(_json);
        _json.Flush();
        _json.Reset();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FlushLength)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        _isComplete = true;
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isComplete = true;
        await _json.DisposeAsync().ConfigureAwait(false);
        if (!_leaveOpen)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(_buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
        _buffer.ResetWrittenCount();
    }
}
