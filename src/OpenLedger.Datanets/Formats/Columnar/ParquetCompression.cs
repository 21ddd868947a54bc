namespace OpenLedger.Datanets.Formats;

/// <summary>How <see cref="ParquetRowWriter"/> compresses pages.</summary>
public enum ParquetCompression
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Snappy: fast, and what Hugging Face writes.</summary>
    Snappy = 1,

    /// <summary>Zstandard: smaller.</summary>
    Zstandard = 2,
}
