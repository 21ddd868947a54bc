namespace OpenLedger.Datanets.Formats;

/// <summary>What happens to a row with another number of cells than the header.</summary>
public enum CsvRaggedRows
{
    /// <summary>The file is refused with <see cref="DatanetError.InvalidCsv"/>.</summary>
    Refuse = 0,

    /// <summary>The members of missing cells are left out; more cells than columns are refused.</summary>
    FillShort = 1,

    /// <summary>The members of missing cells are left out, and cells beyond the last column are dropped.</summary>
    FillShortCutLong = 2,
}
