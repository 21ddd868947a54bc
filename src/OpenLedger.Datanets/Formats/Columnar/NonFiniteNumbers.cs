namespace OpenLedger.Datanets.Formats;

/// <summary>What becomes of NaN and the infinities, which JSON does not have.</summary>
public enum NonFiniteNumbers
{
    /// <summary>The file is refused with <see cref="DatanetError.InvalidColumnarFile"/>.</summary>
    Refuse = 0,

    /// <summary>They become null.</summary>
    Null = 1,
}
