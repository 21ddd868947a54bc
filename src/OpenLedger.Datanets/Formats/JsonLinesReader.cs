using System.Text.Json;
using System.Text.Unicode;

namespace OpenLedger.Datanets.Formats;

/// <summary>Reads JSON Lines: one JSON value per line, UTF-8, lines ended by LF or CR LF.</summary>
/// <remarks>
/// A byte order mark at the beginning and blank lines are allowed. Everything else that is not a JSON value is an error which names
/// file, line and byte; nothing is skipped or repaired. Memory is bounded by the longest legal line. Safe for concurrent use.
/// </remarks>
public static class JsonLinesReader
{
    /// <summary>Reads a stream from where it stands.</summary>
    /// <param name="stream">A readable stream; read while the result is walked, not disposed.</param>
    /// <param name="sourceName">The name for messages, usually the file's.</param>
    /// <param name="options">The limits, or <see langword="null"/> for the defaults.</param>
    /// <returns>The values, read while the sequence is walked; it can be walked once.</returns>
    /// <exception cref="ArgumentException">The stream is not readable, or an option is outside its range.</exception>
    /// <exception cref="DatanetException">
    /// While walking: <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/> or
    /// <see cref="DatanetError.LimitExceeded"/>, with <see cref="DatanetException.LineNumber"/> and
    /// <see cref="DatanetException.BytePosition"/>.
    /// </exception>
    public static IEnumerable<JsonLine> Read(Stream stream, string sourceName, JsonLinesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(sourceName);
        if (!stream.CanRead)
        {
            throw new ArgumentException("The stream is not readable.", nameof(stream));
        }

        options ??= new JsonLinesOptions();
        options.Validate();
        return Walk(stream, sourceName, options);
    }

    /// <summary>Reads a file; it is open only while the sequence is walked.</summary>
    /// <param name="path">The file; its name without folders appears in messages.</param>
    /// <param name="options">The limits, or <see langword="null"/> for the defaults.</param>
    /// <returns>The values, read while the sequence is walked.</returns>
    /// <exception cref="ArgumentException">The path is empty, or an option is outside its range.</exception>
    /// <exception cref="IOException">While walking: the file cannot be opened or read.</exception>
    /// <exception cref="DatanetException">While walking; see <see cref="Read"/>.</exception>
    public static IEnumerable<JsonLine> ReadFile(string path, JsonLinesOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new JsonLinesOptions();
        options.Validate();
        return WalkFile(path, options);
    }

    private static IEnumerable<JsonLine> WalkFile(string path, JsonLinesOptions options)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1); // buffered below
        foreach (JsonLine line in Walk(stream, Path.GetFileName(path), options))
        {
            yield return line;
        }
    }

    private static IEnumerable<JsonLine> Walk(Stream stream, string sourceName, JsonLinesOptions options)
    {
        LineScanner scanner = new(sourceName, options);
        while (true)
        {
            while (scanner.TryRead(out LinePlace place))
            {
                yield return ParseLine(scanner.Bytes(place).Span, sourceName, place.LineNumber, place.BytePosition, options);
            }

            if (scanner.IsAtEnd)
            {
                yield break;
            }

            scanner.Filled(stream.Read(scanner.Room().Span));
        }
    }

    /// <summary>Parses a line that is not blank; its faults name file, line and byte.</summary>
    internal static JsonLine ParseLine(ReadOnlySpan<byte> line, string sourceName, long lineNumber, long position, JsonLinesOptions options)
    {
        if (!Utf8.IsValid(line))
        {
            throw Fault(DatanetError.InvalidUtf8, sourceName, lineNumber, position + ValidPrefix(line), "the bytes are not UTF-8");
        }

        try
        {
            JsonElement value = JsonElement.Parse(line, new JsonDocumentOptions { MaxDepth = options.MaxDepth, AllowDuplicateProperties = false });
            return new JsonLine(sourceName, lineNumber, position, line.ToArray(), value);
        }
        catch (JsonException exception)
        {
            throw Fault(
                DatanetError.InvalidJson, sourceName, lineNumber, position + (exception.BytePositionInLine ?? 0), Reason(exception), exception);
        }
        catch (InvalidOperationException exception) // the search for repeated names reads every name
        {
            throw Fault(DatanetError.InvalidJson, sourceName, lineNumber, position, "a name holds half a surrogate pair", exception);
        }
    }

    /// <summary>The parser's sentence without its own position, which counts from the beginning of the line.</summary>
    private static string Reason(JsonException exception)
    {
        string message = exception.Message;
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return "not a JSON value: " + (end < 0 ? message : message[..end]).TrimEnd('.', ' ');
    }

    private static int ValidPrefix(ReadOnlySpan<byte> line)
    {
        int valid = 0;
        while (valid < line.Length
            && System.Text.Rune.DecodeFromUtf8(line[valid..], out _, out int consumed) == System.Buffers.OperationStatus.Done)
        {
            valid += consumed;
        }

        return valid;
    }

    internal static DatanetException Fault(
        DatanetError error, string sourceName, long lineNumber, long bytePosition, string reason, Exception? cause = null) =>
        new(error, FormattableString.Invariant($"{sourceName}:{lineNumber}: {reason} (byte {bytePosition} of the file)."), cause)
        {
            LineNumber = lineNumber,
            BytePosition = bytePosition,
        };
}
