namespace OpenLedger.Datanets.Formats;

/// <summary>What a <see cref="ColumnMapping"/> does with columns that it does not name.</summary>
public enum UnmappedColumns
{
    /// <summary>They are left out.</summary>
    Drop = 0,

    /// <summary>They keep their names.</summary>
    Keep = 1,

    /// <summary>They are an error.</summary>
    Refuse = 2,
}
