namespace OpenLedger.Datanets.Formats;

/// <summary>What a double quote means in a delimited file.</summary>
public enum CsvQuoting
{
    /// <summary>
    /// RFC 4180: a cell that begins with a quote ends at the next single quote; two quotes inside are one. A quote elsewhere is itself.
    /// </summary>
    Rfc4180 = 0,

    /// <summary>A quote is itself everywhere, as in most tab-separated corpora; a cell can hold neither delimiter nor line break.</summary>
    None = 1,
}
