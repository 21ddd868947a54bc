using OpenLedger.Datanets.Validation;

namespace OpenLedger.Datanets.Privacy;

/// <summary>Personal data or a secret found in a record.</summary>
/// <remarks>Holds no value, so that it can be logged. Immutable.</remarks>
public sealed class PersonalDataFinding
{
    private readonly TextPath _path;

    internal PersonalDataFinding(TextPath path, PersonalDataSpan span)
    {
        _path = path;
        Span = span;
    }

    /// <summary>Where the text stands, as in validation reports: <c>$.messages[0].content</c>, names cut to 40 characters. Made at each call.</summary>
    public string Path => _path.ToString();

    /// <summary>The place inside the unescaped text.</summary>
    public PersonalDataSpan Span { get; }

    /// <summary>One line for people.</summary>
    public override string ToString() => $"{Span.Entity.Code} at {Path}: {Span.Why}";
}
