namespace OpenLedger.Datanets.Formats;

/// <summary>How a file of rows is read.</summary>
public enum RowFileFormat
{
    /// <summary>JSON Lines: <c>.jsonl</c>, <c>.ndjson</c>.</summary>
    JsonLines = 0,

    /// <summary>A JSON array or object: <c>.json</c>.</summary>
    Json = 1,

    /// <summary>Comma-separated: <c>.csv</c>.</summary>
    Csv = 2,

    /// <summary>Tab-separated without quoting: <c>.tsv</c>, <c>.tab</c>.</summary>
    Tsv = 3,

    /// <summary>Parquet: <c>.parquet</c>.</summary>
    Parquet = 4,

    /// <summary>Arrow IPC file or stream: <c>.arrow</c>, <c>.feather</c>, <c>.ipc</c>, <c>.arrows</c>.</summary>
    Arrow = 5,

    /// <summary>A document that a <see cref="IRowExtractor"/> reads.</summary>
    Document = 6,
}
