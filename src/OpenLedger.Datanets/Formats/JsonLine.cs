using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>One value of a JSON Lines file.</summary>
public sealed class JsonLine
{
    internal JsonLine(string sourceName, long lineNumber, long bytePosition, ReadOnlyMemory<byte> utf8, JsonElement value)
    {
        SourceName = sourceName;
        LineNumber = lineNumber;
        BytePosition = bytePosition;
        Utf8 = utf8;
        Value = value;
    }

    /// <summary>The file's name as the caller gave it.</summary>
    public string SourceName { get; }

    /// <summary>1-based line; blank lines count.</summary>
    public long LineNumber { get; }

    /// <summary>0-based byte of the file at which the line begins.</summary>
    public long BytePosition { get; }

    /// <summary>The line without its line break.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>The parsed value; it stays valid.</summary>
    public JsonElement Value { get; }

    /// <summary>File and line for messages, for example <c>facts.jsonl:12</c>.</summary>
    public string Position => FormattableString.Invariant($"{SourceName}:{LineNumber}");
}
