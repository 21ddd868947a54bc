namespace OpenLedger.Datanets.Schemas;

/// <summary>One reason why a record does not fit a schema.</summary>
public sealed record SchemaFault
{
    internal SchemaFault(SchemaFaultCode code, string path, string value, string expected)
    {
        Code = code;
        Path = path;
        Value = value;
        Expected = expected;
    }

    /// <summary>The stable reason.</summary>
    public SchemaFaultCode Code { get; }

    /// <summary>Where in the record, as a JSON path: <c>$</c> is the record, <c>$.tags[2]</c> the third tag.</summary>
    public string Path { get; }

    /// <summary>What was found there, cut to 80 characters; empty when nothing was.</summary>
    public string Value { get; }

    /// <summary>What is allowed there, with the legal range.</summary>
    public string Expected { get; }

    /// <summary>One line for people.</summary>
    public override string ToString() =>
        Value.Length == 0 ? $"{Path}: {Code}: expected {Expected}" : $"{Path}: {Code}: {Value}; expected {Expected}";
}
