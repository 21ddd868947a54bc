namespace OpenLedger.Datanets.Schemas;

/// <summary>Why a record does not fit a schema. Names and numbers are stable: programs and stored results may rely on them.</summary>
public enum SchemaFaultCode
{
    /// <summary>The record is not a JSON object.</summary>
    NotAnObject = 1,

    /// <summary>No variant of the schema fits; the faults that follow are those of the closest variant.</summary>
    NoVariantMatches = 2,

    /// <summary>More than one variant fits, so that the meaning of the record is open.</summary>
    SeveralVariantsMatch = 3,

    /// <summary>A required field is absent.</summary>
    MissingField = 4,

    /// <summary>The record holds a field that the schema does not name.</summary>
    UnexpectedField = 5,

    /// <summary>A value has another JSON type than the field.</summary>
    WrongType = 6,

    /// <summary>A text has too few characters (Unicode code points).</summary>
    TextTooShort = 7,

    /// <summary>A text has too many characters (Unicode code points).</summary>
    TextTooLong = 8,

    /// <summary>A number is below the minimum.</summary>
    NumberTooSmall = 9,

    /// <summary>A number is above the maximum.</summary>
    NumberTooLarge = 10,

    /// <summary>A number has a fraction where an integer is required.</summary>
    NotAnInteger = 11,

    /// <summary>A text is none of the values of an enumeration.</summary>
    NotInEnumeration = 12,

    /// <summary>A list has too few items.</summary>
    ListTooShort = 13,

    /// <summary>A list has too many items.</summary>
    ListTooLong = 14,

    /// <summary>More faults were found than are listed.</summary>
    TooManyFaults = 15,

    /// <summary>A member name occurs twice in one object.</summary>
    RepeatedField = 16,
}
