using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation;

/// <summary>One text of a record and where it stands. Belongs to one validation; not safe for concurrent use.</summary>
public sealed class RecordText
{
    private readonly TextPath _path;
    private TextAnalysis? _analysis;

    internal RecordText(TextPath path, string value)
    {
        _path = path;
        Value = value;
    }

    /// <summary>The text: well-formed UTF-16. A number or a boolean in a field that is asked for text stands here as JSON writes it.</summary>
    public string Value { get; }

    /// <summary>Where the text stands, as a JSON path, for example <c>$.messages[2].content</c>; each name is cut to 40 characters.</summary>
    public string Path => _path.ToString();

    /// <summary>Words, lines and the like, computed once for all rules.</summary>
    internal TextAnalysis Analysis => _analysis ??= new TextAnalysis(Value);
}
