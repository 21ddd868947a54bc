namespace OpenLedger.Datanets.Access;

/// <summary>What a requester says about the use.</summary>
public sealed record AccessApplication
{
    /// <summary>Longest text in UTF-16 code units.</summary>
    public const int MaxTextLength = 4000;

    /// <summary>What for; one of the purposes the terms allow.</summary>
    public required AccessPurpose Purpose { get; init; }

    /// <summary>What for, in the requester's words, at most <see cref="MaxTextLength"/> characters.</summary>
    /// <value>Empty.</value>
    public string Text { get; init; } = "";

    /// <summary>The answers to the form by field name.</summary>
    /// <value>None.</value>
    public IReadOnlyDictionary<string, string> Answers { get; init; } = new Dictionary<string, string>();
}
