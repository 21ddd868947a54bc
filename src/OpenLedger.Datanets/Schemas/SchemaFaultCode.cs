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

    /// <summary>A text does not match the pattern of its field.</summary>
    TextPatternMismatch = 17,

    /// <summary>A list that must hold each item once holds one twice.</summary>
    RepeatedItem = 18,

    /// <summary>Two neighbouring messages of a conversation have one role.</summary>
    RolesDoNotAlternate = 19,

    /// <summary>A message answers a tool call that nobody made before it.</summary>
    UnknownToolCall = 20,

    /// <summary>A SHA-256 or CID is malformed, or the two contradict each other.</summary>
    HashMalformed = 21,

    /// <summary>A media type is malformed or none of those allowed.</summary>
    MediaTypeNotAllowed = 22,

    /// <summary>A record of a schema with private fields has no salt, so that its public digest could be guessed.</summary>
    MissingSalt = 23,

    /// <summary>The salt of a record is not 16 bytes as unpadded base64url.</summary>
    MalformedSalt = 24,
}
