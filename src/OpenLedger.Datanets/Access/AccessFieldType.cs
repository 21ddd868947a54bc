namespace OpenLedger.Datanets.Access;

/// <summary>What a field of an access form takes. Answers are text in every case.</summary>
public enum AccessFieldType
{
    /// <summary>Any text of one or more lines.</summary>
    Text = 1,

    /// <summary><c>true</c> or <c>false</c>; a required one must be <c>true</c>.</summary>
    Checkbox = 2,

    /// <summary>A day, <c>2030-01-31</c>.</summary>
    Date = 3,

    /// <summary>A country by its ISO 3166-1 alpha-2 code, <c>VN</c>.</summary>
    Country = 4,

    /// <summary>One of the field's choices.</summary>
    Select = 5,
}
