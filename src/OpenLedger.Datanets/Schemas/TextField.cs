using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Schemas;

/// <summary>Text whose length is counted in Unicode code points, with an optional pattern for the whole text.</summary>
public sealed class TextField : FieldType
{
    /// <summary>Longest pattern in UTF-16 code units.</summary>
    public const int MaxPatternLength = TextPattern.MaxPatternLength;

    private readonly TextPattern? _pattern;

    /// <summary>Creates the type.</summary>
    /// <param name="minLength">Fewest code points; 0 or more.</param>
    /// <param name="maxLength">Most code points; at least <paramref name="minLength"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is negative, or they are the wrong way round.</exception>
    public TextField(int minLength, int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, minLength);
        MinLength = minLength;
        MaxLength = maxLength;
    }

    /// <summary>Creates the type with a pattern.</summary>
    /// <param name="minLength">Fewest code points; 0 or more.</param>
    /// <param name="maxLength">Most code points; at least <paramref name="minLength"/>.</param>
    /// <param name="pattern">
    /// What the whole text must match, in the I-Regexp dialect (RFC 9485): no anchors, no back-references, no look-around, no
    /// <c>\d</c>. At most <see cref="MaxPatternLength"/> characters and 1,000 automaton positions with counted repetitions unrolled;
    /// positions times <paramref name="maxLength"/> at most 20 million, which bounds the work of one check.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is negative, or they are the wrong way round.</exception>
    /// <exception cref="ArgumentException">The pattern is not of that dialect or too costly; the message says where.</exception>
    public TextField(int minLength, int maxLength, string pattern)
        : this(minLength, maxLength)
    {
        _pattern = TextPattern.Parse(pattern);
        if ((long)_pattern.Positions * maxLength > TextPattern.MaxWork)
        {
            throw new ArgumentException(
                $"A pattern of {_pattern.Positions} positions over {maxLength} characters is too much work; lower the longest length to {TextPattern.MaxWork / _pattern.Positions}.",
                nameof(pattern));
        }
    }

    /// <summary>Fewest code points.</summary>
    public int MinLength { get; }

    /// <summary>Most code points.</summary>
    public int MaxLength { get; }

    /// <summary>What the whole text must match, or <see langword="null"/>.</summary>
    public string? Pattern => _pattern?.Text;

    internal string? EcmaScriptPattern => _pattern?.EcmaScript;

    internal override string Kind => "text";

    internal override void Describe(JsonObject document)
    {
        document["minLength"] = MinLength;
        document["maxLength"] = MaxLength;
        if (_pattern is not null)
        {
            document["pattern"] = _pattern.Text;
        }
    }

    internal override void Validate(JsonElement value, string path, FaultList faults)
    {
        string range = $"text of {MinLength} to {MaxLength} characters";
        if (value.ValueKind != JsonValueKind.String)
        {
            faults.Add(SchemaFaultCode.WrongType, path, value, range);
            return;
        }

        string text = CanonicalJson.Text(value);
        int length = CodePoints(text);
        if (length < MinLength)
        {
            faults.Add(SchemaFaultCode.TextTooShort, path, $"{length} characters", range);
        }
        else if (length > MaxLength)
        {
            faults.Add(SchemaFaultCode.TextTooLong, path, $"{length} characters", range);
        }
        else if (_pattern is not null && !_pattern.IsMatch(text))
        {
            faults.Add(SchemaFaultCode.TextPatternMismatch, path, value, $"text that matches {_pattern.Text}");
        }
    }

    /// <summary>Length in Unicode code points of text without half surrogate pairs.</summary>
    internal static int CodePoints(string text)
    {
        int length = 0;
        foreach (char character in text)
        {
            length += char.IsLowSurrogate(character) ? 0 : 1;
        }

        return length;
    }
}
