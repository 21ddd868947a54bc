namespace OpenLedger.Datanets.Schemas;

/// <summary>Changes of a field's kind that lose nothing.</summary>
public enum FieldConversion
{
    /// <summary>A number becomes its shortest decimal text, as in canonical JSON.</summary>
    NumberToText,

    /// <summary>True and false become the texts <c>true</c> and <c>false</c>.</summary>
    BooleanToText,

    /// <summary>A value becomes a list of one.</summary>
    WrapInList,
}
