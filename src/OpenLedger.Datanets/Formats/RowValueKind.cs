namespace OpenLedger.Datanets.Formats;

/// <summary>What the values of a column are.</summary>
public enum RowValueKind
{
    /// <summary>Text.</summary>
    Text = 0,

    /// <summary>An integer of 64 bits.</summary>
    WholeNumber = 1,

    /// <summary>A number of 64 bits, binary floating point.</summary>
    Number = 2,

    /// <summary>True or false.</summary>
    Boolean = 3,

    /// <summary>An array whose elements are all of one kind.</summary>
    List = 4,

    /// <summary>An object with known members.</summary>
    Structure = 5,

    /// <summary>Anything: kept as JSON text, because the rows mix kinds or null and a missing member both occur.</summary>
    Json = 6,
}
