using System.Text.Encodings.Web;
using System.Text.Json;

namespace PayableAi.Reporting;

/// <summary>Writes and reads <c>result.json</c>: UTF-8 without a mark, indented by two, LF, camelCase keys.</summary>
/// <remarks>Safe to call from several threads for different paths.</remarks>
public static class RunResultFile
{
    /// <summary>Larger files are refused before they are read. A real result has about 100 KiB.</summary>
    public const long MaximumBytes = 64L * 1024 * 1024;

    // The file is data, never pasted into a page, so apostrophes and umlauts may stay readable.
    private static readonly RunResultJson Json = new(new JsonSerializerOptions(RunResultJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The text of the file, ending with a line feed.</summary>
    /// <param name="result">What to write.</param>
    /// <exception cref="ArgumentException">The result contradicts itself; the message lists every fault.</exception>
    public static string ToJson(RunResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        RunResultRules.Require(result, nameof(result));
        return JsonSerializer.Serialize(result, Json.RunResult) + "\n";
    }

    /// <summary>Writes the file atomically: a reader sees the old file or the whole new one.</summary>
    /// <param name="path">The file; its folder is created where it is missing.</param>
    /// <param name="result">What to write.</param>
    /// <exception cref="ArgumentException">The result contradicts itself; nothing is written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, RunResult result)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.WriteText(path, ToJson(result));
    }

    /// <summary>Reads a file that <see cref="Write"/> wrote; unknown keys are ignored.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is too large, no JSON, lacks a key, or contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RunResult Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > MaximumBytes)
        {
            throw new InvalidDataException($"{path}: {stream.Length} bytes are more than the {MaximumBytes} a result may have.");
        }

        RunResult? result;
        try
        {
            result = JsonSerializer.Deserialize(stream, Json.RunResult);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}: not a result: {exception.Message}", exception);
        }

        IReadOnlyList<string> faults = result is null ? ["the file holds null."] : RunResultRules.Faults(result);
        return faults.Count == 0 ? result! : throw new InvalidDataException($"{path}: {string.Join(' ', faults)}");
    }
}
